import { expect, test } from "vitest";
import { missing, resultOf, type Figure, type Report } from "../report.ts";
import { withPart, type BenchmarksRecord } from "./record.ts";
import { partTable } from "./tables.ts";

const figure: Figure = { name: "cpu_us_per_pass", unit: "µs", target: 150, better: "lower" };
const about = { on: "2026-11-28", command: "npm run bench -- gate --seconds 3" };
const machine = { cpu: "a processor", cores: 2, memoryGb: 24, system: "Linux", load: 0.1 };

const report = (...results: Report["results"]): Report => ({ machine, versions: { node: "24.21.0" }, results });
const measured = (value: number): Report =>
  report(resultOf("gate", figure, { value, note: "20000 checks", range: [value - 5, value + 0.123456] }));

const known = (): BenchmarksRecord => {
  const record = withPart({}, "gate", measured(80), about);
  if (record === null) throw new Error("it was measured");
  return record;
};

test("a part that is measured again replaces itself and no other", () => {
  const pages = report(resultOf("pages", { ...figure, name: "waiting_kb_gzip" }, { value: 14, note: "" }));
  const both = withPart(known(), "pages", pages, about);
  const again = withPart(both ?? {}, "gate", measured(90), { ...about, on: "2026-11-29" });
  expect(again?.gate).toMatchObject({ on: "2026-11-29", results: [{ value: 90, ok: true, range: [85, 90.12] }] });
  expect(again?.pages).toEqual(both?.pages);
});

test("a part of which a figure is missing is not recorded", () => {
  const half = report(...measured(90).results, missing("gate", { ...figure, name: "other" }, "no Redis"));
  expect(withPart(known(), "gate", half, about)).toBeNull();
});

test("a table says where and how, the spread, and whether the target was met", () => {
  const table = partTable("gate", withPart({}, "gate", measured(160), about)?.gate);
  expect(table).toContain(
    "`npm run bench -- gate --seconds 3`, 2026-11-28: 2 cores of a processor, 24 GB, Linux; load before it 0.1; node 24.21.0.",
  );
  expect(table).toContain("| `cpu_us_per_pass` | 160 µs | 155 – 160.1 | ≤ 150 | missed |");
  expect(table).toContain("- `cpu_us_per_pass`: 20000 checks");
});

test("of a part that was never measured nothing is said but how to", () => {
  expect(partTable("gate", undefined)).toBe("Not recorded yet: `npm run bench -- gate --record` measures it.");
});
