/**
 * What the payment provider knows: a state machine over its own file, and for tests the truth about money.
 *
 *     READY ──authenticate──▶ IN_PROGRESS ──confirm──▶ DONE ──cancel──▶ PARTIAL_CANCELED ──▶ CANCELED
 *       │ 30 min                  │ 10 min   └refused▶ ABORTED
 *       └────────▶ EXPIRED ◀──────┘
 *
 * Time is an argument. A refusal is thrown as TossRefusal; what it changed (ABORTED, EXPIRED) stays changed.
 */
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { readPayment, type BuyerRefusal, type FoundPayment } from "./ledger-file.ts";
import { balanceOf, type Method, type PaymentRecord } from "./payment.ts";
import { TossRefusal } from "./refusals.ts";

/** The buyer has this long to authenticate, the shop this long to confirm (Toss: 30 and 10 minutes). */
const READY_MS = 30 * 60_000;
const IN_PROGRESS_MS = 10 * 60_000;
/** Two cancels of one payment within a second: only the first is processed. */
const CANCEL_INTERVAL_MS = 1_000;

export interface Checkout {
  readonly orderId: string;
  readonly orderName: string;
  readonly customerKey: string;
  readonly method: Method;
  readonly amount: number;
}

export interface Totals {
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byOrder: Readonly<Record<string, OrderTotals>>;
}

export interface OrderTotals {
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
}

const Counted = z.object({ name: z.string(), payments: z.number(), captured: z.number(), refunded: z.number() });

export class Books {
  readonly #database: DatabaseSync;

  constructor(ledger: DatabaseSync) {
    this.#database = ledger;
  }

  /** The buyer sees the payment window. Seeing it again (a reload) does not make another payment. */
  open(checkout: Checkout, now: number): PaymentRecord {
    this.#expire(now);
    if (this.#capturedKey(checkout.orderId) !== null) throw new TossRefusal("DUPLICATED_ORDER_ID");
    const { orderId, orderName, customerKey, method, amount } = checkout;
    const waiting = this.#database
      .prepare(
        `select payment_key as found from payments where order_id = ? and order_name = ? and customer_key = ?
         and method = ? and amount = ? and status = 'READY' order by number desc limit 1`,
      )
      .get(orderId, orderName, customerKey, method, amount);
    const paymentKey = keyOf(waiting) ?? `tsandbox_${randomBytes(18).toString("base64url")}`;
    if (waiting === undefined) {
      this.#database
        .prepare(
          `insert into payments (payment_key, order_id, order_name, customer_key, method, amount, status, requested_at)
           values (?, ?, ?, ?, ?, ?, 'READY', ?)`,
        )
        .run(paymentKey, orderId, orderName, customerKey, method, amount, now);
    }
    return this.#get(paymentKey).payment;
  }

  /** The buyer agreed. Nothing is charged before confirm; `refusal` makes confirm refuse with that code. */
  authenticate(paymentKey: string, refusal: BuyerRefusal | null, now: number): PaymentRecord {
    this.#expire(now);
    if (this.#get(paymentKey).payment.status !== "READY") throw new TossRefusal("NOT_FOUND_PAYMENT_SESSION");
    this.#database
      .prepare("update payments set status = 'IN_PROGRESS', refusal = ?, authenticated_at = ? where payment_key = ?")
      .run(refusal, now, paymentKey);
    return this.#get(paymentKey).payment;
  }

  /** The buyer closed the window. */
  abandon(paymentKey: string, code: string, message: string): void {
    this.#database
      .prepare(
        `update payments set status = 'ABORTED', failure_code = ?, failure_message = ?
         where payment_key = ? and status = 'READY'`,
      )
      .run(code, message, paymentKey);
  }

  /** This is the charge. */
  confirm(request: { paymentKey: string; orderId: string; amount: number }, now: number): PaymentRecord {
    this.#expire(now);
    const { payment, refusal } = this.#get(request.paymentKey);
    if (payment.approvedAt !== null) throw new TossRefusal("ALREADY_PROCESSED_PAYMENT");
    if (payment.orderId !== request.orderId) throw new TossRefusal("NOT_FOUND_PAYMENT_SESSION");
    if (payment.status !== "IN_PROGRESS") throw new TossRefusal("NOT_FOUND_PAYMENT_SESSION");
    if (payment.amount !== request.amount) throw new TossRefusal("INVALID_REQUEST", "결제 금액이 일치하지 않습니다.");
    if (this.#capturedKey(payment.orderId) !== null) throw new TossRefusal("ALREADY_PROCESSED_PAYMENT");
    if (refusal !== null) {
      const refused = new TossRefusal(refusal);
      this.#database
        .prepare("update payments set status = 'ABORTED', failure_code = ?, failure_message = ? where payment_key = ?")
        .run(refused.code, refused.message, payment.paymentKey);
      throw refused;
    }
    this.#database
      .prepare("update payments set status = 'DONE', approved_at = ?, last_transaction_key = ? where payment_key = ?")
      .run(now, transactionKey(), payment.paymentKey);
    return this.#get(payment.paymentKey).payment;
  }

  /** Gives money back; all that is left unless an amount is named. */
  cancel(paymentKey: string, request: { reason: string; amount: number | null }, now: number): PaymentRecord {
    this.#expire(now);
    const { payment } = this.#get(paymentKey);
    if (payment.status === "CANCELED") throw new TossRefusal("ALREADY_CANCELED_PAYMENT");
    if (payment.approvedAt === null) throw new TossRefusal("NOT_CANCELABLE_PAYMENT");
    const last = payment.cancels.at(-1);
    if (last && now - last.canceledAt < CANCEL_INTERVAL_MS) throw new TossRefusal("FORBIDDEN_CONSECUTIVE_REQUEST");
    const balance = balanceOf(payment);
    const amount = request.amount ?? balance;
    if (amount > balance) throw new TossRefusal("NOT_CANCELABLE_AMOUNT");
    const key = transactionKey();
    this.#database
      .prepare("insert into cancels values (?, ?, ?, ?, ?, ?)")
      .run(key, paymentKey, amount, request.reason, now, balance - amount);
    this.#database
      .prepare("update payments set status = ?, last_transaction_key = ? where payment_key = ?")
      .run(amount === balance ? "CANCELED" : "PARTIAL_CANCELED", key, paymentKey);
    return this.#get(paymentKey).payment;
  }

  find(paymentKey: string, now: number): PaymentRecord {
    this.#expire(now);
    return this.#get(paymentKey).payment;
  }

  /** An order may have been tried several times: the payment that took money, otherwise the last one. */
  findByOrder(orderId: string, now: number): PaymentRecord {
    this.#expire(now);
    const latest = this.#database
      .prepare("select payment_key as found from payments where order_id = ? order by number desc limit 1")
      .get(orderId);
    const paymentKey = this.#capturedKey(orderId) ?? keyOf(latest);
    if (paymentKey === null) throw new TossRefusal("NOT_FOUND_PAYMENT");
    return this.#get(paymentKey).payment;
  }

  totals(now: number): Totals {
    this.#expire(now);
    const statuses = this.#count("status");
    const orders = this.#count("order_id");
    return {
      payments: sum(statuses.map((row) => row.payments)),
      captured: sum(statuses.map((row) => row.captured)),
      refunded: sum(statuses.map((row) => row.refunded)),
      byStatus: Object.fromEntries(statuses.map((row) => [row.name, row.payments])),
      byOrder: Object.fromEntries(
        orders.map(({ name, payments, captured, refunded }) => [name, { payments, captured, refunded }]),
      ),
    };
  }

  #count(column: "status" | "order_id"): z.infer<typeof Counted>[] {
    const rows = this.#database
      .prepare(
        `select ${column} as name, count(*) as payments,
           coalesce(sum(amount) filter (where approved_at is not null), 0) as captured,
           coalesce(sum((select sum(c.amount) from cancels c where c.payment_key = p.payment_key)), 0) as refunded
         from payments p group by ${column} order by ${column}`,
      )
      .all();
    return rows.map((row) => Counted.parse(row));
  }

  #get(paymentKey: string): FoundPayment {
    const found = readPayment(this.#database, paymentKey);
    if (found === null) throw new TossRefusal("NOT_FOUND_PAYMENT");
    return found;
  }

  #capturedKey(orderId: string): string | null {
    return keyOf(
      this.#database
        .prepare("select payment_key as found from payments where order_id = ? and approved_at is not null limit 1")
        .get(orderId),
    );
  }

  #expire(now: number): void {
    this.#database
      .prepare(
        `update payments set status = 'EXPIRED'
         where (status = 'READY' and requested_at <= ?) or (status = 'IN_PROGRESS' and authenticated_at <= ?)`,
      )
      .run(now - READY_MS, now - IN_PROGRESS_MS);
  }
}

function keyOf(row: unknown): string | null {
  return z.object({ found: z.string() }).safeParse(row).data?.found ?? null;
}

function transactionKey(): string {
  return randomBytes(16).toString("hex").toUpperCase();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
