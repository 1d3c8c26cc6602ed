/**
 * npm run sim: many seeded sales under faults, every rule of docs/reliability.md checked at every step.
 *
 *     npm run sim -- [--seeds 300] [--seed 1] [--steps 2000]
 *
 * A failure prints its seed and the last steps; `--seeds 1 --seed S` plays it again.
 */
import { parseArgs } from "node:util";
import { campaign } from "./campaign.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    steps: { type: "string", default: "2000" },
  },
});

const startedAt = performance.now();
const result = campaign({
  seeds: Number(values.seeds),
  firstSeed: Number(values.seed),
  steps: Number(values.steps),
  progress: (done, total) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${total} sales`);
  },
});
if (process.stdout.isTTY) process.stdout.write("\n");
if (result.failure !== null) {
  console.error(`✗ seed ${result.failure.seed}, step ${result.failure.step}: ${result.failure.sentence}`);
  console.error(result.failure.history.map((line) => `    ${line}`).join("\n"));
  process.exit(1);
}
console.table(result.met);
for (const sentence of result.vacuous) console.error(`✗ ${sentence}`);
const seconds = (performance.now() - startedAt) / 1_000;
if (result.vacuous.length > 0) process.exit(1);
console.log(
  `✓ ${values.seeds} sales of ${values.steps} steps from seed ${values.seed}, in ${seconds.toFixed(1)} s: nothing broke.`,
);
