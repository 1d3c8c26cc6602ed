/**
 * What the payment provider knows: a state machine over its own file, and for tests the truth about money.
 *
 *     requires_payment_method ──agree──▶ requires_capture ──capture──▶ succeeded ──refund──▶ (its refunds)
 *              ▲   └declined┘                   │
 *              └────────── cancel ──────────────┴──▶ canceled
 *
 * Time is an argument. A refusal is thrown as StripeRefusal.
 */
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

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

/** Thrown by the books; becomes the answer of the one request that caused it. */
export class StripeRefusal extends Error {
  override readonly name = "StripeRefusal";
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly declineCode: string | null;
  constructor(status: number, type: string, code: string, message: string, declineCode: string | null = null) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.declineCode = declineCode;
  }
}

const IntentRow = z.object({
  id: z.string(),
  secret: z.string(),
  amount: z.number(),
  currency: z.string(),
  status: z.string(),
  description: z.string(),
  metadata: z.string(),
  charge: z.string().nullable(),
  decline: z.string().nullable(),
  created: z.number(),
  captured: z.number(),
});
export type IntentRow = z.infer<typeof IntentRow>;
const RefundRow = z.object({
  id: z.string(),
  intent: z.string(),
  amount: z.number(),
  metadata: z.string(),
  created: z.number(),
});
export type RefundRow = z.infer<typeof RefundRow>;
const Counted = z.object({ name: z.string(), payments: z.number(), captured: z.number(), refunded: z.number() });

const CANCELABLE = ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"];

export function openStripeLedger(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000;");
  database.exec(`
    create table if not exists intents (
      id text primary key, secret text not null, amount integer not null check (amount > 0), currency text not null,
      status text not null, description text not null, metadata text not null, charge text, decline text,
      created integer not null, captured integer not null default 0
    ) strict;
    create table if not exists refunds (
      id text primary key, intent text not null references intents (id), amount integer not null check (amount > 0),
      metadata text not null, created integer not null
    ) strict;
    create index if not exists refunds_by_intent on refunds (intent);
    create table if not exists answers (
      idempotency_key text primary key, request text not null, status integer not null, body text not null,
      answered_at integer not null
    ) strict, without rowid;
  `);
  return database;
}

export class StripeBooks {
  readonly #database: DatabaseSync;

  constructor(ledger: DatabaseSync) {
    this.#database = ledger;
  }

  create(
    request: { amount: number; currency: string; description: string; metadata: Readonly<Record<string, string>> },
    now: number,
  ): IntentRow {
    const id = `pi_${token()}`;
    this.#database
      .prepare(
        `insert into intents (id, secret, amount, currency, status, description, metadata, created)
         values (?, ?, ?, ?, 'requires_payment_method', ?, ?, ?)`,
      )
      .run(
        id,
        `${id}_secret_${token()}`,
        request.amount,
        request.currency,
        request.description,
        JSON.stringify(request.metadata),
        seconds(now),
      );
    return this.find(id);
  }

  /** The buyer agreed in the browser: the card is authorised, nothing is taken. */
  agree(id: string, secret: string, card: string): IntentRow {
    const intent = this.find(id);
    if (intent.secret !== secret) throw missing(id);
    if (intent.status !== "requires_payment_method") throw unexpected(intent.status);
    if (card !== "pm_card_visa") {
      this.#database.prepare("update intents set decline = 'generic_decline' where id = ?").run(id);
      throw new StripeRefusal(402, "card_error", "card_declined", "Your card was declined.", "generic_decline");
    }
    this.#database.prepare("update intents set status = 'requires_capture', decline = null where id = ?").run(id);
    return this.find(id);
  }

  /** This is the charge. */
  capture(id: string): IntentRow {
    const intent = this.find(id);
    if (intent.status !== "requires_capture") throw unexpected(intent.status);
    this.#database
      .prepare("update intents set status = 'succeeded', captured = amount, charge = ? where id = ?")
      .run(`ch_${token()}`, id);
    return this.find(id);
  }

  cancel(id: string): IntentRow {
    const intent = this.find(id);
    if (!CANCELABLE.includes(intent.status)) throw unexpected(intent.status);
    this.#database.prepare("update intents set status = 'canceled' where id = ?").run(id);
    return this.find(id);
  }

  refund(
    request: { intent: string; amount: number | null; metadata: Readonly<Record<string, string>> },
    now: number,
  ): RefundRow {
    const intent = this.find(request.intent);
    if (intent.captured === 0) throw invalid("charge_not_captured", "This payment has not been captured.");
    const given = this.refunds(intent.id).reduce((sum, one) => sum + one.amount, 0);
    const amount = request.amount ?? intent.captured - given;
    if (given === intent.captured) throw invalid("charge_already_refunded", "The charge has already been refunded.");
    if (amount > intent.captured - given) throw invalid("amount_too_large", "The refund is larger than what is left.");
    const id = `re_${token()}`;
    this.#database
      .prepare("insert into refunds values (?, ?, ?, ?, ?)")
      .run(id, intent.id, amount, JSON.stringify(request.metadata), seconds(now));
    return RefundRow.parse(this.#database.prepare("select * from refunds where id = ?").get(id));
  }

  find(id: string): IntentRow {
    const found = this.#database.prepare("select * from intents where id = ?").get(id);
    if (found === undefined) throw missing(id);
    return IntentRow.parse(found);
  }

  /** Newest first, as the API lists them. */
  refunds(intent: string): RefundRow[] {
    const rows = this.#database.prepare("select * from refunds where intent = ? order by rowid desc").all(intent);
    return rows.map((row) => RefundRow.parse(row));
  }

  totals(): Totals {
    const statuses = this.#count("status");
    const orders = this.#count("coalesce(json_extract(metadata, '$.order_id'), '')");
    const sum = (of: "payments" | "captured" | "refunded"): number =>
      statuses.reduce((total, row) => total + row[of], 0);
    return {
      payments: sum("payments"),
      captured: sum("captured"),
      refunded: sum("refunded"),
      byStatus: Object.fromEntries(statuses.map((row) => [row.name, row.payments])),
      byOrder: Object.fromEntries(
        orders.map(({ name, payments, captured, refunded }) => [name, { payments, captured, refunded }]),
      ),
    };
  }

  #count(expression: string): z.infer<typeof Counted>[] {
    const rows = this.#database
      .prepare(
        `select ${expression} as name, count(*) as payments, coalesce(sum(captured), 0) as captured,
           coalesce(sum((select sum(r.amount) from refunds r where r.intent = i.id)), 0) as refunded
         from intents i group by 1 order by 1`,
      )
      .all();
    return rows.map((row) => Counted.parse(row));
  }
}

function missing(id: string): StripeRefusal {
  return new StripeRefusal(404, "invalid_request_error", "resource_missing", `No such payment_intent: '${id}'`);
}

function unexpected(status: string): StripeRefusal {
  return invalid("payment_intent_unexpected_state", `This PaymentIntent has a status of ${status}.`);
}

function invalid(code: string, message: string): StripeRefusal {
  return new StripeRefusal(400, "invalid_request_error", code, message);
}

function token(): string {
  return randomBytes(12).toString("hex");
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
