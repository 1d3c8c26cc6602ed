/** A purchase told from the records: what happened to one order, in the order in which it happened. Pure: rows in, lines out. */
import type { Order } from "../../durable-objects/performance/contract.ts";
import { keptSeats } from "../../durable-objects/performance/order-seats.ts";

export interface OrderRecords {
  readonly order: Order;
  /** When the records heard of it first and last. */
  readonly recordedAt: Date;
  readonly changedAt: Date;
  readonly tickets: readonly { readonly id: string; readonly status: string; readonly issuedAt: Date }[];
  readonly ledger: readonly {
    readonly ref: string;
    readonly account: string;
    readonly debit: number;
    readonly credit: number;
    readonly at: Date;
  }[];
  readonly webhooks: readonly { readonly provider: string; readonly key: string; readonly at: Date }[];
  /** Its events as the journal has them; those an older Worker applied say less. */
  readonly steps: readonly {
    readonly seq: number;
    readonly happenedAt: Date;
    readonly appliedAt: Date;
    readonly version: number;
    readonly cause: string | null;
  }[];
  /** Events of the order that were set aside. */
  readonly quarantined: readonly { readonly seq: number | null; readonly reason: string; readonly at: Date }[];
}

export interface Line {
  readonly at: number;
  readonly part: "object" | "provider" | "records";
  readonly what: string;
}

export function storyOf(records: OrderRecords): readonly Line[] {
  const { order } = records;
  const lines: Line[] = [];
  const say = (at: number | Date | null, part: Line["part"], what: string): void => {
    if (at !== null) lines.push({ at: typeof at === "number" ? at : at.getTime(), part, what });
  };
  const seats = order.seats.map(({ section, row, label }) => `${section} ${row} ${label}`).join(", ");
  say(order.placedAt, "object", `order placed from hold ${order.holdNumber}: ${seats}, ${money(order.amount, order)}`);
  for (const attempt of order.attempts) {
    const name = `attempt ${attempt.number} at ${attempt.provider}`;
    say(attempt.begunAt, "object", `${name} begun: ${attempt.method}, ${money(attempt.amount, order)}`);
    say(attempt.confirmingAt, "provider", `${name} sent; until there is an answer the outcome is unknown`);
    const why = attempt.declineCode === null ? "" : ` (${attempt.declineCode})`;
    say(attempt.settledAt, "provider", `${name} ${attempt.status}${why}`);
    for (const { transaction, at, undoneAt } of attempt.deposit?.arrivals ?? []) {
      say(at, "provider", `transfer ${transaction} of ${name} arrived`);
      say(undoneAt, "provider", `transfer ${transaction} of ${name} was taken back`);
    }
  }
  for (const refund of order.refunds) {
    const name = `refund ${refund.number} of attempt ${refund.attempt}`;
    say(refund.requestedAt, "object", `${name} requested: ${money(refund.amount, order)}, "${refund.reason}"`);
    say(refund.settledAt, "provider", `${name} ${refund.status}`);
  }
  for (const { provider, key, at } of records.webhooks) say(at, "provider", `webhook of ${provider} arrived: ${key}`);
  for (const { ref, account, debit, credit, at } of records.ledger) {
    say(
      at,
      "records",
      `booked ${ref}: ${account} ${debit > 0 ? `debit ${money(debit, order)}` : `credit ${money(credit, order)}`}`,
    );
  }
  for (const { id, status, issuedAt } of records.tickets)
    say(issuedAt, "records", `ticket ${id} issued, now ${status}`);
  for (const { seq, happenedAt, appliedAt, version, cause } of records.steps) {
    const by = cause === null ? "by itself, or by a deadline" : `by command ${cause}`;
    const later = seconds(appliedAt.getTime() - happenedAt.getTime());
    say(happenedAt, "object", `event ${seq}: version ${version} ${by}; in the records ${later} later`);
  }
  for (const { seq, reason, at } of records.quarantined)
    say(at, "records", `event ${seq ?? "?"} was set aside: ${reason}`);
  say(records.recordedAt, "records", "first recorded");
  if (records.changedAt > records.recordedAt) say(records.changedAt, "records", "recorded last");
  say(order.updatedAt, "object", `version ${order.version}: ${order.status}`);
  return lines.toSorted((a, b) => a.at - b.at);
}

/** What is not as it should be at the end of the story. */
export function oddities({ order, tickets, ledger, quarantined }: OrderRecords, now: number): readonly string[] {
  const odd: string[] = [];
  const balance = ledger.reduce((sum, { debit, credit }) => sum + debit - credit, 0);
  const captured = ledger
    .filter(({ account }) => account.startsWith("provider:"))
    .reduce((sum, { debit, credit }) => sum + debit - credit, 0);
  const taken = order.attempts.reduce((sum, { status, amount }) => sum + (status === "approved" ? amount : 0), 0);
  const back = order.refunds.reduce((sum, { status, amount }) => sum + (status === "refunded" ? amount : 0), 0);
  if (balance !== 0) odd.push(`debits and credits differ by ${balance}`);
  if (captured !== taken - back) {
    odd.push(`the books keep ${money(captured, order)}, and the order says ${money(taken - back, order)}`);
  }
  const paid = order.status === "paid" || order.status === "cancelling";
  const kept = paid ? keptSeats(order).length : 0;
  const valid = tickets.filter(({ status }) => status === "valid").length;
  if (valid !== kept) odd.push(`${valid} valid tickets for ${kept} seats`);
  const deposit = order.attempts.at(-1)?.deposit ?? null;
  if (order.status === "awaiting-deposit" && deposit !== null && deposit.dueAt < now)
    odd.push(
      `the transfer was due ${seconds(now - deposit.dueAt)} ago, and the provider has not said what became of it`,
    );
  const open = order.attempts.find(({ status }) => status === "confirming");
  if (open !== undefined)
    odd.push(`attempt ${open.number} has had no answer for ${seconds(now - (open.confirmingAt ?? open.begunAt))}`);
  for (const { number, status, requestedAt } of order.refunds) {
    if (status === "requested") odd.push(`refund ${number} has been on its way for ${seconds(now - requestedAt)}`);
  }
  if (quarantined.length > 0) odd.push(`${quarantined.length} events of it were set aside`);
  return odd;
}

function money(amount: number, { currency }: Pick<Order, "currency">): string {
  return `${amount} ${currency}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
