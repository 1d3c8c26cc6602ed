/** A stadium of 50,000 places: two tiers all the way round, and people standing on the field before the stage. */
import type { Chart, Point, SeatAttribute } from "../../durable-objects/performance/seats/chart.ts";
import { generateChart, type CurvePlan } from "../../workers/edge/charts/generate.ts";

const SECTIONS = 24;
/** The part of a circle that belongs to one section, and the stairs beside it, in degrees. */
const SHARE = 360 / SECTIONS;
const STAIRS = 1.2;
/** Sections that see the stage from behind. */
const BEHIND = new Set([17, 18, 19]);

interface Tier {
  readonly prefix: string;
  readonly name: string;
  readonly radius: number;
  readonly rows: number;
  readonly grades: CurvePlan["grades"];
}

function tier({ prefix, name, radius, rows, grades }: Tier): CurvePlan[] {
  return Array.from({ length: SECTIONS }, (_, index): CurvePlan => {
    const from = 360 - index * SHARE;
    const to = from - SHARE + STAIRS;
    const fits = (row: number): number => Math.floor((((from - to) * Math.PI) / 180) * (radius + 1.2 * row));
    const number = String(index + 1).padStart(2, "0");
    const seats = fits(0);
    const all = Array.from({ length: seats + rows }, (_, n) => n + 1);
    const restricted = Array.from({ length: rows }, (_, row) => ({
      row: row + 1,
      seats: all,
      attribute: "restricted-view" as SeatAttribute,
    }));
    const wheelchairs: NonNullable<CurvePlan["special"]> = [
      { row: rows, seats: [1, 3], attribute: "wheelchair" },
      { row: rows, seats: [2], attribute: "companion" },
    ];
    return {
      shape: "curve",
      id: `${prefix}${number}`,
      name: `${name} ${number}구역`,
      rows,
      seats,
      growth: (fits(rows - 1) - seats) / (rows - 1),
      grades,
      centre: [0, 0],
      radius,
      from,
      to,
      ...(BEHIND.has(index) ? { special: restricted } : index % 4 === 0 ? { special: wheelchairs } : {}),
    };
  });
}

const rectangle = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

export const stadiumChart: Chart = generateChart({
  name: "주경기장 50,000석",
  stage: { outline: rectangle(-40, -120, 40, -85), focus: [0, -85] },
  sections: [
    ...tier({
      prefix: "L",
      name: "1층",
      radius: 150,
      rows: 21,
      grades: [
        { grade: "R", from: 1 },
        { grade: "S", from: 12 },
      ],
    }),
    ...tier({
      prefix: "U",
      name: "2층",
      radius: 184,
      rows: 22,
      grades: [
        { grade: "A", from: 1 },
        { grade: "B", from: 12 },
      ],
    }),
  ],
  zones: [
    { id: "F1", name: "스탠딩 가", grade: "스탠딩", capacity: 1_544, outline: rectangle(-70, -75, -2, -10) },
    { id: "F2", name: "스탠딩 나", grade: "스탠딩", capacity: 1_544, outline: rectangle(2, -75, 70, -10) },
    { id: "F3", name: "스탠딩 다", grade: "스탠딩", capacity: 1_544, outline: rectangle(-70, 0, -2, 70) },
    { id: "F4", name: "스탠딩 라", grade: "스탠딩", capacity: 1_544, outline: rectangle(2, 0, 70, 70) },
  ],
});
