/**
 * `.dev.vars`, where `wrangler dev` looks for secrets: made on the first start, never overwritten. A name that is missing
 * (after an update, or because somebody deleted it to have it made anew) is added.
 * The keys of Toss, Stripe and the mail service open the sandboxes only.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { projectRoot } from "./children.ts";
import { Failure } from "./failure.ts";
import { makeKey } from "./key-sets.ts";

export const secretsFile = path.join(projectRoot, ".dev.vars");

const makers = {
  SESSION_KEYS: makeKeySet,
  PASS_KEYS: makeKeySet,
  TICKET_KEYS: makeKeySet,
  METRICS_TOKEN: async () => randomBytes(24).toString("base64url"),
  MAIL_API_KEY: async () => randomBytes(24).toString("base64url"),
  TOSS_CLIENT_KEY: async () => `test_ck_${randomBytes(18).toString("hex")}`,
  TOSS_SECRET_KEY: async () => `test_sk_${randomBytes(18).toString("hex")}`,
  STRIPE_PUBLISHABLE_KEY: async () => `pk_test_${randomBytes(18).toString("hex")}`,
  STRIPE_SECRET_KEY: async () => `sk_test_${randomBytes(18).toString("hex")}`,
  STRIPE_WEBHOOK_SECRET: async () => `whsec_${randomBytes(18).toString("hex")}`,
} as const satisfies Record<string, () => Promise<string>>;

export type Secrets = Readonly<Record<keyof typeof makers, string>>;

/** Makes what is missing, and returns all. */
export async function ensureSecrets(file: string = secretsFile): Promise<Secrets> {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Secrets of this checkout, for local use only.\n";
  const known = parseVars(before);
  const added: string[] = [];
  for (const [name, make] of Object.entries(makers)) if (!known[name]) added.push(formatVar(name, await make()));
  if (added.length > 0) {
    const draft = `${file}.${process.pid}`;
    const gap = before.endsWith("\n") ? "" : "\n";
    writeFileSync(draft, `${before}${gap}${added.join("")}`, { mode: 0o600 });
    renameSync(draft, file);
  }
  return readSecrets(file);
}

export function readSecrets(file: string = secretsFile): Secrets {
  if (!existsSync(file)) throw new Failure(`${file} is missing: npm start makes it.`);
  const found = parseVars(readFileSync(file, "utf8"));
  const need = (name: keyof Secrets): string => {
    const value = found[name];
    if (!value) throw new Failure(`${name} is missing in ${file}: npm start adds it.`);
    return value;
  };
  return {
    SESSION_KEYS: need("SESSION_KEYS"),
    PASS_KEYS: need("PASS_KEYS"),
    TICKET_KEYS: need("TICKET_KEYS"),
    METRICS_TOKEN: need("METRICS_TOKEN"),
    MAIL_API_KEY: need("MAIL_API_KEY"),
    TOSS_CLIENT_KEY: need("TOSS_CLIENT_KEY"),
    TOSS_SECRET_KEY: need("TOSS_SECRET_KEY"),
    STRIPE_PUBLISHABLE_KEY: need("STRIPE_PUBLISHABLE_KEY"),
    STRIPE_SECRET_KEY: need("STRIPE_SECRET_KEY"),
    STRIPE_WEBHOOK_SECRET: need("STRIPE_WEBHOOK_SECRET"),
  };
}

/** Reads what `wrangler` reads: NAME=value, single or double quotes around it, # for remarks. */
export function parseVars(text: string): Readonly<Record<string, string | undefined>> {
  return parseEnv(text);
}

/** Single quotes keep JSON as it is; a value cannot contain one, nor a `$`, which wrangler would expand even so. */
export function formatVar(name: string, value: string): string {
  if (/['$\r\n]/.test(value))
    throw new Failure(`The value of ${name} has a character that a .dev.vars file cannot hold.`);
  return `${name}='${value}'\n`;
}

/** One key; another can be put beside it with `npm run keys`. */
async function makeKeySet(): Promise<string> {
  return JSON.stringify({ keys: [await makeKey(new Date())] });
}
