/**
 * What the payment provider knows: a state machine over its own file, and for tests the truth about money.
 *
 *     READY ──authenticate──▶ IN_PROGRESS ──confirm──▶ DONE ──cancel──▶ PARTIAL_CANCELED ──▶ CANCELED
 *       │ 30 min                  │ 10 min   └refused▶ ABORTED
 *       └────────▶ EXPIRED ◀──────┘
 *
 *     a virtual account:  IN_PROGRESS ──confirm──▶ WAITING_FOR_DEPOSIT ──deposit──▶ DONE (──undo──▶ WAITING_FOR_DEPOSIT)
 *                                                    └ due ▶ EXPIRED  └ cancel ▶ CANCELED
 *
 * Time is an argument. A refusal is thrown as TossRefusal; what it changed (ABORTED, EXPIRED) stays changed.
 */
import { randomBytes, randomInt } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { readPayment, type BuyerRefusal, type FoundPayment } from "./ledger-file.ts";
import { balanceOf, type Method, type PaymentRecord } from "./payment.ts";
import { TossRefusal } from "./refusals.ts";

/** The buyer has this long to authenticate, the shop this long to confirm (Toss: 30 and 10 minutes). */
const READY_MS = 30 * 60_000;
const IN_PROGRESS_MS = 10 * 60_000;
/** A virtual account is open for a week unless the shop says another time. */
const DEPOSIT_MS = 7 * 86_400_000;
const BANKS = ["20", "88", "81", "06"] as const;
/** Two cancels of one payment within a second: only the first is processed. */
const CANCEL_INTERVAL_MS = 1_000;

export interface Checkout {
  readonly orderId: string;
  readonly orderName: string;
  readonly customerKey: string;
  readonly method: Method;
  readonly amount: number;
  /** Until when a virtual account takes the deposit. */
  readonly dueAt?: number;
}

/** Whose money goes back where: what a cancel of a deposit has to say. */
export interface RefundAccount {
  readonly bank: string;
  readonly accountNumber: string;
  readonly holderName: string;
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
    if (this.#takenKey(checkout.orderId) !== null) throw new TossRefusal("DUPLICATED_ORDER_ID");
    const { orderId, orderName, customerKey, method, amount, dueAt } = checkout;
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
          `insert into payments
             (payment_key, order_id, order_name, customer_key, method, amount, status, requested_at, due_at)
           values (?, ?, ?, ?, ?, ?, 'READY', ?, ?)`,
        )
        .run(paymentKey, orderId, orderName, customerKey, method, amount, now, dueAt ?? null);
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

  /** This is the charge; of a virtual account, its opening. `dueAt`: another deadline than the shop asked for. */
  confirm(
    request: { paymentKey: string; orderId: string; amount: number },
    now: number,
    dueAt: number | null = null,
  ): PaymentRecord {
    this.#expire(now);
    const { payment, refusal } = this.#get(request.paymentKey);
    if (payment.approvedAt !== null || payment.account !== null) throw new TossRefusal("ALREADY_PROCESSED_PAYMENT");
    if (payment.orderId !== request.orderId) throw new TossRefusal("NOT_FOUND_PAYMENT_SESSION");
    if (payment.status !== "IN_PROGRESS") throw new TossRefusal("NOT_FOUND_PAYMENT_SESSION");
    if (payment.amount !== request.amount) throw new TossRefusal("INVALID_REQUEST", "결제 금액이 일치하지 않습니다.");
    if (this.#takenKey(payment.orderId) !== null) throw new TossRefusal("ALREADY_PROCESSED_PAYMENT");
    if (refusal !== null) {
      const refused = new TossRefusal(refusal);
      this.#database
        .prepare("update payments set status = 'ABORTED', failure_code = ?, failure_message = ? where payment_key = ?")
        .run(refused.code, refused.message, payment.paymentKey);
      throw refused;
    }
    if (payment.method === "VIRTUAL_ACCOUNT") return this.#openAccount(payment.paymentKey, dueAt, now);
    this.#database
      .prepare("update payments set status = 'DONE', approved_at = ?, last_transaction_key = ? where payment_key = ?")
      .run(now, transactionKey(), payment.paymentKey);
    return this.#get(payment.paymentKey).payment;
  }

  /** The buyer's transfer arrives. `late`: although the account is closed, as a bank that was slow does it. */
  deposit(orderId: string, late: boolean, now: number): PaymentRecord {
    this.#expire(now);
    const payment = this.#accountOf(orderId);
    const closed = (payment.status === "EXPIRED" || payment.status === "CANCELED") && payment.approvedAt === null;
    if (payment.status !== "WAITING_FOR_DEPOSIT" && !(late && closed)) throw new TossRefusal("NOT_FOUND_PAYMENT");
    // What closed the account empty is not part of a payment that was paid after all.
    this.#database.prepare("delete from cancels where payment_key = ?").run(payment.paymentKey);
    this.#database
      .prepare("update payments set status = 'DONE', approved_at = ?, last_transaction_key = ? where payment_key = ?")
      .run(now, transactionKey(), payment.paymentKey);
    return this.#get(payment.paymentKey).payment;
  }

  /** The bank takes the transfer back: the account waits again. */
  undoDeposit(orderId: string): PaymentRecord {
    const payment = this.#accountOf(orderId);
    if (payment.status !== "DONE") throw new TossRefusal("NOT_FOUND_PAYMENT");
    this.#database
      .prepare("update payments set status = 'WAITING_FOR_DEPOSIT', approved_at = null where payment_key = ?")
      .run(payment.paymentKey);
    return this.#get(payment.paymentKey).payment;
  }

  /** Virtual accounts there are, the newest first. */
  accounts(now: number): readonly PaymentRecord[] {
    this.#expire(now);
    const rows = this.#database
      .prepare(
        "select payment_key as found from payments where account_number is not null order by number desc limit 100",
      )
      .all();
    return rows.flatMap((row) => readPayment(this.#database, keyOf(row) ?? "")?.payment ?? []);
  }

  #accountOf(orderId: string): PaymentRecord {
    const { payment } = this.#get(this.#takenKey(orderId) ?? "");
    if (payment.account === null) throw new TossRefusal("NOT_FOUND_PAYMENT");
    return payment;
  }

  #openAccount(paymentKey: string, dueAt: number | null, now: number): PaymentRecord {
    const number = `${randomInt(10 ** 6, 10 ** 7)}${randomInt(10 ** 6, 10 ** 7)}`;
    const secret = `ps_${randomBytes(18).toString("base64url")}`;
    const bank = BANKS[randomInt(BANKS.length)] ?? BANKS[0];
    this.#database
      .prepare(
        `update payments set status = 'WAITING_FOR_DEPOSIT', account_number = ?, bank = ?, secret = ?,
         due_at = coalesce(?, due_at, ?), last_transaction_key = ? where payment_key = ?`,
      )
      .run(number, bank, secret, dueAt, now + DEPOSIT_MS, transactionKey(), paymentKey);
    return this.#get(paymentKey).payment;
  }

  /**
   * Gives money back; all that is left unless an amount is named. An account nobody has paid into is closed by it, whole, and
   * lists that among its cancels as any other payment does.
   */
  cancel(
    paymentKey: string,
    request: { reason: string; amount: number | null; account?: RefundAccount | null },
    now: number,
  ): PaymentRecord {
    this.#expire(now);
    const { payment } = this.#get(paymentKey);
    if (payment.status === "CANCELED") throw new TossRefusal("ALREADY_CANCELED_PAYMENT");
    if (payment.status === "WAITING_FOR_DEPOSIT") {
      if (request.amount !== null && request.amount !== payment.amount) throw new TossRefusal("NOT_CANCELABLE_AMOUNT");
      return this.#cancelled(payment, payment.amount, request.reason, now);
    }
    if (payment.approvedAt === null) throw new TossRefusal("NOT_CANCELABLE_PAYMENT");
    if (payment.account !== null) checkAccount(request.account ?? null);
    const last = payment.cancels.at(-1);
    if (last && now - last.canceledAt < CANCEL_INTERVAL_MS) throw new TossRefusal("FORBIDDEN_CONSECUTIVE_REQUEST");
    const balance = balanceOf(payment);
    const amount = request.amount ?? balance;
    if (amount > balance) throw new TossRefusal("NOT_CANCELABLE_AMOUNT");
    return this.#cancelled(payment, amount, request.reason, now);
  }

  #cancelled(payment: PaymentRecord, amount: number, reason: string, now: number): PaymentRecord {
    const { paymentKey } = payment;
    const left = balanceOf(payment) - amount;
    const key = transactionKey();
    this.#database
      .prepare("insert into cancels values (?, ?, ?, ?, ?, ?)")
      .run(key, paymentKey, amount, reason, now, left);
    this.#database
      .prepare("update payments set status = ?, last_transaction_key = ? where payment_key = ?")
      .run(left === 0 ? "CANCELED" : "PARTIAL_CANCELED", key, paymentKey);
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
    const paymentKey = this.#takenKey(orderId) ?? keyOf(latest);
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
           coalesce(sum((select sum(c.amount) from cancels c where c.payment_key = p.payment_key))
             filter (where approved_at is not null), 0) as refunded
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

  /** The payment that took the money of an order, or has an account open for it. */
  #takenKey(orderId: string): string | null {
    const query = `select payment_key as found from payments
      where order_id = ? and (approved_at is not null or account_number is not null) limit 1`;
    return keyOf(this.#database.prepare(query).get(orderId));
  }

  #expire(now: number): void {
    this.#database
      .prepare(
        `update payments set status = 'EXPIRED'
         where (status = 'READY' and requested_at <= ?) or (status = 'IN_PROGRESS' and authenticated_at <= ?)
           or (status = 'WAITING_FOR_DEPOSIT' and due_at <= ?)`,
      )
      .run(now - READY_MS, now - IN_PROGRESS_MS, now);
  }
}

/** A number that ends in four zeros is nobody's. */
function checkAccount(account: RefundAccount | null): void {
  if (account === null) throw new TossRefusal("INVALID_REQUEST", "refundReceiveAccount 는 필수 값입니다.");
  if (!/^\d{2}$/.test(account.bank)) throw new TossRefusal("INVALID_BANK");
  if (!/^\d{1,20}$/.test(account.accountNumber) || account.accountNumber.endsWith("0000"))
    throw new TossRefusal("INVALID_REFUND_ACCOUNT_NUMBER");
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
