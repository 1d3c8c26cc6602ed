/**
 * Leaving for good. What says who somebody was is erased; orders, payments and the ledger keep the member's id, which
 * then refers to nobody. What still has to happen for the person (a show, a refund) is asked first.
 */
import { and, count, eq, gt, inArray, sql } from "drizzle-orm";
import type { AuditEntry } from "./audit.ts";
import { auditInsert } from "./audit.ts";
import type { Records } from "./database.ts";
import {
  invitations,
  members,
  memberTokens,
  orders,
  organisationMembers,
  organisations,
  refreshTokens,
  refunds,
  schedules,
  tickets,
  webhooks,
} from "./schema.ts";

/** How many of each stand in the way. */
export interface Obligations {
  readonly tickets: number;
  readonly openOrders: number;
  readonly refunds: number;
  /** Approved organisations that would be left without an owner. */
  readonly organisations: number;
}

const OPEN = ["pending", "paying", "awaiting-deposit", "cancelling"];

/** What keeps a member from leaving, as counts: organisations without another owner, tickets, orders, refunds. */
export async function obligationsOf(db: Records, memberId: string, now: Date): Promise<Obligations> {
  const [alone, live, open, owed] = await db.batch([
    db
      .select({ n: count() })
      .from(organisationMembers)
      .innerJoin(organisations, eq(organisations.id, organisationMembers.organisationId))
      .where(ownsAlone(memberId)),
    db
      .select({ n: count() })
      .from(tickets)
      .innerJoin(schedules, eq(schedules.id, tickets.scheduleId))
      .where(and(eq(tickets.memberId, memberId), eq(tickets.status, "valid"), gt(schedules.startsAt, now))),
    db
      .select({ n: count() })
      .from(orders)
      .where(and(eq(orders.memberId, memberId), inArray(orders.status, OPEN))),
    db
      .select({ n: count() })
      .from(refunds)
      .innerJoin(orders, eq(orders.id, refunds.orderId))
      .where(and(eq(orders.memberId, memberId), eq(refunds.status, "requested"))),
  ]);
  return {
    organisations: alone[0]?.n ?? 0,
    tickets: live[0]?.n ?? 0,
    openOrders: open[0]?.n ?? 0,
    refunds: owed[0]?.n ?? 0,
  };
}

const ownsAlone = (memberId: string) =>
  and(
    eq(organisationMembers.memberId, memberId),
    eq(organisationMembers.role, "owner"),
    eq(organisations.status, "approved"),
    sql`not exists (select 1 from ${organisationMembers} as other where other.organisation_id = ${organisations.id}
      and other.role = 'owner' and other.member_id <> ${memberId}::uuid)`,
  );

/** Once: the address is free again afterwards, and no link or sign-in of the member works any more. */
export async function eraseMember(db: Records, memberId: string, now: Date, audit: AuditEntry): Promise<void> {
  const erased = {
    email: "",
    emailKey: sql`'withdrawn:' || ${members.id}::text`,
    nickname: "",
    passwordHash: "none",
    role: "member",
    emailVerifiedAt: null,
    withdrawnAt: now,
  } as const;
  const address = db.select({ key: members.emailKey }).from(members).where(eq(members.id, memberId));
  await db.batch([
    // Invitations name the address, which is gone with the next statement.
    db.delete(invitations).where(inArray(invitations.emailKey, address)),
    db.update(members).set(erased).where(eq(members.id, memberId)),
    db.delete(organisationMembers).where(eq(organisationMembers.memberId, memberId)),
    db.delete(memberTokens).where(eq(memberTokens.memberId, memberId)),
    db.delete(refreshTokens).where(eq(refreshTokens.memberId, memberId)),
    // It leads to wherever the member wanted to be told.
    db.update(webhooks).set({ enabled: false, url: "" }).where(eq(webhooks.owner, memberId)),
    auditInsert(db, audit),
  ]);
}
