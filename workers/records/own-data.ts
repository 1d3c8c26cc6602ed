/** What the records keep about one member besides orders: for the member's own copy of it. */
import { asc, desc, eq, max, min, sql } from "drizzle-orm";
import type { Records } from "./database.ts";
import { auditLog, organisationMembers, organisations, refreshTokens, tickets } from "./schema.ts";

/** Of what somebody did, the newest; older entries are in the log for as long as there is one. */
const MOST_ENTRIES = 1_000;

export interface OwnTraces {
  readonly signIns: { readonly begunAt: string; readonly until: string; readonly ended: boolean }[];
  readonly organisations: { readonly name: string; readonly role: string }[];
  readonly tickets: {
    readonly id: string;
    readonly orderId: string;
    readonly status: string;
    readonly issuedAt: string;
  }[];
  readonly audit: { readonly action: string; readonly at: string }[];
}

export async function readOwnTraces(db: Records, memberId: string): Promise<OwnTraces> {
  const [signIns, belongs, held, done] = await db.batch([
    db
      .select({
        begunAt: min(refreshTokens.createdAt),
        until: max(refreshTokens.expiresAt),
        ended: sql<boolean>`bool_or(${refreshTokens.revokedAt} is not null)`,
      })
      .from(refreshTokens)
      .where(eq(refreshTokens.memberId, memberId))
      .groupBy(refreshTokens.family),
    db
      .select({ name: organisations.name, role: organisationMembers.role })
      .from(organisationMembers)
      .innerJoin(organisations, eq(organisations.id, organisationMembers.organisationId))
      .where(eq(organisationMembers.memberId, memberId)),
    db
      .select({ id: tickets.id, orderId: tickets.orderId, status: tickets.status, issuedAt: tickets.issuedAt })
      .from(tickets)
      .where(eq(tickets.memberId, memberId))
      .orderBy(asc(tickets.issuedAt), asc(tickets.id)),
    db
      .select({ action: auditLog.action, at: auditLog.at })
      .from(auditLog)
      .where(eq(auditLog.actor, memberId))
      .orderBy(desc(auditLog.at))
      .limit(MOST_ENTRIES),
  ]);
  return {
    signIns: signIns.flatMap(({ begunAt, until, ended }) =>
      begunAt === null || until === null ? [] : [{ begunAt: begunAt.toISOString(), until: until.toISOString(), ended }],
    ),
    organisations: belongs,
    tickets: held.map((ticket) => ({ ...ticket, issuedAt: ticket.issuedAt.toISOString() })),
    audit: done.map(({ action, at }) => ({ action, at: at.toISOString() })),
  };
}
