import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stadiumChart } from "../../../dev/charts/stadium.ts";
import { theatreChart } from "../../../dev/charts/theatre.ts";
import { demoHalls } from "../../../dev/demo/halls.ts";
import { placesOf } from "../../../durable-objects/performance/seats/chart.ts";
import { chartSchema } from "../routes/organizer/chart-input.ts";
import { findingKinds } from "./findings.ts";
import { chartOfCsv } from "./csv.ts";
import { reportOn } from "./report.ts";

type Loose = Record<string, unknown>;

const seat = (n: number, change: Loose = {}): Loose => ({
  id: `s${n}`,
  label: String(n),
  grade: "R",
  x: n,
  y: 0,
  ...change,
});
const hall = (seats: readonly Loose[], change: Loose = {}): Loose => ({
  version: 2,
  name: "소극장",
  sections: [{ id: "A", name: "1층", rows: [{ label: "1", seats }] }],
  ...change,
});
const codes = (chart: unknown): readonly string[] => reportOn(chart).report.findings.map(({ code }) => code);

describe("the report on a chart", () => {
  it("has nothing to say about the four halls that come with the project", () => {
    const halls = [...demoHalls.map(({ chart }) => chart), theatreChart, stadiumChart];
    for (const chart of halls) expect([chart.name, codes(chart)]).toEqual([chart.name, []]);
    expect(halls.map(placesOf)).toEqual([50, 1_200, 3_018, 50_000]);
  });

  it("takes a chart of version 1 as it always was", () => {
    const { chart, report } = reportOn(hall([seat(1), seat(2)], { version: 1 }));
    expect(report).toMatchObject({ ok: true, places: 2, grades: ["R"], findings: [] });
    expect(chart).toEqual(hall([seat(1), seat(2)], { version: 1 }));
  });

  it("names what is wrong, where, with evidence, in both languages", () => {
    const { report } = reportOn(hall([seat(1), seat(2, { label: "1" })]));
    expect(report).toMatchObject({
      ok: false,
      findings: [
        {
          severity: "error",
          code: "duplicate-label",
          path: ["sections", 0, "rows", 0, "seats", 1, "label"],
          evidence: { section: "1층", row: "1", label: "1" },
          en: "there are two seats 1 in row 1 of 1층: their tickets would read the same",
          ko: "1층 1열에 1번이 두 개입니다. 표에 적힌 자리를 구별할 수 없습니다.",
        },
      ],
    });
  });

  it("finds ids twice, among zones too", () => {
    expect(codes(hall([seat(1), seat(2, { id: "s1" })]))).toEqual(["duplicate-seat-id"]);
    const floor = { id: "F", name: "스탠딩", grade: "R", capacity: 3 };
    expect(codes(hall([seat(1), seat(2, { id: "F.3" })], { zones: [floor] }))).toEqual(["duplicate-seat-id"]);
    expect(codes(hall([seat(1), seat(2)], { zones: [floor, floor] }))).toContain("duplicate-section-id");
    expect(codes(hall([seat(1), seat(2)], { zones: [{ ...floor, id: "A" }] }))).toEqual(["duplicate-section-id"]);
  });

  it("finds seats on top of each other, rows without neighbours, gaps without an aisle, unknown grades", () => {
    expect(codes(hall([seat(1), seat(2, { x: 1.3 })]))).toEqual(["overlapping-seats"]);
    expect(codes(hall([seat(1, { aisle: true }), seat(2)]))).toEqual(["row-without-neighbours"]);
    expect(codes(hall([seat(1), seat(5)]))).toEqual(["gap-without-aisle"]);
    expect(codes(hall([seat(1, { aisle: true }), seat(5), seat(6)]))).toEqual([]);
    expect(codes(hall([seat(1), seat(2, { grade: "Z" })], { grades: ["R"] }))).toEqual(["unknown-grade"]);
    expect(codes(hall([seat(1), seat(2)], { grades: ["R", "S"] }))).toEqual(["unused-grade"]);
    expect(codes(hall([seat(1, { attributes: ["companion"] }), seat(2)]))).toEqual(["companion-without-wheelchair"]);
    expect(codes(hall([], { sections: [] }))).toEqual(["no-places"]);
  });

  it("refuses coordinates that are none, HTML, neighbours told as a graph, and fields it does not know", () => {
    const path = (chart: unknown): unknown => reportOn(chart).report.findings.map((one) => [one.code, one.path.at(-1)]);
    expect(path(hall([seat(1, { x: Number.NaN }), seat(2, { y: 1e9 }), seat(3, { x: null })]))).toEqual([
      ["not-a-chart", "x"],
      ["not-a-chart", "y"],
      ["not-a-chart", "x"],
    ]);
    expect(path(hall([seat(1, { label: "<img src=x onerror=alert(1)>" })]))).toEqual([["not-a-chart", "label"]]);
    expect(path(hall([seat(1, { neighbours: ["s2"] }), seat(2, { neighbours: ["s1"] })]))).toEqual([
      ["not-a-chart", "neighbours"],
      ["not-a-chart", "neighbours"],
    ]);
    const round: Loose = hall([seat(1)]);
    round["sections"] = [round];
    expect(reportOn(round).report.ok).toBe(false);
  });

  it("answers anything at all with a report", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (input) => {
        const { chart, report } = reportOn(input);
        expect(chart === null).toBe(!report.ok);
        for (const { code, ko, en } of report.findings) {
          expect(code in findingKinds && ko.length > 0 && en.length > 0).toBe(true);
        }
      }),
    );
  });

  it("is bounded where sixty thousand seats lie on one spot", () => {
    const many = Array.from({ length: 13 }, (_, row) => ({
      label: String(row),
      seats: Array.from({ length: 4_600 }, (_, n) => seat(row * 5_000 + n, { x: 0 })),
    }));
    const { report } = reportOn({ version: 2, name: "x", sections: [{ id: "A", name: "A", rows: many }] });
    expect(report.findings.filter(({ code }) => code === "overlapping-seats")).toHaveLength(50);
  });

  it("has a JSON Schema that says the same of the form", () => {
    expect(chartSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["version", "name", "sections"],
      additionalProperties: false,
    });
  });
});

describe("a table as a chart", () => {
  const table =
    "section,row,seat,grade,aisle,attributes\n1층,가,1,R,,wheelchair\n1층,가,2,R,yes,\n1층,가,3,S,,\n2층,가,1,S,,\n";

  it("has its sections and rows in the order of the table, and an aisle where it says so", () => {
    const made = chartOfCsv("소극장", table);
    if (!made.ok) throw new Error(made.reason);
    const { chart, report } = reportOn(made.chart);
    expect(report).toMatchObject({ ok: true, places: 4, grades: ["R", "S"] });
    expect(chart?.sections[0]?.rows[0]?.seats).toEqual([
      { id: "s1r1n1", label: "1", grade: "R", x: 0, y: 0, attributes: ["wheelchair"] },
      { id: "s1r1n2", label: "2", grade: "R", x: 1, y: 0, aisle: true },
      { id: "s1r1n3", label: "3", grade: "S", x: 3, y: 0 },
    ]);
    expect(chart?.sections[1]?.name).toBe("2층");
  });

  it("may have quotes, a byte order mark, columns in any order, and coordinates of its own", () => {
    const made = chartOfCsv("x", '\ufeffgrade,seat,row,section,x,y,id\r\n"R, VIP",1,"1",A,3,4,a-1\r\n');
    expect(made).toMatchObject({
      ok: true,
      chart: {
        sections: [{ rows: [{ seats: [{ id: "a-1", grade: "R, VIP", x: 3, y: 4 }] }] }],
      },
    });
  });

  it("is refused with the line that is wrong", () => {
    expect(chartOfCsv("x", "row,seat,grade\n1,1,R\n")).toEqual({ ok: false, line: 1, reason: "has no column section" });
    expect(chartOfCsv("x", "section,row,seat,grade\n1,1,R\n")).toMatchObject({ ok: false, line: 2 });
    expect(chartOfCsv("x", 'section,row,seat,grade\n1,1,"R\n')).toMatchObject({ ok: false });
    expect(chartOfCsv("x", "section,row,seat,grade,price\n")).toMatchObject({ ok: false, line: 1 });
    const far = chartOfCsv("x", "section,row,seat,grade,x,y\nA,1,1,R,NaN,1e999\n");
    expect(far.ok && codes(far.chart)).toEqual(["not-a-chart", "not-a-chart"]);
  });
});
