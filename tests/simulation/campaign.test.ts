/** A short campaign with every test run: the same seeds each time, and one nobody has played before. */
import { expect, test } from "vitest";
import { campaign } from "./campaign.ts";

test("seeded sales under faults break no rule, and met the faults they are there for", () => {
  const result = campaign({ seeds: 15, firstSeed: 1, steps: 1_500 });
  expect(result.failure).toBeNull();
  expect(result.vacuous).toEqual([]);
}, 120_000);

test("a sale nobody has seen before breaks no rule either", () => {
  const seed = Date.now() % 1_000_000_000;
  console.log(`fresh seed ${seed}: npm run sim -- --seeds 3 --seed ${seed}`);
  expect(campaign({ seeds: 3, firstSeed: seed, steps: 1_500 }).failure).toBeNull();
}, 120_000);
