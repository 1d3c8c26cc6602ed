/** The demo halls, as an organiser would upload them. */
import type { Chart, ChartSeat, SeatAttribute } from "../../durable-objects/performance/seats/chart.ts";

/** Rows × columns, graded S, A, B from front to back in three equal parts, with an aisle in the middle of a wide hall. */
export function gridChart(rows: number, columns: number, name = `${rows} × ${columns}`): Chart {
  const grade = (row: number): string => (row * 3 < rows ? "S" : row * 3 < rows * 2 ? "A" : "B");
  const aisle = columns >= 20 ? columns / 2 : columns;
  const seat = (row: number, column: number): ChartSeat => ({
    id: `r${row + 1}s${column + 1}`,
    label: String(column + 1),
    grade: grade(row),
    x: column + (column >= aisle ? 2 : 0),
    y: row,
    ...(column + 1 === Math.ceil(aisle) && column + 1 < columns ? { aisle: true } : {}),
  });
  return {
    version: 2,
    name,
    sections: [
      {
        id: "main",
        name: "1층",
        rows: Array.from({ length: rows }, (_, row) => ({
          label: String(row + 1),
          seats: Array.from({ length: columns }, (_, column) => seat(row, column)),
        })),
      },
    ],
  };
}

/** The same hall with its stage drawn, and what is particular about some of its seats. */
function furnished(chart: Chart, width: number, special: ReadonlyMap<string, SeatAttribute>): Chart {
  const middle = (width - 1) / 2;
  const half = Math.max(2, width * 0.3);
  return {
    ...chart,
    grades: ["S", "A", "B"],
    stage: {
      outline: [
        [middle - half, -4],
        [middle + half, -4],
        [middle + half * 0.8, -2],
        [middle - half * 0.8, -2],
      ],
      focus: [middle, -2],
    },
    sections: chart.sections.map((section) => ({
      ...section,
      rows: section.rows.map((row) => ({
        ...row,
        seats: row.seats.map((seat) => {
          const attribute = special.get(seat.id);
          return attribute === undefined ? seat : { ...seat, attributes: [attribute] };
        }),
      })),
    })),
  };
}

/** 소극장: fifty seats, close to the stage. */
const smallHall = furnished(
  gridChart(10, 5, "국립극장 달오름"),
  5,
  new Map([
    ["r10s1", "wheelchair"],
    ["r10s2", "companion"],
  ]),
);

/** 대극장: twelve hundred seats on both sides of an aisle; the ends of the last rows see the stage past a pillar. */
const largeHall = furnished(
  gridChart(40, 30, "세종문화회관 대극장"),
  32,
  new Map<string, SeatAttribute>([
    ["r20s15", "wheelchair"],
    ["r20s14", "companion"],
    ["r20s16", "wheelchair"],
    ["r20s17", "companion"],
    ["r39s1", "restricted-view"],
    ["r39s30", "restricted-view"],
    ["r40s1", "restricted-view"],
    ["r40s30", "restricted-view"],
  ]),
);

export const demoHalls = [
  { name: "국립극장", address: "서울특별시 중구 장충단로 59", timeZone: "Asia/Seoul", chart: smallHall },
  { name: "세종문화회관", address: "서울특별시 종로구 세종대로 175", timeZone: "Asia/Seoul", chart: largeHall },
] as const;
