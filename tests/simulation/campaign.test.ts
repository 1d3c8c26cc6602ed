/** A short campaign with every test run: the same seeds each time, and one nobody has played before. */
import { expect, test } from "vitest";
import { campaign, USUAL, vacuous } from "./campaign.ts";

test("seeded sales under faults break no rule, and met the faults they are there for", () => {
  const { failure, met } = campaign({ ...USUAL, seeds: 20, firstSeed: 1 });
  expect(failure).toBeNull();
  expect(vacuous(met, 20)).toEqual([]);
}, 120_000);

test("a sale nobody has seen before breaks no rule either", () => {
  const seed = Date.now() % 1_000_000_000;
  console.log(`fresh seed ${seed}: npm run sim -- --seeds 3 --seed ${seed}`);
  expect(campaign({ ...USUAL, seeds: 3, firstSeed: seed }).failure).toBeNull();
}, 120_000);
