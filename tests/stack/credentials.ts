/** Tokens and passes that must open nothing, each with the refusal it has to meet. */
import { generateKeyPair, SignJWT } from "jose";
import { z } from "zod";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";
import { signToken } from "../../workers/edge/auth/tokens.ts";
import type { Buyer } from "./buyer.ts";
import type { House } from "./house.ts";
import type { Target } from "./target.ts";

export type Credential = readonly [token: string, refusal: string];

/** As access tokens of the owner. */
export async function badTokens({ house, ownerId, owner }: Target): Promise<readonly Credential[]> {
  const { SESSION_KEYS, PASS_KEYS } = readSecrets();
  const keys = await keySet(SESSION_KEYS);
  const claims = { role: "admin" };
  const forger = await generateKeyPair("EdDSA");
  const forged = (header: { alg: string; kid?: string }) =>
    new SignJWT(claims)
      .setProtectedHeader({ typ: "access+jwt", ...header })
      .setIssuer("ticketping")
      .setAudience("ticketping:api")
      .setSubject(ownerId)
      .setIssuedAt()
      .setExpirationTime("10m");
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const [, payload = "", signature = ""] = owner.token.split(".");
  const none = `${base64({ alg: "none", typ: "access+jwt" })}.${payload}.`;
  const shared = Buffer.from(keys.published[0]?.x ?? "", "base64url");
  const expired = await signAccess(keys, { id: ownerId, role: "member" }, Date.now() - 3_600_000);
  const wrongKeys = {
    keys: await keySet(PASS_KEYS),
    type: "access+jwt",
    audience: "ticketping:api",
    subject: ownerId,
  };
  return [
    [expired, "401 token-expired"],
    [await refreshToken(house), "401 token-invalid"],
    [owner.pass, "401 token-invalid"],
    [none, "401 token-invalid"],
    [none.slice(0, -1), "401 token-invalid"],
    [`${base64({ alg: "EdDSA", typ: "access+jwt" })}.${payload}.${signature}`, "401 token-invalid"],
    [owner.token.replace(payload, base64({ ...claims, sub: ownerId })), "401 token-invalid"],
    [await forged({ alg: "EdDSA", kid: keys.signing.kid }).sign(forger.privateKey), "401 token-invalid"],
    [await forged({ alg: "HS256", kid: keys.signing.kid }).sign(shared), "401 token-invalid"],
    [await signToken({ ...wrongKeys, claims, expiresAt: Date.now() + 60_000 }), "401 token-invalid"],
    ["x".repeat(10_000), "401 token-invalid"],
    ["", "401 token-invalid"],
  ];
}

/** As passes of the owner for the first performance. */
export async function badPasses({ show, other, ownerId, owner, stranger }: Target): Promise<readonly Credential[]> {
  const keys = await keySet(readSecrets().PASS_KEYS);
  const pass = { keys, type: "booking-pass+jwt", audience: "ticketping:booking", subject: ownerId };
  const claims = { performance: show.id, number: 0, epoch: 0 };
  const expired = await signToken({ ...pass, claims, expiresAt: Date.now() - 120_000, now: Date.now() - 600_000 });
  const ticket = await signToken({ ...pass, type: "queue-ticket+jwt", claims, expiresAt: Date.now() + 60_000 });
  return [
    ["", "403 pass-missing"],
    [expired, "403 pass-expired"],
    [await passOf(owner, other.id), "403 pass-invalid"],
    [ticket, "403 pass-invalid"],
    [stranger.pass, "403 pass-invalid"],
    [owner.token, "403 pass-invalid"],
    [`${owner.pass.slice(0, -4)}AAAA`, "403 pass-invalid"],
  ];
}

/** A refresh token of a real sign-in. */
async function refreshToken(house: House): Promise<string> {
  const account = { email: demoFans[0].email, password: demoPassword };
  const response = await house.api.send("POST /api/auth/login", { body: account });
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith("tp_refresh="));
  await response.body?.cancel();
  return z.string().parse(cookie?.slice("tp_refresh=".length).split(";")[0]);
}

/** A pass with a right signature, made without asking whether there is a session. */
export async function passOf(buyer: Buyer, performanceId: string): Promise<string> {
  const { sub } = z.looseObject({ sub: z.string() }).parse(JSON.parse(atob(buyer.token.split(".")[1] ?? "")));
  return signToken({
    keys: await keySet(readSecrets().PASS_KEYS),
    type: "booking-pass+jwt",
    audience: "ticketping:booking",
    subject: sub,
    claims: { performance: performanceId, number: 0, epoch: 0 },
    expiresAt: Date.now() + 60_000,
  });
}
