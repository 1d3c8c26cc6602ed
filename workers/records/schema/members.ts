import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

export const roles = ["member", "organiser", "admin"] as const;
export type Role = (typeof roles)[number];

export const languages = ["ko", "en"] as const;
export type Language = (typeof languages)[number];

/**
 * Everybody who can sign in. `email` is what was typed (trimmed, NFKC), `email_key` its lower-case form and the identity:
 * the unique index, not a query beforehand, decides that an address is taken.
 *
 * Who has withdrawn keeps a row without anything that says who it was, because orders and books refer to its id.
 */
export const members = pgTable(
  "members",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    emailKey: text("email_key").notNull(),
    nickname: text("nickname").notNull(),
    passwordHash: text("password_hash").notNull(),
    role: text("role", { enum: roles }).notNull().default("member"),
    /** For mails; pages choose by themselves. */
    language: text("language", { enum: languages }).notNull().default("ko"),
    emailVerifiedAt: time("email_verified_at"),
    withdrawnAt: time("withdrawn_at"),
    ...stamps(),
  },
  (table) => [
    uniqueIndex("members_email_key").on(table.emailKey),
    check("members_email_key_lower", sql`${table.emailKey} = lower(${table.emailKey} collate "C")`),
  ],
);

export const tokenPurposes = ["verify-email", "reset-password"] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];

/**
 * Links that were sent by mail. Only the hash of what a link carries is kept, so that who reads this table cannot use one;
 * each works once, until it expires.
 */
export const memberTokens = pgTable(
  "member_tokens",
  {
    hash: text("hash").primaryKey(),
    memberId: uuid("member_id")
      .notNull()
      .references(() => members.id, { onDelete: "cascade" }),
    purpose: text("purpose", { enum: tokenPurposes }).notNull(),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
    ...stamps(),
  },
  (table) => [
    index("member_tokens_member").on(table.memberId, table.purpose, table.createdAt),
    index("member_tokens_expiry").on(table.expiresAt),
  ],
);

/**
 * One row per refresh token ever issued, without the token: rotation marks a row used, and a used one that comes back
 * means that two parties hold the same token, which ends the whole family (RFC 9700, section 4.14.2).
 */
export const refreshTokens = pgTable(
  "refresh_tokens",
  {
    jti: uuid("jti").primaryKey(),
    family: uuid("family").notNull(),
    memberId: uuid("member_id")
      .notNull()
      .references(() => members.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
    revokedAt: time("revoked_at"),
    ...stamps(),
  },
  (table) => [
    index("refresh_tokens_family").on(table.family),
    index("refresh_tokens_member").on(table.memberId),
    index("refresh_tokens_expiry").on(table.expiresAt),
  ],
);
