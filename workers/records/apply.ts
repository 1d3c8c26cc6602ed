/**
 * Folded events into Postgres: one round trip, one transaction. Exactly once by construction: the journal's primary key
 * lets an event's own effects (the audit log) happen only when it is new, and everything else is guarded by versions that
 * only grow or by ids derived from what they report.
 */
import { sql, type SQL } from "drizzle-orm";
import type { Order } from "../../durable-objects/performance/contract.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { isDivisionByZero, type Records } from "./database.ts";
import { fold, type Rows } from "./fold.ts";
import { maySeeOrders } from "./notices/webhooks.ts";
import { freshCode } from "./schema.ts";

/** Answers the ids of notices that came about: somebody has to be told of them. */
export function applyEvents(db: Records, envelopes: readonly EventEnvelope[]): Promise<readonly string[]> {
  const rows = fold(envelopes);
  return applyRows(db, [journal(rows)], rows);
}

/**
 * The same for changes to one order that the records decided themselves, because its object was emptied and numbers nothing
 * any more. They are numbered where they are written, one caller of a performance after the other, and only if the order is
 * still as it was when it was decided about. Answers null where it is not: nothing was written, decide again.
 */
export async function applyOwnEvents(
  db: Records,
  decidedOn: Pick<Order, "id" | "performanceId" | "version">,
  events: readonly Omit<EventEnvelope, "seq">[],
): Promise<readonly string[] | null> {
  const rows = fold(events.map((one, index) => ({ ...one, seq: index + 1 })));
  try {
    return await applyRows(db, ownJournal(rows, decidedOn), rows);
  } catch (error) {
    if (isDivisionByZero(error)) return null;
    throw error;
  }
}

/** The journal's statements first, which decide whether there is anything to write. */
async function applyRows(
  db: Records,
  [first, ...others]: readonly [SQL, ...SQL[]],
  rows: Rows,
): Promise<readonly string[]> {
  const told = rows.notices.length > 0;
  const statements = [...others, ...statementsOf(rows), ...(told ? [notices(rows.notices)] : [])];
  const results = await db.batch([db.execute(first), ...statements.map((statement) => db.execute(statement))]);
  return told ? (results.at(-1)?.rows ?? []).map((row) => String(row["id"])) : [];
}

/** Only of what there is: a statement without rows still has to be planned, and most events change few of the tables. */
function statementsOf(rows: Rows): SQL[] {
  const statements: SQL[] = [];
  const add = <Row>(statement: (list: readonly Row[]) => SQL, list: readonly Row[]): void => {
    if (list.length > 0) statements.push(statement(list));
  };
  add(orders, rows.orders);
  // Seats that came free are written before seats that were sold: within one batch a seat may do both.
  add(
    seats,
    rows.seats.filter((seat) => seat.status !== "sold"),
  );
  add(
    seats,
    rows.seats.filter((seat) => seat.status === "sold"),
  );
  add(payments, rows.payments);
  add(refunds, rows.refunds);
  add(tickets, rows.tickets);
  add(ledger, rows.ledger);
  add(performances, rows.performances);
  return statements;
}

function journal(rows: Rows): SQL {
  return sql`
    with fresh as (
      insert into applied_events (performance_id, seq, happened_at, order_id, version, cause)
      select performance_id, seq, happened_at, order_id, version, cause
      from jsonb_to_recordset(${json(rows.applied)}::jsonb) as e(performance_id uuid, seq int,
        happened_at timestamptz, order_id text, version int, cause text)
      on conflict do nothing returning performance_id, seq
    )
    insert into audit_log (performance_id, actor, action, detail, at)
    select e.performance_id, e.actor, e.action, jsonb_build_object('said', e.detail), e.at
    from jsonb_to_recordset(${json(rows.audit)}::jsonb)
      as e(performance_id uuid, seq int, actor text, action text, detail text, at timestamptz)
    join fresh on fresh.performance_id = e.performance_id and fresh.seq = e.seq`;
}

/**
 * The lock has a statement of its own: what comes after sees what whoever had it before has written. A transaction that is
 * sent whole can only be ended by an error, hence the division.
 */
function ownJournal(
  rows: Rows,
  { id, performanceId, version }: Pick<Order, "id" | "performanceId" | "version">,
): readonly [SQL, ...SQL[]] {
  return [
    sql`select pg_advisory_xact_lock(hashtextextended(${`own-events:${performanceId}`}, 0))`,
    sql`select 1 / count(*) as unchanged from orders where id = ${id} and version = ${version}`,
    // No "on conflict": a number that is taken is an error here, never an event that is in already.
    sql`
      insert into applied_events (performance_id, seq, happened_at, order_id, version, cause)
      select e.performance_id, e.seq + last.seq, e.happened_at, e.order_id, e.version, e.cause
      from jsonb_to_recordset(${json(rows.applied)}::jsonb) as e(performance_id uuid, seq int,
        happened_at timestamptz, order_id text, version int, cause text),
        (select coalesce(max(seq), 0) as seq from applied_events where performance_id = ${performanceId}::uuid) as last`,
  ];
}

/** One for the buyer, and one for each webhook of the organiser. An order that has moved on since tells nothing of this. */
function notices(list: Rows["notices"]): SQL {
  return sql`
    with e as (
      select n.* from jsonb_to_recordset(${json(list)}::jsonb) as n(id text, order_id text, performance_id uuid, version int,
        kind text, mail boolean, webhooks boolean)
      join orders on orders.id = n.order_id and orders.version = n.version)
    insert into notices (id, channel, kind, performance_id, order_id, webhook_id)
    select e.id || ':mail', 'mail', e.kind, e.performance_id, e.order_id, null from e where e.mail
    union all
    select e.id || ':' || w.id, 'webhook', e.kind, e.performance_id, e.order_id, w.id from e
      join performances p on p.id = e.performance_id join webhooks w on w.owner = p.owner and w.enabled
      where e.webhooks and ${maySeeOrders(sql`w.owner`, sql`p.id`)}
    on conflict (id) do nothing returning id`;
}

function orders(list: Rows["orders"]): SQL {
  return sql`
    insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
    select id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot
    from jsonb_to_recordset(${json(list)}::jsonb) as e(id text, performance_id uuid, version int, member_id uuid,
      schedule_id uuid, status text, amount bigint, currency text, placed_at timestamptz, pay_by timestamptz, snapshot jsonb)
    on conflict (id) do update set version = excluded.version, status = excluded.status,
      snapshot = excluded.snapshot, updated_at = now()
    where orders.version < excluded.version`;
}

/** Only the version that is the order's newest now speaks for its seats: a late older one joins nothing. */
function seats(list: Rows["seats"]): SQL {
  return sql`
    insert into order_seats (order_id, schedule_id, seat_id, section, row, label, grade, price, status)
    select e.order_id, e.schedule_id, e.seat_id, e.section, e.row, e.label, e.grade, e.price, e.status
    from jsonb_to_recordset(${json(list)}::jsonb) as e(order_id text, version int, schedule_id uuid, seat_id text,
      section text, "row" text, label text, grade text, price bigint, status text)
    join orders on orders.id = e.order_id and orders.version = e.version
    on conflict (order_id, seat_id) do update set status = excluded.status, updated_at = now()
    where order_seats.status <> excluded.status`;
}

function payments(list: Rows["payments"]): SQL {
  return sql`
    insert into payments (order_id, attempt, provider, method, amount, status, payment_key, transaction, receipt_url, begun_at, settled_at)
    select e.order_id, e.attempt, e.provider, e.method, e.amount, e.status, e.payment_key, e.transaction, e.receipt_url,
      e.begun_at, e.settled_at
    from jsonb_to_recordset(${json(list)}::jsonb) as e(order_id text, version int, attempt int, provider text, method text,
      amount bigint, status text, payment_key text, transaction text, receipt_url text, begun_at timestamptz, settled_at timestamptz)
    join orders on orders.id = e.order_id and orders.version = e.version
    on conflict (order_id, attempt) do update set status = excluded.status, method = excluded.method,
      amount = excluded.amount, payment_key = excluded.payment_key, transaction = excluded.transaction, receipt_url = excluded.receipt_url,
      settled_at = excluded.settled_at, updated_at = now()`;
}

function refunds(list: Rows["refunds"]): SQL {
  return sql`
    insert into refunds (order_id, number, attempt, amount, reason, status, transaction, requested_at, settled_at)
    select e.order_id, e.number, e.attempt, e.amount, e.reason, e.status, e.transaction, e.requested_at, e.settled_at
    from jsonb_to_recordset(${json(list)}::jsonb) as e(order_id text, version int, number int, attempt int, amount bigint,
      reason text, status text, transaction text, requested_at timestamptz, settled_at timestamptz)
    join orders on orders.id = e.order_id and orders.version = e.version
    on conflict (order_id, number) do update set status = excluded.status, transaction = excluded.transaction,
      settled_at = excluded.settled_at, updated_at = now()`;
}

/**
 * Issued again where the show was moved after a ticket was issued: the version goes up, so that the token and the code a member
 * holds, which may be printed with the old time, open no door any more.
 */
function tickets(list: Rows["tickets"]): SQL {
  return sql`
    insert into tickets (id, order_id, member_id, performance_id, schedule_id, seat_id, status, issued_at)
    select e.id, e.order_id, e.member_id, e.performance_id, e.schedule_id, e.seat_id, e.status, e.issued_at
    from jsonb_to_recordset(${json(list)}::jsonb) as e(id text, order_id text, version int, member_id uuid,
      performance_id uuid, schedule_id uuid, seat_id text, status text, issued_at timestamptz)
    join orders on orders.id = e.order_id and orders.version = e.version
    on conflict (id) do update set status = excluded.status, updated_at = now(),
      version = tickets.version + (excluded.issued_at > tickets.issued_at)::int,
      code = case when excluded.issued_at > tickets.issued_at then ${freshCode} else tickets.code end,
      issued_at = greatest(tickets.issued_at, excluded.issued_at)
    where tickets.status <> excluded.status or tickets.issued_at < excluded.issued_at`;
}

/** Append-only: what is booked stays. */
function ledger(list: Rows["ledger"]): SQL {
  return sql`
    insert into ledger_entries (id, order_id, transaction_ref, account, debit, credit, currency, at)
    select id, order_id, transaction_ref, account, debit, credit, currency, at
    from jsonb_to_recordset(${json(list)}::jsonb) as e(id text, order_id text, transaction_ref text, account text,
      debit bigint, credit bigint, currency text, at timestamptz)
    on conflict (id) do nothing`;
}

function performances(list: Rows["performances"]): SQL {
  return sql`
    update performances set state_version = e.version, phase = e.phase, capacity = e.capacity,
      rate_per_minute = e.rate, notice = e.notice, updated_at = now()
    from jsonb_to_recordset(${json(list)}::jsonb) as e(id uuid, version int, phase text, capacity int, rate int, notice text)
    where performances.id = e.id and performances.state_version < e.version`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
