/**
 * npm run fuzz: random requests against the built bundle, with a real Postgres.
 * Prints the seed, which makes the same requests again (their order of arrival may differ: 16 are under way at once).
 */
import { parseArgs } from "node:util";
import { command, wholeNumber } from "../../dev/command.ts";
import { fuzz } from "./campaign.ts";
import { startFuzzTarget } from "./target.ts";

const SEED_MAX = 2 ** 31 - 1;

const usage = `npm run fuzz -- [options]
  --requests N    how many (default 20000)
  --seed N        those of an earlier run`;

await command(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: "string", default: "20000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * SEED_MAX)) },
    },
  });
  const requests = wholeNumber("--requests", values.requests, 1, 10_000_000);
  const seed = wholeNumber("--seed", values.seed, 0, SEED_MAX);
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
});
