/**
 * npm run keys: the keys that sign sessions, passes and tickets, and their rotation.
 *
 *     npm run keys -- list
 *     npm run keys -- add SESSION_KEYS       a new key stands by: known, not yet signing
 *     npm run keys -- rotate SESSION_KEYS    the standby signs; the old one goes on verifying
 *     npm run keys -- retire SESSION_KEYS    old keys go, when their last token has expired (--kid KID: now)
 *     npm run keys -- revoke SESSION_KEYS --kid KID   somebody else has it: it goes at once, with everything it signed
 *     npm run keys -- show SESSION_KEYS      the set itself, for a pipe into `wrangler secret put`
 *
 * Works on .dev.vars, or on `--file FILE` of the same form, which is where a deployment's sets are kept: Cloudflare does
 * not give a secret back. After add, rotate, retire and revoke it says what to deploy. No private half is printed but by `show`.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Failure, sentenceOf } from "./failure.ts";
import {
  endsWith,
  keyNames,
  makeKey,
  readKeySet,
  retired,
  revoked,
  rotated,
  standbyOf,
  withStandby,
} from "./key-sets.ts";
import type { KeyName, KeySetFile } from "./key-sets.ts";
import { formatVar, parseVars, secretsFile } from "./secrets.ts";

const usage = `npm run keys -- list | add NAME | rotate NAME | retire NAME [--kid KID] | revoke NAME --kid KID | show NAME   [--file FILE]
  NAME is one of ${keyNames.join(", ")}`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}

async function run(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { file: { type: "string" }, kid: { type: "string" } },
  });
  const [what, named] = positionals;
  const file = path.resolve(values.file ?? secretsFile);
  if (!existsSync(file)) throw new Failure(`${file} is missing: npm start makes .dev.vars.`);
  if (what === "list") return list(file);
  const name = keyNames.find((one) => one === named);
  if (name === undefined) throw new Failure(usage);
  const set = setOf(file, name);
  const now = new Date();
  if (what === "show") return void process.stdout.write(JSON.stringify(set));
  if (what === "add")
    return deploy(file, name, withStandby(set, await makeKey(now)), "rotate it when this is deployed");
  if (what === "rotate")
    return deploy(file, name, rotated(set, now), "retire the old one when its tokens have expired");
  if (what === "retire")
    return deploy(file, name, retired(name, set, now, values.kid ?? null), "its tokens end with it");
  if (what === "revoke" && values.kid !== undefined)
    return deploy(file, name, revoked(name, set, values.kid, await makeKey(now)), endsWith[name]);
  throw new Failure(usage);
}

function list(file: string): void {
  for (const name of keyNames) {
    const set = setOf(file, name);
    const standby = standbyOf(set);
    console.log(name);
    for (const [index, { kid, made, replaced }] of set.keys.entries()) {
      const duty = index === 0 ? "signs" : kid === standby?.kid ? "stands by" : "verifies";
      console.log(
        `  ${kid.padEnd(18)}${duty.padEnd(11)}made ${made ?? "earlier"}${replaced === undefined ? "" : `, replaced ${replaced}`}`,
      );
    }
  }
}

function setOf(file: string, name: KeyName): KeySetFile {
  const value = parseVars(readFileSync(file, "utf8"))[name];
  if (value === undefined || value === "") throw new Failure(`${name} is missing in ${file}.`);
  return readKeySet(value, name);
}

/** Replaces the line in one step, so that a crash leaves the old file or the new one. */
function deploy(file: string, name: KeyName, set: KeySetFile, next: string): void {
  const lines = readFileSync(file, "utf8")
    .split(/(?<=\n)/)
    .map((line) => (line.startsWith(`${name}=`) ? formatVar(name, JSON.stringify(set)) : line));
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, lines.join(""), { mode: 0o600 });
  renameSync(draft, file);
  const where = file === secretsFile ? "" : ` --file ${file}`;
  console.log(`${name}: ${set.keys.map(({ kid }) => kid).join(", ")} (the first signs); ${next}.`);
  console.log(`Deploy it:  npm run --silent keys -- show ${name}${where} | npx wrangler secret put ${name}`);
  if (where === "") console.log("On this machine a running npm start takes it up when it is started again.");
}
