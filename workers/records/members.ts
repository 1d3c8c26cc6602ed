/** Queries about members. */
import { eq } from "drizzle-orm";
import { auditInsert, type AuditEntry } from "./audit.ts";
import type { Records } from "./database.ts";
import { revokeFamilies } from "./refresh-tokens.ts";
import { members } from "./schema.ts";
import type { Language } from "./schema.ts";

export type MemberRow = typeof members.$inferSelect;

export interface NewMember {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly nickname: string;
  readonly passwordHash: string;
  readonly language: Language;
}

/** null when the address is taken: the unique index decides, so two sign-ups at once cannot both succeed. */
export async function createMember(db: Records, member: NewMember): Promise<MemberRow | null> {
  const rows = await db.insert(members).values(member).onConflictDoNothing({ target: members.emailKey }).returning();
  return rows[0] ?? null;
}

/** `emailKey`: the address in lower case, its domain in ASCII. */
export async function memberByEmail(db: Records, emailKey: string): Promise<MemberRow | null> {
  const rows = await db.select().from(members).where(eq(members.emailKey, emailKey)).limit(1);
  return rows[0] ?? null;
}

export async function memberById(db: Records, id: string): Promise<MemberRow | null> {
  const rows = await db.select().from(members).where(eq(members.id, id)).limit(1);
  return rows[0] ?? null;
}

export async function setPasswordHash(db: Records, id: string, passwordHash: string): Promise<void> {
  await db.update(members).set({ passwordHash }).where(eq(members.id, id));
}

export async function changeMember(
  db: Records,
  id: string,
  change: { readonly nickname?: string; readonly language?: Language; readonly updatedAt: Date },
): Promise<MemberRow | null> {
  const rows = await db.update(members).set(change).where(eq(members.id, id)).returning();
  return rows[0] ?? null;
}

/** A new password, chosen by who knew the old one: every sign-in ends but the one it was chosen in. */
export async function changePassword(
  db: Records,
  change: {
    readonly id: string;
    readonly passwordHash: string;
    readonly session: string | null;
    readonly now: Date;
  },
  audit: AuditEntry,
): Promise<void> {
  const { id, passwordHash, session, now } = change;
  await db.batch([
    db.update(members).set({ passwordHash }).where(eq(members.id, id)),
    revokeFamilies(db, id, now, session),
    auditInsert(db, audit),
  ]);
}
