import { describe, expect, it } from "vitest";
import { stadiumChart } from "../../../../dev/charts/stadium.ts";
import { theatreChart } from "../../../../dev/charts/theatre.ts";
import { publishRequest, schedulePlan } from "../../../../tests/simulation/charts.ts";
import { inParts } from "./publish.ts";

describe("a publication in parts", () => {
  const of = (...charts: readonly (typeof stadiumChart)[]) => ({
    ...publishRequest(),
    schedules: charts.map((chart, index) => schedulePlan(chart, `date-${index}`)),
  });

  it("is one call where the charts are small", () => {
    const request = of(theatreChart, theatreChart, theatreChart);
    expect(inParts(request)).toEqual([request]);
  });

  it("has every date once, in order, and no call with more places than fit", () => {
    const request = of(stadiumChart, stadiumChart, theatreChart, stadiumChart);
    const parts = inParts(request);
    expect(parts.map(({ schedules }) => schedules.map(({ id }) => id))).toEqual([
      ["date-0"],
      ["date-1", "date-2"],
      ["date-3"],
    ]);
    expect(parts.every(({ settings }) => settings === request.settings)).toBe(true);
  });
});
