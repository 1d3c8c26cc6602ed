/**
 * Links sent by mail: issued, and used once. What a link may change is changed in the statement that uses it up, so that
 * of two uses at once one does everything and the other nothing.
 */
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Records } from "./database.ts";
import { languages, members, memberTokens, refreshTokens } from "./schema.ts";
import type { Language, TokenPurpose } from "./schema.ts";

/** So many links of one kind an hour: whoever asks more often fills somebody's inbox. */
const HOURLY_MAX = 5;
const HOUR_MS = 3_600_000;

export interface MemberToken {
  readonly hash: string;
  readonly memberId: string;
  readonly purpose: TokenPurpose;
  readonly expiresAt: Date;
}

/** False when the member was sent too many of them lately. */
export async function issueToken(db: Records, token: MemberToken, now: Date): Promise<boolean> {
  const { hash, memberId, purpose } = token;
  const since = new Date(now.getTime() - HOUR_MS).toISOString();
  const { rows } = await db.execute(sql`
    insert into ${memberTokens} (hash, member_id, purpose, expires_at, created_at)
    select ${hash}, ${memberId}::uuid, ${purpose}, ${token.expiresAt.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    where ${HOURLY_MAX} > (
      select count(*) from ${memberTokens}
      where member_id = ${memberId}::uuid and purpose = ${purpose} and created_at > ${since}::timestamptz
    )
    returning hash`);
  return rows.length === 1;
}

/** Whether a link would work: asked before a password is hashed for it. */
export async function tokenWorks(db: Records, hash: string, purpose: TokenPurpose, now: Date): Promise<boolean> {
  const open = and(
    eq(memberTokens.hash, hash),
    eq(memberTokens.purpose, purpose),
    isNull(memberTokens.usedAt),
    gt(memberTokens.expiresAt, now),
  );
  return (await db.select({ hash: memberTokens.hash }).from(memberTokens).where(open).limit(1)).length > 0;
}

/** True also for the link that has confirmed the address before: mail programs and people open links twice. */
export async function confirmEmail(db: Records, hash: string, now: Date): Promise<boolean> {
  const at = now.toISOString();
  const { rows } = await db.execute(sql`
    with used as (
      update ${memberTokens} set used_at = ${at}::timestamptz
      where hash = ${hash} and purpose = 'verify-email' and used_at is null and expires_at > ${at}::timestamptz
      returning member_id
    )
    update ${members} set email_verified_at = coalesce(email_verified_at, ${at}::timestamptz), updated_at = ${at}::timestamptz
    from used where id = used.member_id
    returning id`);
  if (rows.length > 0) return true;
  const confirmed = await db
    .select({ verifiedAt: members.emailVerifiedAt })
    .from(memberTokens)
    .innerJoin(members, eq(members.id, memberTokens.memberId))
    .where(and(eq(memberTokens.hash, hash), eq(memberTokens.purpose, "verify-email")))
    .limit(1);
  return confirmed[0] !== undefined && confirmed[0].verifiedAt !== null;
}

const mailedMember = z.object({ id: z.uuid(), email: z.string(), nickname: z.string(), language: z.enum(languages) });

export interface MailedMember {
  readonly id: string;
  readonly email: string;
  readonly nickname: string;
  readonly language: Language;
}

/**
 * Sets the password by a link; every sign-in and every other reset link of the member ends with it. Whoever has the link
 * reads the mail of that address, so the address counts as confirmed. Null when the link does not work.
 */
export async function resetPassword(
  db: Records,
  hash: string,
  passwordHash: string,
  now: Date,
): Promise<MailedMember | null> {
  const at = now.toISOString();
  const { rows } = await db.execute(sql`
    with used as (
      update ${memberTokens} set used_at = ${at}::timestamptz
      where hash = ${hash} and purpose = 'reset-password' and used_at is null and expires_at > ${at}::timestamptz
      returning member_id
    ), changed as (
      update ${members} set password_hash = ${passwordHash}, updated_at = ${at}::timestamptz,
        email_verified_at = coalesce(email_verified_at, ${at}::timestamptz)
      from used where id = used.member_id and withdrawn_at is null
      returning id, email, nickname, language
    ), ended as (
      update ${refreshTokens} set revoked_at = ${at}::timestamptz
      from changed where member_id = changed.id and revoked_at is null
    ), spent as (
      update ${memberTokens} set used_at = ${at}::timestamptz
      from changed where member_id = changed.id and purpose = 'reset-password' and used_at is null and hash <> ${hash}
    )
    select id, email, nickname, language from changed`);
  return rows[0] === undefined ? null : mailedMember.parse(rows[0]);
}

/** For the cron: a day after they expired nobody asks why a link does not work. */
export async function purgeMemberTokens(db: Records, now: Date): Promise<void> {
  await db.delete(memberTokens).where(lt(memberTokens.expiresAt, new Date(now.getTime() - 24 * HOUR_MS)));
}
