/** Whatever is wrong with a token, whoever sent it is told the same few words; what exactly it was is in the log only. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess, signRefresh } from "../../workers/edge/auth/session.ts";
import { signToken } from "../../workers/edge/auth/tokens.ts";
import { bearer, ORIGIN, startEdge, textAt, type Answer, type Edge } from "./edge.ts";

const MINUTE = 60_000;
let edge: Edge;
let id: string;
let good: string;

beforeAll(async () => {
  edge = await startEdge();
  const { body } = await edge.signIn("ada@example.com");
  id = textAt(body, "member", "id");
  good = textAt(body, "accessToken");
}, 90_000);

afterAll(() => edge.close());

/** Lines of the log, newest last. */
const logged: string[] = [];
beforeEach(() => {
  logged.length = 0;
  vi.spyOn(console, "warn").mockImplementation((line: unknown) => void logged.push(String(line)));
});
afterEach(() => vi.restoreAllMocks());

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** By what is wrong with it. */
async function badTokens(): Promise<ReadonlyMap<string, string>> {
  const keys = await keySet(edge.setting("SESSION_KEYS"));
  const passKeys = await keySet(edge.setting("PASS_KEYS"));
  const forger = await generateKeyPair("EdDSA");
  const strange = await generateKeyPair("EdDSA", { extractable: true });
  const kid = keys.signing.kid;
  const access = { keys, type: "access+jwt", audience: "ticketping:api", subject: id, claims: { role: "admin" } };
  const soon = Date.now() + MINUTE;
  const [header = "", payload = "", signature = ""] = good.split(".");
  const forged = (name: Readonly<Record<string, unknown>>) =>
    new SignJWT({ role: "admin" })
      .setProtectedHeader({ alg: "EdDSA", typ: "access+jwt", kid, ...name })
      .setIssuer("ticketping")
      .setAudience("ticketping:api")
      .setSubject(id)
      .setIssuedAt()
      .setExpirationTime("10m");
  const shared = Buffer.from(keys.published[0]?.x ?? "", "base64url");
  const grant = { member: { id, role: "member" as const }, jti: crypto.randomUUID(), family: crypto.randomUUID() };
  return new Map([
    ["alg none", `${base64({ alg: "none", typ: "access+jwt", kid })}.${payload}.`],
    ["alg none, another spelling", `${base64({ alg: "nOnE", typ: "access+jwt", kid })}.${payload}.${signature}`],
    ["swapped for HMAC with the public key", await forged({ alg: "HS256" }).sign(shared)],
    ["another audience", await signToken({ ...access, audience: "ticketping:booking", expiresAt: soon })],
    ["another type", await signToken({ ...access, type: "booking-pass+jwt", expiresAt: soon })],
    ["a refresh token", await signRefresh(keys, grant, Date.now())],
    ["from the future", await signAccess(keys, { id, role: "admin" }, Date.now() + 10 * MINUTE)],
    ["without an end", await signToken({ ...access, expiresAt: null })],
    ["unknown kid", await forged({ kid: "nobody" }).sign(forger.privateKey)],
    ["no kid", `${base64({ alg: "EdDSA", typ: "access+jwt" })}.${payload}.${signature}`],
    ["a key of its own", await forged({ jwk: await exportJWK(strange.publicKey) }).sign(strange.privateKey)],
    ["a key's address of its own", await forged({ jku: "https://evil.example/jwks" }).sign(strange.privateKey)],
    ["keys of passes", await signToken({ ...access, keys: passKeys, expiresAt: soon })],
    ["a role that is none", await signToken({ ...access, claims: { role: "root" }, expiresAt: soon })],
    ["an id that is none", await signToken({ ...access, subject: "1 or 1=1", expiresAt: soon })],
    ["another payload", `${header}.${base64({ sub: id, role: "admin" })}.${signature}`],
    ["another signature", `${header}.${payload}.${signature.slice(0, -4)}AAAA`],
    ["null bytes", `${header}.${base64({ sub: `${id}\u0000`, role: "admin\u0000" })}.${signature}`],
    ["100 KB", "x".repeat(100_000)],
    ["100 KB of dots", ".".repeat(100_000)],
    ["nothing at all", "e30.e30.e30"],
    ["two tokens", `${good}, Bearer ${good}`],
  ]);
}

/** The whole answer, but for the id that every request has to itself. */
function toTheLetter({ status, body, headers }: Answer): string {
  const id = headers.get("x-request-id") ?? "none";
  return JSON.stringify([status, body, [...headers]]).replaceAll(id, "(id)");
}

describe("a token that is wrong", () => {
  it("in whatever way, gets the same answer to the letter, and its reason is in the log", async () => {
    const reasons = new Set<string>();
    const answers = new Set<string>();
    for (const [wrong, token] of await badTokens()) {
      logged.length = 0;
      const answer = await edge.ask("GET", "/api/me", { headers: bearer(token) });
      answers.add(toTheLetter(answer));
      if (wrong === "two tokens") continue; // no token by its form: refused before any is read
      expect([wrong, logged.length]).toEqual([wrong, 1]);
      expect(logged[0]).toMatch(/"at":"token","message":"opened nothing","kind":"access","reason":"[^"]/);
      for (const secret of [token, id, "ada@"]) expect(logged[0]).not.toContain(secret.slice(0, 40));
      reasons.add(logged[0] ?? "");
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain("token-invalid");
    // Rich: the log tells at least these kinds of wrong apart.
    expect(reasons.size).toBeGreaterThan(8);
    expect((await edge.ask("GET", "/api/me", { headers: bearer(good) })).status).toBe(200);
  });

  it("opens nothing as a cookie either, nor as a refresh token", async () => {
    for (const [wrong, token] of await badTokens()) {
      const cookie = { cookie: `tp_access=${encodeURIComponent(token)}`, origin: ORIGIN };
      expect([wrong, (await edge.ask("PATCH", "/api/me", { headers: cookie, json: {} })).status]).toEqual([wrong, 401]);
      if (wrong === "a refresh token") continue; // it is one, of a sign-in nobody knows: told below
      const renewal = { cookie: `tp_refresh=${encodeURIComponent(token)}`, origin: ORIGIN };
      expect([wrong, (await edge.ask("POST", "/api/auth/refresh", { headers: renewal })).body]).toMatchObject([
        wrong,
        { code: "refresh-invalid" },
      ]);
    }
    const keys = await keySet(edge.setting("SESSION_KEYS"));
    const grant = { member: { id, role: "admin" as const }, jti: crypto.randomUUID(), family: crypto.randomUUID() };
    const unknown = { cookie: `tp_refresh=${await signRefresh(keys, grant, Date.now())}`, origin: ORIGIN };
    expect(await edge.ask("POST", "/api/auth/refresh", { headers: unknown })).toMatchObject({
      status: 401,
      body: { code: "refresh-invalid" },
    });
  });

  it("is told apart from one that is missing or has expired, and from those only", async () => {
    const keys = await keySet(edge.setting("SESSION_KEYS"));
    const expired = await signAccess(keys, { id, role: "member" }, Date.now() - 60 * MINUTE);
    const codeOf = async (headers: Record<string, string>): Promise<string> =>
      textAt((await edge.ask("GET", "/api/me", { headers })).body, "code");
    expect(await codeOf({})).toBe("token-missing");
    expect(await codeOf(bearer(expired))).toBe("token-expired");
    const [header = "", payload = ""] = expired.split(".");
    expect(await codeOf(bearer(`${header}.${payload}.AAAA`))).toBe("token-invalid");
  });
});

describe("an address that only looks like somebody's", () => {
  it("is another account, whose owner gets nothing of the first one's", async () => {
    const victim = "hana@example.com";
    const first = await edge.signIn(victim);
    for (const lookalike of ["hаna@example.com", "һana@example.com", "hana@exаmple.com"]) {
      const own = { email: lookalike, password: "another horse", nickname: "하나" };
      const signedUp = await edge.ask("POST", "/api/auth/signup", { json: own });
      expect([lookalike, signedUp.status]).toEqual([lookalike, 201]);
      expect(textAt(signedUp.body, "member", "id")).not.toBe(textAt(first.body, "member", "id"));
      const crossed = await edge.ask("POST", "/api/auth/login", { json: { email: victim, password: own.password } });
      expect(crossed).toMatchObject({ status: 401, body: { code: "sign-in-failed" } });
    }
    // What is the same address written differently is the same account, not a second one.
    for (const same of ["HANA@EXAMPLE.COM", " hana@example.com ", "hana@ｅｘａｍｐｌｅ.com"]) {
      const json = { email: same, password: "another horse", nickname: "하나" };
      expect([same, (await edge.ask("POST", "/api/auth/signup", { json })).status]).toEqual([same, 409]);
    }
    for (const broken of ["hana@example.com\u0000", "ha\u200bna@example.com", "hana@example.com\u202e"]) {
      const json = { email: broken, password: "another horse", nickname: "하나" };
      expect([broken, (await edge.ask("POST", "/api/auth/signup", { json })).status]).toEqual([broken, 422]);
    }
  });
});
