/** A share of `npm run fuzz` in every run of the tests; the seed is in the name of what fails. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { fuzz } from "../fuzz/campaign.ts";
import { startFuzzTarget, type FuzzTarget } from "../fuzz/target.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
let target: FuzzTarget;

beforeAll(async () => {
  target = await startFuzzTarget();
}, 120_000);

afterAll(() => target?.stop());

it(`random requests with seed ${seed} meet no 5xx, no hang, nothing undeclared, and change nothing for a stranger`, async () => {
  const { complaints, requests } = await fuzz(target, seed, 2_000);
  expect(complaints, `seed ${seed}`).toEqual([]);
  expect(requests).toBe(2_000);
});
