/**
 * npm run fuzz -- [--requests 20000] [--seed N]: random requests against the built bundle, with a real Postgres.
 * Prints the seed, which makes the same requests again (their order of arrival may differ: 16 are under way at once).
 */
import { parseArgs } from "node:util";
import { fuzz } from "./campaign.ts";
import { startFuzzTarget } from "./target.ts";

const { values } = parseArgs({ options: { requests: { type: "string" }, seed: { type: "string" } } });
const requests = Number(values.requests ?? "20000");
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}, ${requests} requests`);
const target = await startFuzzTarget();
try {
  const startedAt = performance.now();
  const outcome = await fuzz(target, seed, requests);
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    `${outcome.requests} answered in ${seconds.toFixed(0)} s: ${JSON.stringify(outcome.byStatus)}, records late ${outcome.late} times`,
  );
  for (const complaint of outcome.complaints) console.error(`✗ ${complaint}`);
  if (outcome.complaints.length > 0) process.exitCode = 1;
  else console.log("✓ no 5xx, nothing that hung, nothing undeclared, nothing changed by a stranger");
} finally {
  await target.stop();
}
