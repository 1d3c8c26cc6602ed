/** A theatre of 3,000 seats: stalls and two balconies on arcs around the stage. */
import type { Chart, SeatAttribute } from "../../durable-objects/performance/seats/chart.ts";
import { generateChart, type CurvePlan } from "../../workers/edge/charts/generate.ts";

const around = { shape: "curve", centre: [0, -24] } as const;

interface Wing {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** So many seats that they stand a seat width apart, however far from the stage. */
function seatsOn({ from, to }: Wing, radius: number): number {
  return Math.floor((((from - to) * Math.PI) / 180) * radius);
}

function tier(
  wings: readonly Wing[],
  radius: number,
  rows: number,
  plan: Pick<CurvePlan, "grades" | "special">,
): CurvePlan[] {
  return wings.map((wing) => {
    const seats = seatsOn(wing, radius);
    const growth = (seatsOn(wing, radius + 1.2 * (rows - 1)) - seats) / Math.max(1, rows - 1);
    return { ...around, ...wing, ...plan, radius, rows, seats, growth };
  });
}

const stalls: readonly Wing[] = [
  { id: "1A", name: "1층 A구역", from: 133, to: 108 },
  { id: "1B", name: "1층 B구역", from: 106, to: 74 },
  { id: "1C", name: "1층 C구역", from: 72, to: 47 },
];
const balcony = (floor: number): readonly Wing[] =>
  ["A", "B", "C", "D"].map((letter, index) => ({
    id: `${floor}${letter}`,
    name: `${floor}층 ${letter}구역`,
    from: 135 - index * 23,
    to: 135 - index * 23 - 21,
  }));

const wheelchairs: readonly { row: number; seats: readonly number[]; attribute: SeatAttribute }[] = [
  { row: 21, seats: [1, 4], attribute: "wheelchair" },
  { row: 21, seats: [2, 3], attribute: "companion" },
];

export const theatreChart: Chart = generateChart({
  name: "대공연장 3,000석",
  stage: {
    outline: [
      [-16, -8],
      [16, -8],
      [12, 2],
      [-12, 2],
    ],
    focus: [0, 2],
  },
  sections: [
    ...tier(stalls, 31, 21, {
      grades: [
        { grade: "VIP", from: 1 },
        { grade: "R", from: 9 },
        { grade: "S", from: 17 },
      ],
      special: wheelchairs,
    }),
    ...tier(balcony(2), 62, 9, {
      grades: [
        { grade: "R", from: 1 },
        { grade: "S", from: 4 },
      ],
    }),
    ...tier(balcony(3), 78, 8, {
      grades: [{ grade: "A", from: 1 }],
      special: [{ row: 8, seats: [1, 2, 3], attribute: "restricted-view" }],
    }),
  ],
});
