/**
 * npm run provider: offers a payment provider to nobody for the moment, and to everybody again.
 *
 *     npm run provider -- off toss --env production     (several: toss stripe)
 *     npm run provider -- on --env production            all of them
 *
 * What was begun with it goes on: it is confirmed, asked about and given back as ever, because its keys stay. The setting
 * is PROVIDERS_OFF, put as a secret, because a secret needs no deploy; objects and isolates take it within moments.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { projectRoot } from "./children.ts";
import { environments } from "./deploy/environments.ts";
import { Failure, sentenceOf } from "./failure.ts";

const usage = "npm run provider -- off NAME… | on   --env ENVIRONMENT";
const known = ["toss", "stripe"];

/** What PROVIDERS_OFF is to be: a secret cannot be empty. */
function settingFor([what, ...names]: readonly string[]): string {
  if (what === "on" && names.length === 0) return "none";
  if (what !== "off" || names.length === 0) throw new Failure(`Usage: ${usage}`);
  const strangers = names.filter((name) => !known.includes(name));
  if (strangers.length > 0) throw new Failure(`${strangers.join(", ")}: providers are ${known.join(" and ")}.`);
  return Array.from(new Set(names)).join(",");
}

function run(words: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { env: { type: "string" } },
  });
  const setting = settingFor(positionals);
  const environment = environments.find((name) => name === values.env);
  if (environment === undefined) throw new Failure(`--env must be one of ${environments.join(", ")}.`);
  const { status } = spawnSync("wrangler", ["secret", "put", "PROVIDERS_OFF", "--env", environment], {
    cwd: projectRoot,
    input: setting,
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (status !== 0) throw new Failure(`wrangler ended with ${status ?? "a signal"}: nothing is known to have changed.`);
  console.log(
    setting === "none"
      ? "✓ Every provider whose keys are set is offered."
      : `✓ Not offered: ${setting}. What was begun goes on. Pages notice within a minute; /healthz says what is on.`,
  );
}

try {
  run(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}
