/**
 * npm run provider: offers a payment provider to nobody for the moment, and to everybody again.
 *
 * What was begun with it goes on: it is confirmed, asked about and given back as ever, because its keys stay. The setting
 * is PROVIDERS_OFF, put as a secret, because a secret needs no deploy; objects and isolates take it within moments.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { projectRoot } from "./children.ts";
import { environments } from "./deploy/environments.ts";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";

const known = ["toss", "stripe"];
const usage = `npm run provider -- off NAME… --env ENVIRONMENT    offers these to nobody: ${known.join(", ")}
npm run provider -- on --env ENVIRONMENT           offers all of them again
  ENVIRONMENT is one of ${environments.join(", ")}`;

/** What PROVIDERS_OFF is to be: a secret cannot be empty. */
function settingFor([what, ...names]: readonly string[]): string {
  if (what === "on" && names.length === 0) return "none";
  if (what !== "off" || names.length === 0) throw new Misuse("Say off and which, or on.");
  const strangers = names.filter((name) => !known.includes(name));
  if (strangers.length > 0) throw new Misuse(`${strangers.join(", ")}: providers are ${known.join(" and ")}.`);
  return Array.from(new Set(names)).join(",");
}

function run(words: string[]): void {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { env: { type: "string" } },
  });
  const setting = settingFor(positionals);
  const environment = environments.find((name) => name === values.env);
  if (environment === undefined) throw new Misuse(`--env must be one of ${environments.join(", ")}.`);
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

await command(usage, run);
