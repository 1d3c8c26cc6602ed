/** Another chart for a date that sells: through the rules and the real storage code, with restarts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reply, SeatAction } from "../../durable-objects/performance/contract.ts";
import { SEAT, type Board } from "../../durable-objects/performance/seats/board.ts";
import { placeId, type Chart, type ChartSeat } from "../../durable-objects/performance/seats/chart.ts";
import { sameChart, touchedPlaces } from "../../durable-objects/performance/seats/chart-change.ts";
import { SeatNews } from "../../durable-objects/performance/seats/news.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { checkState, digest } from "../simulation/invariants.ts";
import { Customer, entry, member, Room } from "./room.ts";

/** Four rows of six, and a floor for five. */
const chart: Chart = {
  ...gridChart(4, 6),
  zones: [{ id: "F", name: "스탠딩", grade: "B", capacity: 5 }],
};

type Section = Chart["sections"][number];
type Row = Section["rows"][number];

function edited(from: Chart, edit: (row: Row) => Row): Chart {
  return { ...from, sections: from.sections.map((one) => ({ ...one, rows: one.rows.map(edit) })) };
}

const without = (from: Chart, ...ids: readonly string[]): Chart =>
  edited(from, (row) => ({ ...row, seats: row.seats.filter(({ id }) => !ids.includes(id)) }));
const withSeat = (from: Chart, id: string, change: Partial<ChartSeat>): Chart =>
  edited(from, (row) => ({
    ...row,
    seats: row.seats.map((seat) => (seat.id === id ? { ...seat, ...change } : seat)),
  }));
const before = (from: Chart, id: string, seat: ChartSeat): Chart =>
  edited(from, (row) => ({ ...row, seats: row.seats.flatMap((one) => (one.id === id ? [seat, one] : [one])) }));

const change = (room: Room, to: Chart): Reply =>
  room.operate({ do: "change-chart", scheduleId: SCHEDULE_ID, chart: to });

function refusal(reply: Reply): { readonly code: string; readonly evidence?: Readonly<Record<string, unknown>> } {
  if (reply.ok) throw new Error(`not refused: ${JSON.stringify(reply)}`);
  return reply.refusal;
}

function boardOf(room: Room): Board {
  const board = room.object.state.boards.get(SCHEDULE_ID);
  if (board === undefined) throw new Error("no board");
  return board;
}

function restarted(room: Room): void {
  const was = digest(room.object.state);
  room.object.restart();
  expect(digest(room.object.state)).toBe(was);
}

const open = (): Room => new Room({ bookingSeconds: 3_600, maxSeatsPerMember: 50 }, chart);

describe("a chart of a date on sale", () => {
  test("may change where nobody has a seat: held, sold and blocked places stay who they are, wherever they are in the list", () => {
    const room = open();
    const [ann, ben] = [new Customer(room, 1), new Customer(room, 2)];
    const hold = ann.hold("r2s3");
    const order = ben.order(ben.hold("r4s6"));
    ben.begin(order);
    ben.pay(order);
    room.operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "카메라", seats: ["r3s1"] } satisfies SeatAction);
    let next = without(chart, "r1s1", "r1s2", "r2s2");
    next = before(next, "r2s1", { id: "r2s0", label: "0", grade: "A", x: -1, y: 1 });
    next = { ...next, zones: [{ id: "F", name: "스탠딩", grade: "B", capacity: 8 }] };
    expect(change(room, next)).toMatchObject({ ok: true, kind: "chart", version: 2, places: 30 });
    const board = boardOf(room);
    const state = (id: string) => board.status[board.position(id) ?? -1];
    expect([state("r2s3"), state("r4s6"), state("r3s1"), state("r2s0")]).toEqual([
      SEAT.held,
      SEAT.sold,
      SEAT.blocked,
      SEAT.free,
    ]);
    expect(board.position("r1s1")).toBeNull();
    expect(board.freeInZone(0)).toBe(8);
    checkState(room.object.state, room.object.orders);
    restarted(room);
    expect(boardOf(room).plan.chart).toEqual(next);
    // What was held is still the member's, can be ordered, and a block can be freed.
    expect(ann.order(hold)).not.toBe("");
    expect(room.operate({ do: "unblock", block: 1 })).toMatchObject({ ok: true });
    expect(boardOf(room).status[boardOf(room).position("r3s1") ?? -1]).toBe(SEAT.free);
    expect(new Customer(room, 3).hold("r2s0")).not.toBe("");
  });

  test("is refused with every seat it may not touch, what it would do to it, and why; nothing changes", () => {
    const room = open();
    const [ann, ben, cem] = [new Customer(room, 1), new Customer(room, 2), new Customer(room, 3)];
    ann.hold("r1s1");
    const paid = ben.order(ben.hold("r1s2"));
    ben.begin(paid);
    ben.pay(paid);
    // An order that expired long ago names its seat for ever.
    cem.order(cem.hold("r1s3"));
    room.now += 500_000;
    room.object.execute([]);
    room.operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "카메라", seats: ["r1s4"] });
    const was = digest(room.object.state);
    let next = without(chart, "r1s4", "r4s1");
    next = withSeat(next, "r1s2", { x: 40 });
    next = withSeat(next, "r1s3", { label: "33" });
    // The hold of r1s1 has run out meanwhile, and left nothing.
    next = withSeat(next, "r1s1", { grade: "B" });
    expect(refusal(change(room, next))).toEqual({
      code: "chart-touches-seats",
      evidence: {
        count: 3,
        seats: [
          { id: "r1s2", change: "moved", because: "sold" },
          { id: "r1s4", change: "removed", because: "blocked" },
          { id: "r1s3", change: "renamed", because: "ordered" },
        ],
      },
    });
    expect(digest(room.object.state)).toBe(was);
    restarted(room);
  });

  test("needs a price for every grade, a date that takes place, and does nothing when it is what it was", () => {
    const room = open();
    expect(refusal(change(room, withSeat(chart, "r1s1", { grade: "VIP" })))).toEqual({
      code: "unknown-grade",
      evidence: { grade: "VIP" },
    });
    const elsewhere = { do: "change-chart", scheduleId: "00000000-0000-4000-8000-0000000000ff", chart } as const;
    expect(refusal(room.operate(elsewhere)).code).toBe("unknown-schedule");
    const shuffled = JSON.parse(JSON.stringify(chart), (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    ) as Chart;
    expect(sameChart(chart, shuffled)).toBe(true);
    const events = room.object.state.nextEvent;
    expect(change(room, shuffled)).toMatchObject({ ok: true, version: 1 });
    expect(room.object.state.nextEvent).toBe(events);
    room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "비" });
    expect(refusal(change(room, without(chart, "r1s1"))).code).toBe("schedule-cancelled");
  });

  test("says in the log what it did, and everybody who follows the seats takes a snapshot", () => {
    const room = open();
    const news = new SeatNews();
    new Customer(room, 1).hold("r2s2");
    news.note(room.object.state, room.object.lastChanges);
    const from = boardOf(room).version;
    change(room, without(chart, "r1s1"));
    expect(room.object.lastChanges.find((one) => one.kind === "event")?.event).toMatchObject({
      type: "operator-acted",
      action: "change-chart",
      detail: JSON.stringify({ scheduleId: SCHEDULE_ID, version: 2, places: 28, removed: 1, changed: 0, added: 0 }),
    });
    expect(news.note(room.object.state, room.object.lastChanges)).toBe(true);
    expect(news.since(room.object.state, SCHEDULE_ID, from)).toBeNull();
    expect(boardOf(room).snapshot()).toMatchObject({ chart: 2, version: from + 1 });
    new Customer(room, 2).hold("r2s1");
    news.note(room.object.state, room.object.lastChanges);
    const delta = news.since(room.object.state, SCHEDULE_ID, from + 1);
    expect(delta).toMatchObject({ chart: 2, changes: [[0, 5, SEAT.held]] });
  });

  test("opens a sale again that was sold out, when it has more seats", () => {
    const room = new Room({ maxSeatsPerMember: 10 }, { ...gridChart(1, 1), zones: [] });
    const ann = new Customer(room, 1);
    const order = ann.order(ann.hold("r1s1"));
    ann.begin(order);
    ann.pay(order);
    expect(room.object.state.phase).toBe("soldout");
    change(room, { ...gridChart(1, 2), zones: [] });
    expect(room.object.state.phase).toBe("open");
  });
});

describe("places of a zone", () => {
  test("go from the end only, and not while somebody has one of them", () => {
    const room = open();
    const ann = new Customer(room, 1);
    ann.hold("r1s1");
    const key = { id: "k", hash: "h" };
    const wish = { zones: [{ zone: "F", count: 3 }], epoch: 0, scheduleId: SCHEDULE_ID, key };
    room.object.ask({ kind: "hold", entry: entry(1), member: member(1), ...wish });
    const floor = (capacity: number, name = "스탠딩"): Chart => ({
      ...chart,
      zones: [{ id: "F", name, grade: "B", capacity }],
    });
    expect(refusal(change(room, floor(2))).evidence).toEqual({
      count: 1,
      seats: [{ id: "F.3", change: "removed", because: "held" }],
    });
    expect(refusal(change(room, floor(5, "플로어"))).evidence).toMatchObject({ count: 3 });
    expect(refusal(change(room, { ...chart, zones: [] })).evidence).toMatchObject({ count: 3 });
    expect(change(room, floor(3))).toMatchObject({ ok: true, places: 27 });
    restarted(room);
  });

  test("are compared in seat widths, so that other units change nothing", () => {
    const corners = [[0, 0], [4, 0], [4, 4]] as const; // prettier-ignore
    const zone = { id: "F", name: "가", grade: "B", capacity: 2 };
    const plain: Chart = { ...chart, zones: [{ ...zone, outline: corners }] };
    const times = (k: number): Chart => ({
      ...edited(plain, (row) => ({
        ...row,
        seats: row.seats.map((seat) => ({ ...seat, x: seat.x * k, y: seat.y * k })),
      })),
      seatWidth: k,
      zones: [{ ...zone, outline: corners.map(([x, y]) => [x * k, y * k] as const) }],
    });
    expect([...touchedPlaces(plain, times(10))]).toEqual([]);
    expect(touchedPlaces(plain, { ...times(10), zones: [{ ...zone, outline: corners }] }).get("F.1")).toBe("moved");
  });
});

/** What the chart says of a place, as a ticket and an usher need it. */
function said(of: Chart): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const section of of.sections)
    for (const row of section.rows)
      for (const { id, label, grade, x, y } of row.seats)
        found.set(id, JSON.stringify([section.name, row.label, label, grade, x, y]));
  for (const zone of of.zones ?? [])
    for (let n = 1; n <= zone.capacity; n++) found.set(placeId(zone.id, n), JSON.stringify([zone.name, n, zone.grade]));
  return found;
}

const index = fc.nat({ max: 999 });
const edit = fc.oneof(
  fc.record({ edit: fc.constant("remove"), index }),
  fc.record({ edit: fc.constant("relabel"), index }),
  fc.record({ edit: fc.constant("move"), index }),
  fc.record({ edit: fc.constant("regrade"), index }),
  fc.record({ edit: fc.constant("insert"), index }),
  fc.record({ edit: fc.constant("rename-row"), index }),
  fc.record({ edit: fc.constant("reverse-row"), index }),
  fc.record({ edit: fc.constant("split"), index }),
  fc.record({ edit: fc.constant("floor"), index }),
);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("change" as const), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("hold" as const, "order" as const, "sell" as const, "give-back" as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("block" as const, "unblock" as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("restart" as const, "wait" as const) }) },
); // prettier-ignore

function editedBy(
  from: Chart,
  { edit: what, index: at }: { readonly edit: string; readonly index: number },
  fresh: string,
): Chart {
  const seats = from.sections.flatMap(({ rows }) => rows.flatMap((row) => row.seats));
  const seat = seats[at % Math.max(1, seats.length)];
  const rows = from.sections.flatMap((one) => one.rows);
  const row = rows[at % Math.max(1, rows.length)];
  if (seat === undefined || row === undefined) return from;
  const inRow = (change: (one: Row) => Row): Chart => edited(from, (one) => (one === row ? change(one) : one));
  switch (what) {
    case "remove":
      return without(from, seat.id);
    case "relabel":
      return withSeat(from, seat.id, { label: `${seat.label}'` });
    case "move":
      return withSeat(from, seat.id, { x: seat.x + 0.5 });
    case "regrade":
      return withSeat(from, seat.id, { grade: seat.grade === "S" ? "A" : "S" });
    case "insert":
      return before(from, seat.id, { id: fresh, label: fresh, grade: "A", x: seat.x - 0.4, y: seat.y });
    case "rename-row":
      return inRow((one) => ({ ...one, label: `${one.label}'` }));
    case "reverse-row":
      return inRow((one) => ({ ...one, seats: one.seats.toReversed() }));
    case "split": {
      // The last row becomes a section of its own: its seats are in another section then.
      const [first, ...others] = from.sections;
      const last = first?.rows.at(-1);
      if (first === undefined || last === undefined || first.rows.length < 2) return from;
      const own = { id: fresh, name: first.name, rows: [last] };
      return { ...from, sections: [{ ...first, rows: first.rows.slice(0, -1) }, ...others, own] };
    }
    default:
      return { ...from, zones: [{ id: "F", name: "스탠딩", grade: "B", capacity: 1 + (at % 8) }] };
  }
}

test("whatever is edited, a place that is held, paid for, sold, blocked or was ever ordered is never moved, lost or renamed", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const room = open();
      const buyer = new Customer(room, 1);
      const orders: string[] = [];
      const ever = new Set<string>();
      let fresh = 0;
      const pick = (at: number): string => boardOf(room).seatId(at % boardOf(room).places.seats);
      for (const one of steps) {
        const current = boardOf(room).plan.chart;
        const claims = claimsOf(room);
        const was = said(current);
        switch (one.do) {
          case "change": {
            const to = one.edits.reduce((made, next) => editedBy(made, next, `n${(fresh += 1)}`), current);
            const now = said(to);
            const harmed = [...new Set([...ever, ...claims.keys()])].some((id) => now.get(id) !== was.get(id));
            const reply = change(room, to);
            if (reply.ok) {
              accepted += 1;
              expect(harmed).toBe(false);
              expect(boardOf(room).plan.chart).toEqual(to);
            } else {
              refused += 1;
              expect(reply.refusal.code).toBe("chart-touches-seats");
              expect(boardOf(room).plan.chart).toBe(current);
            }
            expect(claimsOf(room)).toEqual(claims);
            break;
          }
          case "hold":
            buyer.hold(pick(one.index));
            break;
          case "order":
          case "sell": {
            const seat = pick(one.index);
            const order = buyer.order(buyer.hold(seat));
            if (order === "") break;
            ever.add(seat);
            if (one.do === "order") break;
            buyer.begin(order);
            if (buyer.pay(order).ok) orders.push(order);
            break;
          }
          case "give-back": {
            const order = orders[one.index % Math.max(1, orders.length)];
            if (order !== undefined) buyer.cancel(order);
            break;
          }
          case "block":
            room.operate({ do: "block", scheduleId: SCHEDULE_ID, reason: "카메라", seats: [pick(one.index)] });
            break;
          case "unblock": {
            const [block] = room.object.state.blocks.keys();
            if (block !== undefined) room.operate({ do: "unblock", block });
            break;
          }
          case "restart":
            restarted(room);
            break;
          case "wait":
            room.now += 200_000;
            room.object.execute([]);
            break;
          default:
            one satisfies never;
        }
        expect(room.object.ruleErrors).toEqual([]);
        checkState(room.object.state, room.object.orders);
      }
      restarted(room);
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
  // Both happen often, or this would show nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(100);
});

/** Every place somebody or something has, by id: its state, whose it is, and the block it belongs to. */
function claimsOf(room: Room): ReadonlyMap<string, string> {
  const board = boardOf(room);
  const found = new Map<string, string>();
  for (let position = 0; position < board.size; position++) {
    const [status, holder, block] = [board.status[position], board.holder[position], board.block[position]];
    if (status !== SEAT.free || block !== 0) found.set(board.seatId(position), `${status}/${holder}/${block}`);
  }
  return found;
}
