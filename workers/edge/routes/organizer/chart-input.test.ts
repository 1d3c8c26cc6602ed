import { describe, expect, it } from "vitest";
import type { Chart } from "../../../../durable-objects/performance/seats/chart.ts";
import { invalidRequest } from "../../openapi.ts";
import { gradesOf, placesOf } from "../../../../durable-objects/performance/seats/chart.ts";
import { chartFindings } from "../../charts/lint.ts";
import { chartInput } from "./chart-input.ts";

const seat = (id: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  label: "1",
  grade: "R석",
  x: 0,
  y: 1.5,
  ...change,
});

const chart = (...seats: readonly Record<string, unknown>[]): Record<string, unknown> => ({
  version: 1,
  name: "대극장",
  sections: [{ id: "A", name: "1층", rows: [{ label: "1열", seats }] }],
});

function fieldsOf(input: unknown): readonly string[] {
  const parsed = chartInput.safeParse(input);
  if (parsed.success) return [];
  return invalidRequest(parsed.error).extras.errors?.map((error) => error.field) ?? [];
}

describe("an uploaded chart", () => {
  it("is taken when it is in order", () => {
    expect(fieldsOf(chart(seat("A-1-1"), seat("A-1-2", { label: "2", grade: "S석" })))).toEqual([]);
  });

  it("is refused with every field that is wrong, at once", () => {
    const input = chart(
      seat("A/1"),
      seat("b", { label: "<b>1</b>" }),
      seat("c", { x: Number.POSITIVE_INFINITY }),
      seat("d", { grade: "__proto__" }),
      seat("e", { label: "a\u0007" }),
      seat("f", { colour: "red" }),
      seat("x".repeat(41)),
    );
    const at = (n: number, field: string): string => `sections.0.rows.0.seats.${n}.${field}`;
    expect(fieldsOf(input)).toEqual([
      at(0, "id"),
      at(1, "label"),
      at(2, "x"),
      at(3, "grade"),
      at(4, "label"),
      at(5, "colour"),
      at(6, "id"),
    ]);
  });

  it("has each seat id and each section id once", () => {
    expect(fieldsOf(chart(seat("a"), seat("a", { label: "2" })))).toEqual(["sections.0.rows.0.seats.1.id"]);
    const twice = {
      version: 1,
      name: "x",
      sections: ["a", "b"].map((id) => ({ id: "A", name: "A", rows: [{ label: "1", seats: [seat(id)] }] })),
    };
    expect(fieldsOf(twice)).toEqual(["sections.1.id"]);
  });

  it("has at least one seat and at most 60,000", () => {
    expect(fieldsOf(chart())).toEqual(["sections.0.rows.0.seats", "sections"]);
    expect(fieldsOf({ version: 1, name: "x", sections: [] })).toEqual(["sections"]);
    const rows = Array.from({ length: 13 }, (_, r) => ({
      label: "1",
      seats: Array.from({ length: 4_616 }, (_, n) => ({ id: `${r}-${n}`, label: String(n), grade: "R", x: n, y: r })),
    }));
    const large: Chart = { version: 1, name: "x", sections: [{ id: "A", name: "A", rows }] };
    expect([placesOf(large), gradesOf(large)]).toEqual([60_008, ["R"]]);
    const [first] = chartFindings(large);
    expect(first).toMatchObject({
      code: "too-many-places",
      path: ["sections"],
      evidence: { count: 60_008, most: 60_000 },
    });
  });

  it("is no chart when it is something else", () => {
    for (const input of [null, 1, "chart", [], {}]) expect(fieldsOf(input).length).toBeGreaterThan(0);
  });
});
