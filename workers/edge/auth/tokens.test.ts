import { Buffer } from "node:buffer";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { keySet } from "./keys.ts";
import type { KeySet } from "./keys.ts";
import { REMEMBERED_TOKENS, RememberedTokens } from "./remembered-tokens.ts";
import { signAccess, signRefresh, verifyAccess, verifyRefresh } from "./session.ts";
import { signToken, verifyToken } from "./tokens.ts";

const NOW = Date.parse("2026-12-01T10:00:00.000Z");
const HOUR = 3_600_000;
const KIND = { type: "pass+jwt", audience: "ticketping:booking" } as const;
const member = { id: "0d4f4cf4-5f0b-4c6e-9d0e-1f1f6f2b8a01", role: "member", nickname: "하늘" } as const;

async function privateKeys(...kids: readonly string[]): Promise<string> {
  const keys = await Promise.all(
    kids.map(async (kid) => {
      const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
      return { ...(await exportJWK(privateKey)), kid };
    }),
  );
  return JSON.stringify({ keys });
}

let json: string;
let keys: KeySet;
let others: KeySet;

beforeAll(async () => {
  json = await privateKeys("new", "old");
  keys = await keySet(json);
  others = await keySet(await privateKeys("foreign"));
});

const pass = (change: Partial<Parameters<typeof signToken>[0]> = {}): Promise<string> =>
  signToken({
    keys,
    ...KIND,
    subject: member.id,
    claims: { performance: "p" },
    expiresAt: NOW + HOUR,
    now: NOW,
    ...change,
  });

const check = (token: string, now = NOW) => verifyToken({ keys, ...KIND, token, now });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("keys", () => {
  it("publishes public halves only", () => {
    expect(keys.published.map((key) => key.kid)).toEqual(["new", "old"]);
    expect(JSON.stringify(keys.published)).not.toContain('"d"');
  });

  it("refuses what is no private key set, without quoting it", async () => {
    for (const bad of ["", "{", "[]", '{"keys":[]}', '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}']) {
      await expect(keySet(bad)).rejects.toThrow(/^a key set is/);
    }
    const known: unknown = JSON.parse(json);
    await expect(
      keySet(JSON.stringify({ keys: Object.values(Object(known).keys).concat(Object(known).keys) })),
    ).rejects.toThrow();
  });

  it("signs with the first key and verifies with all", async () => {
    const parsed: { keys: unknown[] } = JSON.parse(json);
    const rotated = await keySet(JSON.stringify({ keys: parsed.keys.toReversed() }));
    expect(rotated.signing.kid).toBe("old");
    expect((await verifyToken({ keys: rotated, ...KIND, token: await pass(), now: NOW })).ok).toBe(true);
  });
});

describe("tokens", () => {
  it("come back as they were signed", async () => {
    const result = await check(await pass());
    expect(result.ok && result.claims).toMatchObject({
      sub: member.id,
      performance: "p",
      iss: "ticketping",
      iat: NOW / 1000,
    });
  });

  it("expire, with 60 seconds for clocks", async () => {
    const token = await pass();
    expect((await check(token, NOW + HOUR + 59_000)).ok).toBe(true);
    expect(await check(token, NOW + HOUR + 61_000)).toMatchObject({ ok: false, reason: "expired" });
  });

  it("are invalid, not expired, when anything else is wrong too", async () => {
    const late = NOW + 2 * HOUR;
    expect(await check(await pass({ keys: others }), late)).toMatchObject({ reason: "invalid" });
    expect(await check(await pass({ audience: "ticketping:api" }), late)).toMatchObject({ reason: "invalid" });
    expect(await check(await pass({ type: "access+jwt" }), late)).toMatchObject({ reason: "invalid" });
  });

  it("are not taken from the future, nor without an end unless the kind has none", async () => {
    expect(await check(await pass({ now: NOW + 61_000 }))).toMatchObject({ reason: "invalid" });
    const endless = await pass({ expiresAt: null });
    expect(await check(endless)).toMatchObject({ reason: "invalid" });
    expect((await verifyToken({ keys, ...KIND, token: endless, now: NOW, mayLackExpiry: true })).ok).toBe(true);
  });

  it("are invalid with another algorithm, however it is named", async () => {
    const claims = { sub: member.id, iss: "ticketping", aud: KIND.audience, iat: NOW / 1000, exp: (NOW + HOUR) / 1000 };
    const unsecured = new UnsecuredJWT(claims).encode();
    const none = `${encode({ alg: "none", typ: KIND.type, kid: "new" })}.${encode(claims)}.`;
    const secret = Buffer.from(keys.published[0]?.x ?? "", "base64url");
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: KIND.type, kid: "new" })
      .sign(secret);
    for (const token of [unsecured, none, confused])
      expect(await check(token)).toMatchObject({ ok: false, reason: "invalid" });
  });

  it("are invalid when signed by an unknown key, even under a known kid", async () => {
    expect(await check(await pass({ keys: others }))).toMatchObject({ reason: "invalid" });
    const posing: KeySet = { ...others, signing: { kid: "new", key: others.signing.key } };
    expect(await check(await pass({ keys: posing }))).toMatchObject({ reason: "invalid" });
  });

  it("are invalid when they are no tokens", async () => {
    const token = await pass();
    const bad = [
      "",
      ".",
      "..",
      "a.b.c",
      "\u0000",
      "💥.💥.💥",
      token.slice(0, -4),
      `${token}x`,
      "a".repeat(100_000),
      `${token}.${token}`,
    ];
    for (const text of bad) expect(await check(text)).toMatchObject({ ok: false, reason: "invalid" });
  });
});

describe("tokens that were right before", () => {
  afterEach(() => vi.restoreAllMocks());

  /** Signatures that were checked meanwhile. */
  async function signaturesChecked(work: () => Promise<unknown>): Promise<number> {
    const verify = vi.spyOn(crypto.subtle, "verify");
    await work();
    const { length } = verify.mock.calls;
    verify.mockRestore();
    return length;
  }

  it("are the same the second time, without another look at the signature", async () => {
    const token = await pass({ subject: "seen" });
    const first = await check(token);
    expect(first.ok).toBe(true);
    expect(await signaturesChecked(async () => expect(await check(token, NOW + 1_000)).toEqual(first))).toBe(0);
    // A copy is what comes with the next request; a token that was never right is looked at every time.
    expect(await signaturesChecked(() => check(`${token} `.trim()))).toBe(0);
    const forged = await pass({ keys: { ...others, signing: { kid: "new", key: others.signing.key } } });
    await check(forged);
    expect(await signaturesChecked(() => check(forged))).toBe(1);
  });

  it("end when they end, and do not begin before they begin", async () => {
    const token = await pass({ subject: "ends" });
    expect((await check(token)).ok).toBe(true);
    expect(await check(token, NOW + HOUR + 61_000)).toMatchObject({ reason: "expired" });
    expect(await check(token, NOW - 61_000)).toMatchObject({ reason: "invalid" });
  });

  it("are of the kind and of the key set they were right for, and of no other", async () => {
    const token = await pass({ subject: "kind" });
    expect((await check(token)).ok).toBe(true);
    const asking = { keys, ...KIND, token, now: NOW };
    expect(await verifyToken({ ...asking, audience: "ticketping:api" })).toMatchObject({ reason: "invalid" });
    expect(await verifyToken({ ...asking, type: "access+jwt" })).toMatchObject({ reason: "invalid" });
    expect(await verifyToken({ ...asking, keys: others })).toMatchObject({ reason: "invalid" });
    const endless = await pass({ subject: "kind", expiresAt: null });
    expect((await verifyToken({ ...asking, token: endless, mayLackExpiry: true })).ok).toBe(true);
    expect(await verifyToken({ ...asking, token: endless })).toMatchObject({ reason: "invalid" });
  });

  it("are forgotten when many others came since", async () => {
    const kept = new RememberedTokens<number>();
    const remembered = (claims: number) => ({ ...KIND, claims });
    for (let number = 0; number <= REMEMBERED_TOKENS; number++) kept.keep(keys, `${number}`, remembered(number));
    expect(kept.get(keys, "0")).toBeNull();
    expect(kept.get(keys, "1")).toEqual(remembered(1));
    expect(kept.get(keys, `${REMEMBERED_TOKENS}`)).toEqual(remembered(REMEMBERED_TOKENS));
  });
});

describe("sessions", () => {
  it("keep access and refresh apart although one key signs both", async () => {
    const access = await signAccess(keys, member, NOW);
    const grant = { member, jti: crypto.randomUUID(), family: crypto.randomUUID() };
    const refresh = await signRefresh(keys, grant, NOW);
    expect(await verifyAccess(keys, access, NOW)).toEqual({ ok: true, value: member });
    expect(await verifyRefresh(keys, refresh, NOW)).toEqual({ ok: true, value: grant });
    expect(await verifyAccess(keys, refresh, NOW)).toMatchObject({ ok: false, reason: "invalid" });
    expect(await verifyRefresh(keys, access, NOW)).toMatchObject({ ok: false, reason: "invalid" });
  });

  it("do not accept a role or an id that is none", async () => {
    const kind = { type: "access+jwt", audience: "ticketping:api" };
    const sign = (subject: string, role: unknown) =>
      signToken({ keys, ...kind, subject, claims: { role }, expiresAt: NOW + HOUR, now: NOW });
    expect(await verifyAccess(keys, await sign(member.id, "root"), NOW)).toMatchObject({ reason: "invalid" });
    expect(await verifyAccess(keys, await sign("1 or 1=1", "member"), NOW)).toMatchObject({ reason: "invalid" });
  });
});
