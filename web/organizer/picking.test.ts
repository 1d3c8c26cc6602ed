import { describe, expect, it } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import { chartPicture } from "../calls/charts.ts";
import { seatsOf, seatsOfRow, seatsWithin, toggled } from "./picking.ts";

const chart = chartPicture(gridChart(3, 4));

describe("picking seats", () => {
  it("takes those in a rectangle, edges included, and no others", () => {
    const [first] = seatsOf(chart);
    const [x, y] = [first?.x ?? 0, first?.y ?? 0];
    expect(seatsWithin(chart, { left: x - 0.4, top: y - 0.4, right: x + 0.4, bottom: y + 0.4 })).toEqual(["r1s1"]);
    expect(seatsWithin(chart, { left: -100, top: -100, right: 100, bottom: 100 })).toHaveLength(12);
    expect(seatsWithin(chart, { left: 90, top: 90, right: 100, bottom: 100 })).toEqual([]);
  });

  it("takes a row by its name, and nothing of a row that is not there", () => {
    const [section] = chart.sections;
    const row = section?.rows[1];
    expect(seatsOfRow(chart, section?.id ?? "", row?.label ?? "")).toEqual(["r2s1", "r2s2", "r2s3", "r2s4"]);
    expect(seatsOfRow(chart, "nowhere", "1")).toEqual([]);
  });

  it("picks, completes, and puts back", () => {
    const one = toggled(new Set(), ["a", "b"]);
    expect([...one]).toEqual(["a", "b"]);
    expect([...toggled(one, ["b", "c"])]).toEqual(["a", "b", "c"]);
    expect([...toggled(one, ["b"])]).toEqual(["a"]);
    expect([...toggled(one, [])]).toEqual(["a", "b"]);
  });
});
