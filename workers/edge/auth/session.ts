/**
 * The two tokens of a signed-in member. The access token (5 minutes) is what requests carry; the refresh token (7 days)
 * only ever travels to /api/auth. Both hold what a request needs to know of the member, so that neither a request nor a
 * renewal during a Postgres outage needs the records. A changed role, and a sign-out of a token that somebody copied,
 * therefore take effect within 5 minutes, and at once where a route asks for a live sign-in (`liveSession` in who.ts).
 */
import { z } from "zod";
import { roles } from "../../records/schema/members.ts";
import type { Member } from "../context.ts";
import type { KeySet } from "./keys.ts";
import { signToken, verifyToken } from "./tokens.ts";
import type { TokenResult } from "./tokens.ts";

export const ACCESS_LIFETIME_MS = 5 * 60_000;
export const REFRESH_LIFETIME_MS = 7 * 24 * 3_600_000;
const ACCESS = { type: "access+jwt", audience: "ticketping:api" } as const;
const REFRESH = { type: "refresh+jwt", audience: "ticketping:refresh" } as const;

const memberClaims = z.object({
  sub: z.uuid(),
  role: z.enum(roles),
  nickname: z.string().min(1).max(200).optional(),
  verified: z.boolean().optional(),
});
const accessClaims = memberClaims.extend({ session: z.uuid().optional() });
const refreshClaims = memberClaims.extend({ jti: z.uuid(), family: z.uuid() });

export interface RefreshGrant {
  readonly member: Member;
  readonly jti: string;
  /** All tokens that descend from one sign-in. */
  readonly family: string;
}

export type Verified<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: "expired" | "invalid"; readonly detail: string };

/** Another lifetime than usual is for load scripts, which have no cookie to renew with. */
export function signAccess(
  keys: KeySet,
  member: Member,
  now: number,
  lifetimeMs: number = ACCESS_LIFETIME_MS,
): Promise<string> {
  const { session } = member;
  const claims = { ...claimsOf(member), ...(session === undefined ? {} : { session }) };
  return signToken({ keys, ...ACCESS, subject: member.id, claims, expiresAt: now + lifetimeMs, now });
}

/** The member of an access token. No other kind of token is one, whoever signed it. */
export async function verifyAccess(keys: KeySet, token: string, now: number): Promise<Verified<Member>> {
  const result = await verifyToken({ keys, ...ACCESS, token, now });
  return parsed(result, (claims) => {
    const known = accessClaims.safeParse(claims);
    if (!known.success) return null;
    const { session } = known.data;
    return { ...memberOf(known.data), ...(session === undefined ? {} : { session }) };
  });
}

export function signRefresh(keys: KeySet, grant: RefreshGrant, now: number): Promise<string> {
  const claims = { ...claimsOf(grant.member), jti: grant.jti, family: grant.family };
  const expiresAt = now + REFRESH_LIFETIME_MS;
  return signToken({ keys, ...REFRESH, subject: grant.member.id, claims, expiresAt, now });
}

/** What a refresh token grants. Whether it is still good, the records say (refresh-tokens.ts). */
export async function verifyRefresh(keys: KeySet, token: string, now: number): Promise<Verified<RefreshGrant>> {
  const result = await verifyToken({ keys, ...REFRESH, token, now });
  return parsed(result, (claims) => {
    const known = refreshClaims.safeParse(claims);
    if (!known.success) return null;
    return { member: memberOf(known.data), jti: known.data.jti, family: known.data.family };
  });
}

function parsed<T>(result: TokenResult, read: (claims: unknown) => T | null): Verified<T> {
  if (!result.ok) return result;
  const value = read(result.claims);
  if (value === null) return { ok: false, reason: "invalid", detail: "a claim is missing or malformed" };
  return { ok: true, value };
}

function claimsOf(member: Member): Record<string, unknown> {
  const { role, nickname, verified } = member;
  return { role, ...(nickname === undefined ? {} : { nickname }), ...(verified === true ? { verified } : {}) };
}

function memberOf(claims: z.infer<typeof memberClaims>): Member {
  const { sub: id, role, nickname, verified } = claims;
  return { id, role, ...(nickname === undefined ? {} : { nickname }), ...(verified === true ? { verified } : {}) };
}
