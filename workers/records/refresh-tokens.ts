/**
 * Rotation of refresh tokens. Every token is used once; the use inserts its successor in the same statement, so that of
 * two uses at once exactly one wins. A token that comes back after it was used means that somebody else holds it too:
 * the whole family ends, for the thief and for the owner, who signs in again.
 */
import { log } from "../../durable-objects/log.ts";
import { and, eq, gt, isNull, lt, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { auditInsert } from "./audit.ts";
import type { Records } from "./database.ts";
import { languages, members, refreshTokens, roles } from "./schema.ts";
import type { Language, Role } from "./schema.ts";

/**
 * Tabs of one browser share a cookie and may renew in the same moment. Within this time the second use is answered with
 * an access token but without a successor, so a thief who is that fast gains one access token and no branch of the family.
 */
const TWIN_GRACE_MS = 20_000;

export interface SessionMember {
  readonly id: string;
  readonly email: string;
  readonly nickname: string;
  readonly role: Role;
  readonly language: Language;
  readonly emailVerifiedAt: Date | null;
}

export type Rotation =
  | { readonly result: "rotated"; readonly member: SessionMember }
  | { readonly result: "twin"; readonly member: SessionMember }
  | { readonly result: "refused" };

export interface Succession {
  readonly jti: string;
  readonly family: string;
  readonly memberId: string;
  readonly next: string;
  readonly nextExpiresAt: Date;
  readonly now: Date;
}

const sessionMember = z.object({
  id: z.uuid(),
  email: z.string(),
  nickname: z.string(),
  role: z.enum(roles),
  language: z.enum(languages),
  // The driver hands raw statements' times over as it parsed them: text of Postgres' own form, or a Date.
  emailVerifiedAt: z.coerce.date().nullable(),
});

/** A sign-in: the first token of a new family. */
export async function startFamily(
  db: Records,
  token: { readonly jti: string; readonly family: string; readonly memberId: string; readonly expiresAt: Date },
): Promise<void> {
  await db.insert(refreshTokens).values(token);
}

export async function rotate(db: Records, succession: Succession): Promise<Rotation> {
  const { jti, family, memberId, next, nextExpiresAt } = succession;
  const now = succession.now.toISOString();
  const { rows } = await db.execute(sql`
    with used as (
      update ${refreshTokens} set used_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
      where jti = ${jti}::uuid and family = ${family}::uuid and member_id = ${memberId}::uuid
        and used_at is null and revoked_at is null and expires_at > ${now}::timestamptz
      returning family, member_id
    ), successor as (
      insert into ${refreshTokens} (jti, family, member_id, expires_at)
      select ${next}::uuid, family, member_id, ${nextExpiresAt.toISOString()}::timestamptz from used
    )
    select m.id, m.email, m.nickname, m.role, m.language, m.email_verified_at as "emailVerifiedAt" from used join ${members} m on m.id = used.member_id`);
  const rotated = rows[0];
  if (rotated !== undefined) return { result: "rotated", member: sessionMember.parse(rotated) };
  return usedBefore(db, succession);
}

async function usedBefore(db: Records, succession: Succession): Promise<Rotation> {
  const [known] = await db
    .select({ token: refreshTokens, member: members })
    .from(refreshTokens)
    .innerJoin(members, eq(members.id, refreshTokens.memberId))
    .where(and(eq(refreshTokens.jti, succession.jti), eq(refreshTokens.memberId, succession.memberId)))
    .limit(1);
  if (known === undefined) return { result: "refused" };
  const { usedAt, revokedAt } = known.token;
  if (usedAt === null || revokedAt !== null) return { result: "refused" };
  if (succession.now.getTime() - usedAt.getTime() <= TWIN_GRACE_MS) {
    const { id, email, nickname, role, language, emailVerifiedAt } = known.member;
    return { result: "twin", member: { id, email, nickname, role, language, emailVerifiedAt } };
  }
  const audit = { performanceId: null, actor: known.member.id, action: "refresh-token.reused" };
  await db.batch([
    revocation(db, known.token.family, succession.now),
    auditInsert(db, { ...audit, detail: { family: known.token.family } }),
  ]);
  log("warn", "auth", "refresh token used twice");
  return { result: "refused" };
}

/** A sign-in ends: no token of it can be used or followed by another. */
export async function revokeFamily(db: Records, family: string, now: Date): Promise<void> {
  await revocation(db, family, now);
}

function revocation(db: Records, family: string, now: Date) {
  const open = and(eq(refreshTokens.family, family), isNull(refreshTokens.revokedAt));
  return db.update(refreshTokens).set({ revokedAt: now }).where(open);
}

/** The role of the member whose sign-in goes on; null when it was signed out of, reset, or found stolen. */
export async function roleOfSession(db: Records, memberId: string, family: string, now: Date): Promise<Role | null> {
  const alive = and(
    eq(refreshTokens.family, family),
    eq(refreshTokens.memberId, memberId),
    isNull(refreshTokens.revokedAt),
    gt(refreshTokens.expiresAt, now),
  );
  const rows = await db
    .select({ role: members.role })
    .from(refreshTokens)
    .innerJoin(members, eq(members.id, refreshTokens.memberId))
    .where(alive)
    .limit(1);
  return rows[0]?.role ?? null;
}

/** Ends a member's sign-ins, on all devices or on all others. Not yet sent: it can join a batch. */
export function revokeFamilies(db: Records, memberId: string, now: Date, except: string | null = null) {
  const others = except === null ? undefined : ne(refreshTokens.family, except);
  const open = and(eq(refreshTokens.memberId, memberId), isNull(refreshTokens.revokedAt), others);
  return db.update(refreshTokens).set({ revokedAt: now }).where(open);
}

/** For the cron: a row is of no use once its token has expired. */
export async function purgeRefreshTokens(db: Records, now: Date): Promise<void> {
  await db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, now));
}
