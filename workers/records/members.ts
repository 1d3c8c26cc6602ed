/** Queries about members. */
import { eq } from "drizzle-orm";
import type { Records } from "./database.ts";
import { members } from "./schema.ts";

export type MemberRow = typeof members.$inferSelect;

export interface NewMember {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly nickname: string;
  readonly passwordHash: string;
}

/** null when the address is taken: the unique index decides, so two sign-ups at once cannot both succeed. */
export async function createMember(db: Records, member: NewMember): Promise<MemberRow | null> {
  const rows = await db.insert(members).values(member).onConflictDoNothing({ target: members.emailKey }).returning();
  return rows[0] ?? null;
}

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
