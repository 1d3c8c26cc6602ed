/** What an organiser may want to make of a hall that is on sale: small changes, of which many touch what they must not. */
import type { Chart, ChartRow, ChartSeat } from "../../durable-objects/performance/seats/chart.ts";
import type { Random } from "./random.ts";

type Rows = readonly ChartRow[];

/** The next chart; `number` makes the names of what is new unlike all earlier ones. */
export function someChart(random: Random, chart: Chart, number: number): Chart {
  const { sections, zones = [] } = chart;
  const section = random.pick(sections);
  const withRows = (rows: Rows): Chart => ({
    ...chart,
    sections: sections.map((one) => (one === section ? { ...section, rows } : one)),
  });
  const { rows } = section;
  const row = random.pick(rows);
  const one = random.below(row.seats.length);
  const inRow = (change: (seats: readonly ChartSeat[]) => readonly ChartSeat[]): Chart =>
    withRows(rows.map((other) => (other === row ? { ...row, seats: change(row.seats) } : other)));
  const oneSeat = (change: (seat: ChartSeat) => ChartSeat): Chart =>
    inRow((seats) => seats.map((seat, index) => (index === one ? change(seat) : seat)));
  const newSeats = (count: number): ChartSeat[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `n${number}s${index + 1}`,
      label: `${number}-${index + 1}`,
      grade: "B",
      x: index,
      y: 100 + number,
    }));
  switch (random.below(7)) {
    case 0: {
      // In front of all others: every position is another from here on.
      const front = { id: `n${number}`, name: `특별석 ${number}`, rows: [{ label: "1", seats: newSeats(2) }] };
      return sections.length > 3 ? chart : { ...chart, sections: [front, ...sections] };
    }
    case 1:
      return withRows(rows.toReversed());
    case 2:
      return inRow((seats) => [...newSeats(1), ...seats]);
    case 3:
      return inRow((seats) => (seats.length > 1 ? seats.filter((_, index) => index !== one) : seats));
    case 4:
      return oneSeat((seat) => ({ ...seat, label: `${seat.label}*` }));
    case 5:
      return oneSeat((seat) => ({ ...seat, grade: seat.grade === "A" ? "B" : "A" }));
    default: {
      const capacity = 2 + random.below(6);
      return { ...chart, zones: zones.map((zone) => ({ ...zone, capacity })) };
    }
  }
}

/** What a chart says of each place, by its id, apart from where it is in the list. */
export function describedPlaces({ sections, zones = [] }: Chart): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const section of sections)
    for (const row of section.rows)
      for (const { id, label, grade, x, y } of row.seats)
        said.set(id, `${section.name}/${row.label}/${label}/${grade}/${x}/${y}`);
  for (const { id, name, grade, capacity } of zones)
    for (let place = 1; place <= capacity; place++) said.set(`${id}.${place}`, `${name}/${grade}`);
  return said;
}
