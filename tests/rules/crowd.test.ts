/** A crowd that wanders off and comes back, against the real rules: nobody is overtaken, no limit is passed, promises hold. */
import { expect, test } from "vitest";
import { sales } from "../../bench/parts/fairness.ts";
import { runCrowd } from "../../bench/crowd/crowd.ts";
import { median } from "../../bench/report.ts";

test.each(sales)("two thousand people and $name: exact, in order, and told the truth", (sale) => {
  const { capacity, ratePerMinute } = sale.settings;
  const share = 2_000 / sale.people;
  const settings = { capacity: Math.ceil(capacity * share), ratePerMinute: Math.ceil(ratePerMinute * share) };
  const result = runCrowd({ ...sale, people: 2_000, settings });
  expect(result.admissions).toBeGreaterThan(1_000);
  expect(result.overshoot).toBe(0);
  expect(result.overtaken).toBe(0);
  expect(result.idleShare).toBeLessThan(0.01);
  // A small crowd is less predictable than a large one; the benchmark holds the large one to 0.9.
  expect(result.kept / result.promises).toBeGreaterThan(0.85);
  expect(median(result.widths)).toBeLessThan(0.7);
});
