/**
 * npm run keys: the keys that sign sessions, passes and tickets, and their rotation.
 *
 * Works on .dev.vars, or on a file of the same form, which is where a deployment's sets are kept: Cloudflare does not give
 * a secret back. After add, rotate, retire and revoke it says what to deploy. No private half is printed but by `show`.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";
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

const usage = `npm run keys -- new | list | COMMAND NAME   [--file FILE]
  new --file FILE   a file with a new set of each, for a deployment; keep it where you keep secrets
  list              every key of every set, and what it does
  add NAME          a new key stands by: known, not yet signing
  rotate NAME       the standby signs; the old one goes on verifying
  retire NAME       old keys go, when their last token has expired (--kid KID: this one, now)
  revoke NAME --kid KID   somebody else has it: it goes at once, with everything it signed
  show NAME         the set itself, for a pipe into \`wrangler secret put\`
  --file FILE       the sets are in this file instead of .dev.vars
  NAME is one of ${keyNames.join(", ")}`;

await command(usage, run);

async function run(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { file: { type: "string" }, kid: { type: "string" } },
  });
  const [what, named] = positionals;
  if (what === "new") {
    if (values.file === undefined) throw new Misuse("Say --file: npm start makes .dev.vars.");
    return makeFile(path.resolve(values.file));
  }
  const file = path.resolve(values.file ?? secretsFile);
  if (!existsSync(file)) throw new Failure(`${file} is missing: npm start makes .dev.vars.`);
  if (what === "list") return list(file);
  const name = keyNames.find((one) => one === named);
  if (name === undefined) throw new Misuse("Say what to do, and with which set.");
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
  throw new Misuse(what === "revoke" ? "Say --kid: which key somebody else has." : `There is no "${what}".`);
}

/** One that is there is left alone: whatever its keys have signed would end with them. */
async function makeFile(file: string): Promise<void> {
  if (existsSync(file)) throw new Failure(`${file} is there already.`);
  const lines: string[] = [];
  for (const name of keyNames) lines.push(formatVar(name, JSON.stringify({ keys: [await makeKey(new Date())] })));
  writeFileSync(file, lines.join(""), { mode: 0o600, flag: "wx" });
  console.log(`${file} has ${keyNames.join(", ")}: nobody gives them back to you, so keep it.`);
  for (const name of keyNames) sayHowToDeploy(file, name);
}

function sayHowToDeploy(file: string, name: KeyName): void {
  const show = `npm run --silent keys -- show ${name} --file ${file}`;
  console.log(`Deploy it:  ${show} | npx wrangler secret put ${name} --env ENVIRONMENT`);
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
  console.log(`${name}: ${set.keys.map(({ kid }) => kid).join(", ")} (the first signs); ${next}.`);
  if (file === secretsFile) console.log("On this machine npm start takes it up when it is started again.");
  else sayHowToDeploy(file, name);
}
