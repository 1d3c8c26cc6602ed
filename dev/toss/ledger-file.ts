/**
 * The sandbox's tables. A file of its own, so that money taken stays taken when everything else is killed:
 * tests compare it with what TicketPing believes.
 */
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { CancelRecord, PaymentRecord } from "./payment.ts";

export function openLedger(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  // Survives the death of the process, which is what tests cause; not that of the machine.
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000;");
  database.exec(`
    create table if not exists payments (
      number integer primary key,
      payment_key text not null unique,
      order_id text not null,
      order_name text not null,
      customer_key text not null,
      method text not null,
      amount integer not null check (amount > 0),
      status text not null,
      refusal text,
      failure_code text,
      failure_message text,
      requested_at integer not null,
      authenticated_at integer,
      approved_at integer,
      last_transaction_key text,
      due_at integer,
      account_number text,
      bank text,
      secret text
    ) strict;
    create index if not exists payments_by_order on payments (order_id);
    create index if not exists payments_unfinished on payments (status) where status in ('READY', 'IN_PROGRESS');
    create table if not exists cancels (
      transaction_key text primary key,
      payment_key text not null references payments (payment_key),
      amount integer not null check (amount > 0),
      reason text not null,
      canceled_at integer not null,
      refundable integer not null check (refundable >= 0)
    ) strict;
    create index if not exists cancels_by_payment on cancels (payment_key);
    create table if not exists answers (
      idempotency_key text not null,
      api_key text not null,
      method text not null,
      url text not null,
      status integer not null,
      body text not null,
      answered_at integer not null,
      primary key (idempotency_key, api_key, method, url)
    ) strict, without rowid;
  `);
  addColumns(database);
  return database;
}

/** A file of before there were virtual accounts. */
function addColumns(database: DatabaseSync): void {
  const columns = z.array(z.object({ name: z.string() })).parse(database.prepare("pragma table_info(payments)").all());
  const known = new Set(columns.map(({ name }) => name));
  const newer = { due_at: "integer", account_number: "text", bank: "text", secret: "text" };
  for (const [name, type] of Object.entries(newer)) {
    if (!known.has(name)) database.exec(`alter table payments add column ${name} ${type}`);
  }
}

/** All of it, or nothing. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec("begin immediate");
  try {
    const result = work();
    database.exec("commit");
    return result;
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

const PaymentRow = z.object({
  payment_key: z.string(),
  order_id: z.string(),
  order_name: z.string(),
  method: z.enum(["CARD", "VIRTUAL_ACCOUNT", "TRANSFER", "MOBILE_PHONE"]),
  amount: z.number(),
  status: z.enum([
    "READY",
    "IN_PROGRESS",
    "WAITING_FOR_DEPOSIT",
    "DONE",
    "CANCELED",
    "PARTIAL_CANCELED",
    "ABORTED",
    "EXPIRED",
  ]),
  refusal: z.literal("REJECT_CARD_PAYMENT").nullable(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  requested_at: z.number(),
  approved_at: z.number().nullable(),
  last_transaction_key: z.string().nullable(),
  due_at: z.number().nullable(),
  account_number: z.string().nullable(),
  bank: z.string().nullable(),
  secret: z.string().nullable(),
});

const CancelRow = z.object({
  transaction_key: z.string(),
  amount: z.number(),
  reason: z.string(),
  canceled_at: z.number(),
  refundable: z.number(),
});

/** With which code a buyer may choose to have the payment refused at confirm. */
export type BuyerRefusal = "REJECT_CARD_PAYMENT";

export interface FoundPayment {
  readonly payment: PaymentRecord;
  readonly refusal: BuyerRefusal | null;
}

export function readPayment(database: DatabaseSync, paymentKey: string): FoundPayment | null {
  const found = database.prepare("select * from payments where payment_key = ?").get(paymentKey);
  if (found === undefined) return null;
  const row = PaymentRow.parse(found);
  const failure = row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? "" };
  return {
    refusal: row.refusal,
    payment: {
      paymentKey: row.payment_key,
      orderId: row.order_id,
      orderName: row.order_name,
      method: row.method,
      amount: row.amount,
      status: row.status,
      requestedAt: row.requested_at,
      approvedAt: row.approved_at,
      lastTransactionKey: row.last_transaction_key,
      account:
        row.account_number === null
          ? null
          : { number: row.account_number, bank: row.bank ?? "", dueAt: row.due_at ?? 0, secret: row.secret ?? "" },
      failure,
      cancels: readCancels(database, paymentKey),
    },
  };
}

function readCancels(database: DatabaseSync, paymentKey: string): CancelRecord[] {
  const rows = database.prepare("select * from cancels where payment_key = ? order by rowid").all(paymentKey);
  return rows.map((found) => {
    const row = CancelRow.parse(found);
    return {
      transactionKey: row.transaction_key,
      amount: row.amount,
      reason: row.reason,
      canceledAt: row.canceled_at,
      refundable: row.refundable,
    };
  });
}
