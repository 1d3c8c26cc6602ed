/**
 * Many events into few rows: of each order and performance only the latest version matters, because every event carries
 * the full state. Rows come sorted, so that two consumers at work on the same orders cannot wait for each other in a ring.
 * Pure: the SQL is in apply.ts.
 */
import type { Deposit, Order } from "../../durable-objects/performance/contract.ts";
import { keptSeats, paidAttempt, returnedSeats } from "../../durable-objects/performance/order-seats.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { noticesOf } from "./notices/plan.ts";

export interface Rows {
  readonly applied: readonly AppliedRow[];
  readonly audit: readonly {
    performance_id: string;
    seq: number;
    actor: string;
    action: string;
    detail: string;
    at: string;
  }[];
  readonly orders: readonly Record<string, unknown>[];
  readonly seats: readonly (Record<string, unknown> & { readonly status: "reserved" | "sold" | "released" })[];
  readonly payments: readonly Record<string, unknown>[];
  readonly refunds: readonly Record<string, unknown>[];
  readonly tickets: readonly Record<string, unknown>[];
  readonly ledger: readonly LedgerRow[];
  readonly notices: readonly {
    id: string;
    order_id: string;
    performance_id: string;
    version: number;
    kind: string;
    mail: boolean;
    webhooks: boolean;
  }[];
  readonly performances: readonly {
    id: string;
    version: number;
    phase: string;
    capacity: number;
    rate: number;
    notice: string | null;
  }[];
}

/** An event as the journal keeps it; the order and its version where it is about one. */
export interface AppliedRow {
  readonly performance_id: string;
  readonly seq: number;
  readonly happened_at: string;
  readonly order_id: string | null;
  readonly version: number | null;
  readonly cause: string | null;
}

export interface LedgerRow {
  readonly id: string;
  readonly order_id: string;
  readonly transaction_ref: string;
  readonly account: string;
  readonly debit: number;
  readonly credit: number;
  readonly currency: string;
  readonly at: string;
}

/** A batch as rows: of each order and performance the latest version only, in an order in which two batches never lock each other out. */
export function fold(envelopes: readonly EventEnvelope[]): Rows {
  const sorted = envelopes
    .toSorted((a, b) => compare(a.performanceId, b.performanceId) || a.seq - b.seq)
    .filter(({ performanceId, seq }, index, list) => {
      // One batch may hold an event twice: the journal tells repetitions of earlier batches only.
      const before = list[index - 1];
      return before === undefined || before.seq !== seq || before.performanceId !== performanceId;
    });
  const orders = new Map<string, Order>();
  /** Versions told for the first time: only of those does somebody have to be told. */
  const fresh = new Set<string>();
  const performances = new Map<string, Rows["performances"][number]>();
  const audit: Rows["audit"][number][] = [];
  for (const { performanceId, seq, at, event } of sorted) {
    switch (event.type) {
      case "order-changed": {
        const known = orders.get(event.order.id);
        if (known === undefined || known.version < event.order.version) orders.set(event.order.id, event.order);
        if (event.again !== true) fresh.add(`${event.order.id}/${event.order.version}`);
        break;
      }
      case "performance-changed": {
        const known = performances.get(performanceId);
        const { version, phase, capacity, ratePerMinute: rate, notice } = event;
        if (known === undefined || known.version < version) {
          performances.set(performanceId, { id: performanceId, version, phase, capacity, rate, notice });
        }
        break;
      }
      case "operator-acted": {
        const { operator: actor, action, detail } = event;
        audit.push({ performance_id: performanceId, seq, actor, action, detail, at: iso(at) });
        break;
      }
      default:
        event satisfies never;
    }
  }
  const latest = Array.from(orders.values()).toSorted((a, b) => compare(a.id, b.id));
  return {
    applied: sorted.map(appliedRow),
    audit,
    orders: latest.map(orderRow),
    seats: latest.flatMap(seatRows),
    payments: latest.flatMap(paymentRows),
    refunds: latest.flatMap(refundRows),
    tickets: latest.flatMap(ticketRows),
    ledger: latest.flatMap(ledgerRows),
    notices: latest.filter(({ id, version }) => fresh.has(`${id}/${version}`)).flatMap(noticeRows),
    performances: Array.from(performances.values()).toSorted((a, b) => compare(a.id, b.id)),
  };
}

function appliedRow({ performanceId, seq, at, cause, event }: EventEnvelope): AppliedRow {
  const order = event.type === "order-changed" ? event.order : null;
  return {
    performance_id: performanceId,
    seq,
    happened_at: iso(at),
    order_id: order?.id ?? null,
    version: order?.version ?? null,
    cause: cause ?? null,
  };
}

function orderRow(order: Order): Record<string, unknown> {
  return {
    id: order.id,
    performance_id: order.performanceId,
    version: order.version,
    member_id: order.member,
    schedule_id: order.scheduleId,
    status: order.status,
    amount: order.amount,
    currency: order.currency,
    placed_at: iso(order.placedAt),
    pay_by: iso(order.payBy),
    snapshot: order,
  };
}

function seatRows(order: Order): Rows["seats"][number][] {
  const sold = order.status === "paid" || order.status === "cancelling";
  const over = order.status === "expired" || order.status === "failed" || order.status === "cancelled";
  const status = sold ? "sold" : over ? "released" : "reserved";
  const returned = returnedSeats(order);
  return order.seats.map(({ id, ...seat }) => ({
    order_id: order.id,
    version: order.version,
    schedule_id: order.scheduleId,
    seat_id: id,
    ...seat,
    status: returned.has(id) ? "released" : status,
  }));
}

function paymentRows(order: Order): Record<string, unknown>[] {
  return order.attempts.map((attempt) => ({
    order_id: order.id,
    version: order.version,
    attempt: attempt.number,
    provider: attempt.provider,
    method: attempt.method,
    amount: attempt.amount,
    status: attempt.status,
    payment_key: attempt.paymentKey,
    transaction: attempt.transaction,
    receipt_url: attempt.receiptUrl,
    begun_at: iso(attempt.begunAt),
    settled_at: attempt.settledAt === null ? null : iso(attempt.settledAt),
  }));
}

function refundRows(order: Order): Record<string, unknown>[] {
  return order.refunds.map((refund) => ({
    order_id: order.id,
    version: order.version,
    number: refund.number,
    attempt: refund.attempt,
    amount: refund.amount,
    reason: refund.reason,
    status: refund.status,
    transaction: refund.transaction,
    requested_at: iso(refund.requestedAt),
    settled_at: refund.settledAt === null ? null : iso(refund.settledAt),
  }));
}

function ticketRows(order: Order): Record<string, unknown>[] {
  const valid = order.status === "paid" || order.status === "cancelling";
  // A transfer that the bank took back had been good for tickets.
  const undone = arrivalsOf(order).find(({ undoneAt }) => undoneAt !== null);
  const paid = paidAttempt(order);
  if (undone === undefined && (paid === null || (!valid && order.status !== "cancelled"))) return [];
  // A ticket ends with the cancellation of its seat, not when the money has gone: nobody goes in and is paid back.
  const kept = new Set(keptSeats(order).map(({ id }) => id));
  return order.seats.map((seat) => ({
    id: `${order.id}.${seat.id}`,
    order_id: order.id,
    version: order.version,
    member_id: order.member,
    performance_id: order.performanceId,
    schedule_id: order.scheduleId,
    seat_id: seat.id,
    status: valid && kept.has(seat.id) ? "valid" : "cancelled",
    // The same in every version of the order, whichever arrives first; a show that moved makes another ticket of it.
    issued_at: iso(Math.max(undone?.at ?? paid?.settledAt ?? order.updatedAt, order.moved?.at ?? 0)),
  }));
}

/** The id is made of what is told: whatever is delivered again tells nobody again. */
function noticeRows(order: Order): Rows["notices"][number][] {
  const { id: order_id, performanceId: performance_id, version } = order;
  return noticesOf(order).map(({ name, kind, mail, webhooks }) => ({
    ...{ id: `${order_id}:${name}`, order_id, performance_id, version, kind, mail, webhooks },
  }));
}

/** Every movement of money is a pair: what the provider owes us, and what we owe for seats. Free orders move none. */
function ledgerRows(order: Order): LedgerRow[] {
  const rows: LedgerRow[] = [];
  const pair = (reference: string, debit: string, credit: string, amount: number, at: number): void => {
    if (amount === 0) return;
    const common = { order_id: order.id, transaction_ref: reference, currency: order.currency, at: iso(at) };
    rows.push({ id: `${reference}:debit`, account: debit, debit: amount, credit: 0, ...common });
    rows.push({ id: `${reference}:credit`, account: credit, debit: 0, credit: amount, ...common });
  };
  const sales = `sales:${order.performanceId}`;
  for (const { number, provider, amount, status, settledAt, deposit } of order.attempts) {
    const reference = `${order.id}:${number}:capture`;
    const owes = `provider:${provider}`;
    if (deposit === null && status === "approved") pair(reference, owes, sales, amount, settledAt ?? order.updatedAt);
    // Each transfer that arrived; one the bank took back is booked the other way round.
    for (const [index, { at, undoneAt }] of (deposit?.arrivals ?? []).entries()) {
      const numbered = index === 0 ? reference : `${reference}:${index + 1}`;
      pair(numbered, owes, sales, amount, at);
      if (undoneAt !== null) pair(`${numbered}:undone`, sales, owes, amount, undoneAt);
    }
  }
  for (const refund of order.refunds) {
    const attempt = order.attempts.find((one) => one.number === refund.attempt);
    if (refund.status !== "refunded" || attempt === undefined) continue;
    const reference = `${order.id}:${refund.attempt}:refund:${refund.number}`;
    pair(reference, sales, `provider:${attempt.provider}`, refund.amount, refund.settledAt ?? order.updatedAt);
  }
  // What is kept of a cancelled seat is no longer its price but a fee, until the bank takes back what it was kept of.
  const lostAt = paidAttempt(order) === null ? undoneOf(order) : null;
  for (const { number, fee, settledAt } of order.cancellations) {
    if (settledAt === null) continue;
    const [reference, fees] = [`${order.id}:fee:${number}`, `fees:${order.performanceId}`];
    pair(reference, sales, fees, fee, settledAt);
    if (lostAt !== null) pair(`${reference}:undone`, fees, sales, fee, Math.max(lostAt, settledAt));
  }
  return rows;
}

function arrivalsOf({ attempts }: Order): Deposit["arrivals"] {
  return attempts.flatMap(({ deposit }) => deposit?.arrivals ?? []);
}

/** When a bank last took a transfer back; null: none ever did. */
function undoneOf(order: Order): number | null {
  const times = arrivalsOf(order).flatMap(({ undoneAt }) => undoneAt ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
