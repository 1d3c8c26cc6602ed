import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { importJWK, SignJWT, type JWK } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ensureSecrets, formatVar, parseVars } from "./secrets.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-secrets-"));
  file = path.join(folder, ".dev.vars");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes every secret once, readable by the owner only", async () => {
  const first = await ensureSecrets(file);
  const text = readFileSync(file, "utf8");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await ensureSecrets(file)).toEqual(first);
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(first.TOSS_SECRET_KEY).toMatch(/^test_sk_/);
  // None is the repository's: another checkout has others.
  const other = await ensureSecrets(path.join(folder, "another"));
  const values = [...Object.values(first), ...Object.values(other)];
  expect(new Set(values).size).toBe(values.length);
});

it("makes keys that sign", async () => {
  const { SESSION_KEYS } = await ensureSecrets(file);
  const { keys } = JSON.parse(SESSION_KEYS) as { keys: JWK[] };
  const key = keys[0] ?? {};
  expect(key).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
  expect(key.kid).toHaveLength(16);
  await new SignJWT({}).setProtectedHeader({ alg: "EdDSA" }).sign(await importJWK(key));
});

it("adds what is missing and leaves the rest alone", async () => {
  writeFileSync(file, `# mine\nOTHER="kept # here"\nMETRICS_TOKEN=chosen`);
  expect((await ensureSecrets(file)).METRICS_TOKEN).toBe("chosen");
  const text = readFileSync(file, "utf8");
  expect(text.startsWith(`# mine\nOTHER="kept # here"\nMETRICS_TOKEN=chosen\n`)).toBe(true);
  expect(parseVars(text)["OTHER"]).toBe("kept # here");
});

it("refuses values that would not be read back as written", () => {
  expect(() => formatVar("NAME", "it's")).toThrow("NAME");
  expect(() => formatVar("NAME", "pa$$word")).toThrow("NAME");
});
