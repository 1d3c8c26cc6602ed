/** A short campaign with every test run: the same seeds each time, and one nobody has played before. */
import { expect, test } from "vitest";
import { campaign, play, USUAL, vacuous } from "./campaign.ts";
import { House } from "./house/house.ts";

test("seeded sales under faults break no rule, and met the faults they are there for", async () => {
  const { failure, met } = await campaign({ ...USUAL, seeds: 20, firstSeed: 1 });
  expect(failure).toBeNull();
  expect(vacuous(met)).toEqual([]);
}, 120_000);

test("a sale nobody has seen before breaks no rule either", async () => {
  const seed = Date.now() % 1_000_000_000;
  console.log(`fresh seed ${seed}: npm run sim -- --seeds 3 --seed ${seed}`);
  const { failure } = await campaign({ ...USUAL, seeds: 3, firstSeed: seed });
  expect(failure).toBeNull();
}, 120_000);

test("a commit that fails while an object starts is not taken for damaged storage", async () => {
  // Seed 250 found it: from then on the object answered nothing. What a seed meets changes with the calls the house makes.
  const met: Record<string, number> = {};
  expect(await play(200, USUAL, met)).toBeNull();
  expect(met["house: starts that did not commit"]).toBeGreaterThan(0);
}, 120_000);

test("a whole house under faults keeps its promises, and the same seed is the same house", async () => {
  const length = { steps: 300, minutes: 6 };
  const plays = async (): Promise<readonly string[]> => {
    const house = new House(50, length);
    try {
      await house.open();
      for (let step = 0; step < length.steps; step++) await house.step();
      await house.settle();
      const lines = house.history.lines().map((line) => line.replace(/ \/api\/performances\/[0-9a-f-]+/, ""));
      return [...lines, JSON.stringify([house.promises.counts, house.platform.met, house.met])];
    } finally {
      house.close();
    }
  };
  expect(await plays()).toEqual(await plays());
}, 120_000);
