/**
 * Links in mails: 32 random bytes behind the `#`, where no server log, proxy or Referer sees them. The page takes them from
 * there and sends them in a body, so that a program that only looks at links in mails uses none up.
 */
import { createHash, randomBytes } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { Language, TokenPurpose } from "../../records/schema/members.ts";
import { issueToken } from "../../records/member-tokens.ts";
import { withRecords } from "../../records/database.ts";
import { sendMail, type MailOutcome } from "../../mail/mail.ts";
import type { AppContext } from "../context.ts";

export const linkToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, "is not what was in the link")
  .openapi({ description: "What stands behind the # of the link" });

const HOUR_MS = 3_600_000;
const VERIFY_HOURS = 48;
const RESET_MINUTES = 30;
const lifetimes: Readonly<Record<TokenPurpose, number>> = {
  "verify-email": VERIFY_HOURS * HOUR_MS,
  "reset-password": (RESET_MINUTES * HOUR_MS) / 60,
};

/** Only this is kept: the token is long and random, so that a fast hash is enough. */
export function hashOfLink(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export interface Addressee {
  readonly id: string;
  readonly email: string;
  readonly nickname: string;
  readonly language: Language;
}

/** Where links lead. */
export function publicOrigin(c: AppContext): string {
  const { PUBLIC_ORIGIN } = c.env;
  return new URL(PUBLIC_ORIGIN === undefined || PUBLIC_ORIGIN === "" ? c.req.url : PUBLIC_ORIGIN).origin;
}

/** Makes a link and mails it. `too-many`: the member was sent several within the hour, and none was made. */
export async function mailLink(
  c: AppContext,
  member: Addressee,
  purpose: TokenPurpose,
  now: Date,
): Promise<MailOutcome | "too-many"> {
  const token = randomBytes(32).toString("base64url");
  const hash = hashOfLink(token);
  const expiresAt = new Date(now.getTime() + lifetimes[purpose]);
  const issued = await withRecords(c.env, (db) =>
    issueToken(db, { hash, memberId: member.id, purpose, expiresAt }, now),
  );
  if (!issued) return "too-many";
  const { email: to, language, nickname } = member;
  // The hash is as unique as the token and says nothing about it: a name for this one mail.
  const about = { to, language, id: hash };
  const origin = publicOrigin(c);
  return purpose === "verify-email"
    ? sendMail(c.env, {
        ...about,
        kind: "verify-email",
        values: { nickname, link: `${origin}/verify#${token}`, hours: VERIFY_HOURS },
      })
    : sendMail(c.env, {
        ...about,
        kind: "reset-password",
        values: { nickname, link: `${origin}/reset#${token}`, minutes: RESET_MINUTES },
      });
}
