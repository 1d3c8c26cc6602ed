/**
 * The two tokens of a signed-in member. The access token (30 minutes) is what requests carry; the refresh token (7 days)
 * only ever travels to /api/auth. Both hold the nickname and the role, so that neither a request nor a renewal during a
 * Postgres outage needs the records. A changed role therefore takes effect within 30 minutes.
 */
import { z } from "zod";
import { roles } from "../../records/schema/members.ts";
import type { Member } from "../context.ts";
import type { KeySet } from "./keys.ts";
import { signToken, verifyToken } from "./tokens.ts";
import type { TokenResult } from "./tokens.ts";

export const ACCESS_LIFETIME_MS = 30 * 60_000;
export const REFRESH_LIFETIME_MS = 7 * 24 * 3_600_000;
const ACCESS = { type: "access+jwt", audience: "ticketping:api" } as const;
const REFRESH = { type: "refresh+jwt", audience: "ticketping:refresh" } as const;

const memberClaims = z.object({
  sub: z.uuid(),
  role: z.enum(roles),
  nickname: z.string().min(1).max(200).optional(),
});
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

export function signAccess(keys: KeySet, member: Member, now: number): Promise<string> {
  const claims = claimsOf(member);
  return signToken({ keys, ...ACCESS, subject: member.id, claims, expiresAt: now + ACCESS_LIFETIME_MS, now });
}

export async function verifyAccess(keys: KeySet, token: string, now: number): Promise<Verified<Member>> {
  const result = await verifyToken({ keys, ...ACCESS, token, now });
  return parsed(result, (claims) => {
    const known = memberClaims.safeParse(claims);
    return known.success ? memberOf(known.data) : null;
  });
}

export function signRefresh(keys: KeySet, grant: RefreshGrant, now: number): Promise<string> {
  const claims = { ...claimsOf(grant.member), jti: grant.jti, family: grant.family };
  const expiresAt = now + REFRESH_LIFETIME_MS;
  return signToken({ keys, ...REFRESH, subject: grant.member.id, claims, expiresAt, now });
}

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
  return { role: member.role, ...(member.nickname === undefined ? {} : { nickname: member.nickname }) };
}

function memberOf(claims: z.infer<typeof memberClaims>): Member {
  const { sub: id, role, nickname } = claims;
  return nickname === undefined ? { id, role } : { id, role, nickname };
}
