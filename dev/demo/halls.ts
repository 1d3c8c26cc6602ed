/** The demo halls, as an organiser would upload them. */
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";

/** Rows × columns, graded S, A, B from front to back in three equal parts, with an aisle in the middle of a wide hall. */
export function gridChart(rows: number, columns: number, name = `${rows} × ${columns}`): Chart {
  const grade = (row: number): string => (row * 3 < rows ? "S" : row * 3 < rows * 2 ? "A" : "B");
  const aisle = columns >= 20 ? columns / 2 : columns;
  const seat = (row: number, column: number) => ({
    id: `r${row + 1}s${column + 1}`,
    label: String(column + 1),
    grade: grade(row),
    x: column + (column >= aisle ? 2 : 0),
    y: row,
  });
  return {
    version: 1,
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

export const demoHalls = [
  {
    name: "국립극장",
    address: "서울특별시 중구 장충단로 59",
    timeZone: "Asia/Seoul",
    chart: gridChart(10, 5, "국립극장 달오름"),
  },
  {
    name: "세종문화회관",
    address: "서울특별시 종로구 세종대로 175",
    timeZone: "Asia/Seoul",
    chart: gridChart(40, 30, "세종문화회관 대극장"),
  },
] as const;
