/** Rotation as tokens see it: with the Worker's own signing and verifying. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { keySet } from "../workers/edge/auth/keys.ts";
import { signAccess, verifyAccess } from "../workers/edge/auth/session.ts";
import { projectRoot } from "./children.ts";
import { keyNames, makeKey, readKeySet, retired, revoked, rotated, withStandby, type KeySetFile } from "./key-sets.ts";
import { parseVars } from "./secrets.ts";

const DAY = 86_400_000;
const now = new Date();
const later = (days: number): Date => new Date(now.getTime() + days * DAY);
const member = { id: "5b0cbb3e-6d0c-4f6a-9a5e-2f4d0a6f1c55", role: "member" } as const;
const worker = (set: KeySetFile) => keySet(JSON.stringify(set));
const sign = async (set: KeySetFile) => signAccess(await worker(set), member, now.getTime());
const opens = async (set: KeySetFile, token: string) =>
  (await verifyAccess(await worker(set), token, now.getTime())).ok;

describe("a deployment's file", () => {
  it("is made with a set of each kind, all different, and never written over", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ticketping-keys-"));
    const file = path.join(folder, "production.keys");
    const make = () => spawnSync(process.execPath, [path.join(projectRoot, "dev/keys.ts"), "new", "--file", file]);
    try {
      expect(make().status).toBe(0);
      const before = readFileSync(file, "utf8");
      const made = keyNames.map((name) => readKeySet(parseVars(before)[name] ?? "", name));
      expect(new Set(made.map(({ keys: [key] }) => key?.kid)).size).toBe(keyNames.length);
      for (const set of made) expect(await opens(set, await sign(set))).toBe(true);
      expect(make().status).toBe(1);
      expect(readFileSync(file, "utf8")).toBe(before);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a key", () => {
  it("stands by, signs, is replaced and goes, and its tokens with it", async () => {
    const first: KeySetFile = { keys: [await makeKey(now)] };
    const standing = withStandby(first, await makeKey(now));
    const old = await sign(first);
    expect(await sign(standing).then((token) => opens(first, token))).toBe(true);
    const second = rotated(standing, now);
    const fresh = await sign(second);
    // During the overlap both open, also where the new set has not arrived yet but the standby has.
    expect([await opens(second, old), await opens(second, fresh), await opens(standing, fresh)]).toEqual([
      true,
      true,
      true,
    ]);
    expect((await worker(second)).published.map(({ kid }) => kid)).toEqual([
      standing.keys[1]?.kid,
      standing.keys[0]?.kid,
    ]);
    expect(JSON.stringify((await worker(second)).published)).not.toContain(`"d"`);
    const last = retired("SESSION_KEYS", second, later(7), null);
    expect([await opens(last, old), await opens(last, fresh)]).toEqual([false, true]);
  });

  it("is not retired while it signs, or while its tokens live, unless somebody names it", async () => {
    const set = rotated(withStandby({ keys: [await makeKey(now)] }, await makeKey(now)), now);
    const [signing, old] = set.keys.map(({ kid }) => kid);
    expect(() => retired("SESSION_KEYS", set, later(6.9), null)).toThrow("outlived");
    expect(() => retired("TICKET_KEYS", set, later(9_999), null)).toThrow("outlived");
    expect(() => retired("SESSION_KEYS", set, now, signing ?? "")).toThrow("signing key");
    expect(retired("TICKET_KEYS", set, now, old ?? "").keys.map(({ kid }) => kid)).toEqual([signing]);
  });

  it("that somebody else has goes at once, and the next one signs at once", async () => {
    const set: KeySetFile = { keys: [await makeKey(now)] };
    const stolen = set.keys[0]?.kid ?? "";
    const theirs = await sign(set);
    const fresh = await makeKey(now);
    const after = revoked("SESSION_KEYS", set, stolen, fresh);
    expect(after.keys.map(({ kid }) => kid)).toEqual([fresh.kid]);
    expect([await opens(after, theirs), await opens(after, await sign(after))]).toEqual([false, true]);
    // Where one stands by, everybody knows it already; and one that no longer signs goes without another.
    const standing = withStandby(set, await makeKey(now));
    const standby = standing.keys[1]?.kid ?? "";
    expect(revoked("SESSION_KEYS", standing, stolen, fresh).keys.map(({ kid }) => kid)).toEqual([standby]);
    const turned = rotated(standing, now);
    expect(revoked("SESSION_KEYS", turned, stolen, fresh).keys.map(({ kid }) => kid)).toEqual([standby]);
    expect(() => revoked("PASS_KEYS", set, "another", fresh)).toThrow("PASS_KEYS has no key another");
  });

  it("does not sign before it stood by, and one stands by at a time", async () => {
    const set: KeySetFile = { keys: [await makeKey(now)] };
    expect(() => rotated(set, now)).toThrow("stands by");
    const standing = withStandby(set, await makeKey(now));
    const another = await makeKey(now);
    expect(() => withStandby(standing, another)).toThrow("already");
    expect(() => readKeySet("{", "SESSION_KEYS")).toThrow("not JSON");
    expect(() => readKeySet(`{"keys":[]}`, "SESSION_KEYS")).toThrow("private keys");
  });
});
