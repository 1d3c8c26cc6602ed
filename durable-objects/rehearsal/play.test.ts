import { describe, expect, it } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";
import { Play } from "./play.ts";

function played(settings: Parameters<typeof publishRequest>[0], fans: number, seed = 7) {
  const play = new Play(publishRequest(settings, gridChart(20, 20)), fans, seed);
  let slices = 0;
  let before = 0;
  while (!play.advance(2_000)) {
    slices += 1;
    expect(play.progress).toBeGreaterThanOrEqual(before);
    before = play.progress;
    expect(slices).toBeLessThan(10_000);
  }
  return play.result();
}

describe("a rehearsal", () => {
  it("sells the house out to a crowd that is larger, each seat once, within both limits", () => {
    const result = played({ capacity: 40, ratePerMinute: 120 }, 1_500);
    expect(result.checks).toEqual({ capacity: true, rate: true, soldOnce: true });
    expect(result.seats).toBe(400);
    expect(result.sold).toBe(400);
    expect(result.soldOutAfter).toBeGreaterThan(0);
    expect(result.admitted).toBeLessThan(1_500);
    expect(result.waits?.longest).toBeGreaterThanOrEqual(result.waits?.half ?? 0);
    expect(result.points.at(-1)?.sold).toBe(400);
    expect(result.refusals["internal-error"]).toBeUndefined();
  });

  it("leaves seats over where few come, and nobody waits long", () => {
    const result = played({ capacity: 100, ratePerMinute: 6_000 }, 50);
    expect(result.soldOutAfter).toBeNull();
    expect(result.sold).toBeGreaterThan(0);
    expect(result.sold).toBeLessThan(400);
    expect(result.waits?.most).toBeLessThan(5);
    expect(result.leftWaiting).toBe(0);
  });

  it("draws the order where people gather, and is the same for the same seed", () => {
    const gathering = { gatherAt: Date.UTC(2027, 0, 1), openAt: Date.UTC(2027, 0, 2), capacity: 30 };
    const first = played(gathering, 400);
    expect(first.points[0]).toMatchObject({ second: 0 });
    expect(first.points[0]?.waiting).toBeGreaterThan(200);
    expect(played(gathering, 400)).toEqual(first);
    expect(played(gathering, 400, 8)).not.toEqual(first);
  });
});
