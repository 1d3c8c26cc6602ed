/** Tickets as the records know them. They come with the order's events; only their version and code are decided here. */
import { and, asc, eq, notExists, sql } from "drizzle-orm";
import type { Records } from "./database.ts";
import { doorScans, freshCode, tickets } from "./schema.ts";

export type TicketRow = typeof tickets.$inferSelect;

export async function listTickets(db: Records, orderId: string): Promise<readonly TicketRow[]> {
  return db.select().from(tickets).where(eq(tickets.orderId, orderId)).orderBy(asc(tickets.seatId));
}

export type Reissue =
  | { readonly ok: true; readonly ticket: TicketRow }
  | { readonly ok: false; readonly why: "unknown" | "cancelled" | "used" | "newer" };

/**
 * Makes the version a member holds void and gives the next one. Idempotent by the version it names: asked again, it answers
 * the version it made. The conditions are part of the statement, so that a ticket cannot be used and re-issued at once.
 */
export async function reissueTicket(
  db: Records,
  { ticketId, orderId, memberId, version }: { ticketId: string; orderId: string; memberId: string; version: number },
): Promise<Reissue> {
  const own = and(eq(tickets.id, ticketId), eq(tickets.orderId, orderId), eq(tickets.memberId, memberId));
  const admitted = db
    .select({ id: doorScans.id })
    .from(doorScans)
    .where(and(eq(doorScans.ticketId, tickets.id), eq(doorScans.result, "admitted")));
  const [changed, now, used] = await db.batch([
    db
      .update(tickets)
      .set({ version: version + 1, code: freshCode, issuedAt: new Date() })
      .where(and(own, eq(tickets.status, "valid"), eq(tickets.version, version), notExists(admitted)))
      .returning(),
    db.select().from(tickets).where(own).limit(1),
    db
      .select({ one: sql<number>`1` })
      .from(doorScans)
      .where(and(eq(doorScans.ticketId, ticketId), eq(doorScans.result, "admitted")))
      .limit(1),
  ]);
  const [made] = changed;
  if (made !== undefined) return { ok: true, ticket: made };
  const [ticket] = now;
  if (ticket === undefined) return { ok: false, why: "unknown" };
  if (ticket.status === "cancelled") return { ok: false, why: "cancelled" };
  if (used.length > 0) return { ok: false, why: "used" };
  return ticket.version === version + 1 ? { ok: true, ticket } : { ok: false, why: "newer" };
}
