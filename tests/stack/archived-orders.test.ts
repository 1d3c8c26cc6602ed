/** Two who decide about orders of an emptied sale at the same moment: every event is there, and every seat goes back once. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Order, RefundTask } from "../../durable-objects/performance/contract.ts";
import type { PaymentsPort } from "../../durable-objects/performance/orders/provider.ts";
import type { Environment } from "../../workers/environment.ts";
import type { ArchivedReply } from "../../workers/records/archived-decision.ts";
import { chaseArchivedRefunds, refundArchived } from "../../workers/records/archived-orders.ts";
import { withRecords } from "../../workers/records/database.ts";
import { readRecordsFigures } from "../../workers/records/figures.ts";
import { Delivery } from "./delivery.ts";
import { startEdge, textAt, type Edge } from "./edge.ts";
import { History } from "./history.ts";

const ROUNDS = 40;
const SEATS = ["a", "b", "c", "d"] as const;

let edge: Edge;
let env: Environment;
let owner: string;

beforeAll(async () => {
  edge = await startEdge();
  vi.spyOn(console, "log").mockReturnValue();
  owner = textAt((await edge.signIn("owner@example.com", "organiser")).body, "member", "id");
  const NOTICES = { sendBatch: () => Promise.resolve() };
  env = { ...edge.env, NOTICES } as unknown as Environment;
}, 90_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await edge?.close();
});

/** A provider that pays back at once, each key once. */
class Provider implements PaymentsPort {
  readonly paidBack = new Map<string, number>();
  answers = true;

  refund({ orderId, refund, amount }: RefundTask): ReturnType<PaymentsPort["refund"]> {
    if (!this.answers) return Promise.resolve({ result: "unknown", reason: "silent" });
    const key = `${orderId}:${refund}`;
    const before = this.paidBack.get(key) ?? amount;
    if (before !== amount) throw new Error(`${key}: first ${before}, then ${amount}`);
    this.paidBack.set(key, amount);
    return Promise.resolve({ result: "refunded", transaction: `r-${key}`, amount, at: Date.now() });
  }

  confirm = (): never => this.#never();
  read = (): never => this.#never();
  conclude = (): never => this.#never();

  #never(): never {
    throw new Error("an order that is paid has nothing else to ask");
  }
}

/** Paid orders of a sale that the records own. */
async function emptied(orders: number): Promise<{ readonly history: History; readonly paid: readonly Order[] }> {
  const history = new History();
  const organisation = crypto.randomUUID();
  await edge.sql.query("insert into organisations (id, name, created_by) values ($1, 'o', $2)", [organisation, owner]);
  await edge.sql.query(
    "insert into performances (id, owner, organisation_id, title, phase, emptied_at) values ($1, $2, $3, 't', 'closed', now())",
    [history.performanceId, owner, organisation],
  );
  const paid = Array.from({ length: orders }, (_, row) =>
    history.pay(history.place(...SEATS.map((seat) => `${row}${seat}`))),
  );
  const ends = await new Delivery(edge.env).deliver(...history.events);
  expect(new Set(ends)).toEqual(new Set(["acked"]));
  return { history, paid };
}

interface Journalled {
  readonly seq: number;
  readonly version: number;
}

async function journalOf(history: History, orderId?: string): Promise<readonly Journalled[]> {
  const { rows } = await edge.sql.query<Journalled>(
    `select seq, version from applied_events where performance_id = $1 and order_id = coalesce($2, order_id) order by seq`,
    [history.performanceId, orderId ?? null],
  );
  return rows;
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

async function refundedOf(order: Order): Promise<unknown> {
  const { rows } = await edge.sql.query(
    `select o.status, o.version, (select count(*)::int from order_seats s where s.order_id = o.id and s.status = 'released') as released,
       (select count(*)::int from refunds r where r.order_id = o.id and r.status = 'refunded') as refunds,
       (select coalesce(sum(debit), 0)::int from ledger_entries l where l.order_id = o.id and l.transaction_ref like '%:refund:%') as back
     from orders o where o.id = $1`,
    [order.id],
  );
  return rows[0];
}

describe("money of a sale that is over, on its way back", () => {
  it("is seen by the figures until it has gone, and apart from what waits for an account", async () => {
    const finished = async () => (await withRecords(edge.env, (db) => readRecordsFigures(db, 0))).finishedRefunds;
    expect(await finished()).toEqual({ open: 0, oldestAt: null, withoutAccount: 0 });
    const { paid } = await emptied(2);
    const silent = new Provider();
    silent.answers = false;
    const at = Date.now() - 20 * 60_000;
    for (const { id } of paid)
      await refundArchived(env, silent, { orderId: id, seats: null, reason: "storm", account: null }, at);
    expect(await finished()).toEqual({ open: 2, oldestAt: at, withoutAccount: 0 });
    const snapshot = "jsonb_set(snapshot, '{refunds,0,account}', '\"needed\"')";
    await edge.sql.query(`update orders set snapshot = ${snapshot} where id = $1`, [paid[0]?.id]);
    expect(await finished()).toEqual({ open: 1, oldestAt: at, withoutAccount: 1 });
    await chaseArchivedRefunds(env, new Provider(), Date.now());
    expect(await finished()).toEqual({ open: 0, oldestAt: null, withoutAccount: 1 });
  });

  it("counts of a sale that closed days ago, and not of one whose object is still asked", async () => {
    const { history, paid } = await emptied(1);
    const silent = new Provider();
    silent.answers = false;
    const id = paid[0]?.id ?? "";
    await refundArchived(env, silent, { orderId: id, seats: null, reason: "storm", account: null }, Date.now());
    const open = async () => (await withRecords(edge.env, (db) => readRecordsFigures(db, 0))).finishedRefunds.open;
    const emptiedToo = await open();
    const kept = (updatedAt: string) =>
      edge.sql.query("update performances set emptied_at = null, published_at = now(), updated_at = $2 where id = $1", [
        history.performanceId,
        updatedAt,
      ]);
    await kept(new Date(Date.now() - 2 * 86_400_000).toISOString());
    expect(await open()).toBe(emptiedToo);
    await kept(new Date().toISOString());
    expect(await open()).toBe(emptiedToo - 1);
  });
});

describe("two callers at once", () => {
  it("who give back different orders of one sale leave every event in the journal, numbered without a gap", async () => {
    const { history, paid } = await emptied(2 * ROUNDS);
    const provider = new Provider();
    const giveBack = async (orders: readonly Order[]): Promise<readonly boolean[]> => {
      const given: boolean[] = [];
      for (const { id } of orders) {
        const request = { orderId: id, seats: null, reason: "storm", account: null };
        given.push((await refundArchived(env, provider, request, Date.now())).ok);
      }
      return given;
    };
    const half = [paid.slice(0, ROUNDS), paid.slice(ROUNDS)] as const;
    const given = await Promise.all(half.map(giveBack));
    expect(given.flat()).toEqual(paid.map(() => true));

    // Placed, paying, paid; cancelled, paid back.
    const journal = await journalOf(history);
    expect(journal.map(({ seq }) => seq)).toEqual(upTo(5 * paid.length));
    for (const order of paid) {
      expect((await journalOf(history, order.id)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
      expect(await refundedOf(order)).toEqual({
        ...{ status: "cancelled", version: 5, released: SEATS.length, refunds: 1, back: order.amount },
      });
    }
  }, 120_000);

  it("who give back different seats of one order lose neither's", async () => {
    const { history, paid } = await emptied(ROUNDS);
    const provider = new Provider();
    for (const [row, order] of paid.entries()) {
      const giveBack = (...names: readonly string[]): Promise<ArchivedReply> => {
        const seats = names.map((name) => `${row}${name}`);
        return refundArchived(env, provider, { orderId: order.id, seats, reason: "camera", account: null }, Date.now());
      };
      const replies = await Promise.all([giveBack("a"), giveBack("b", "c")]);
      expect(replies.map(({ ok }) => ok)).toEqual([true, true]);
    }
    const journal = await journalOf(history);
    expect(journal.map(({ seq }) => seq)).toEqual(upTo(7 * paid.length));
    for (const order of paid) {
      expect((await journalOf(history, order.id)).map(({ version }) => version)).toEqual(upTo(7));
      const back = (order.amount / SEATS.length) * 3;
      expect(await refundedOf(order)).toEqual({ status: "paid", version: 7, released: 3, refunds: 2, back });
    }
    expect(provider.paidBack.size).toBe(2 * ROUNDS);
  }, 120_000);

  it("who give back the same order do it once", async () => {
    const { history, paid } = await emptied(ROUNDS);
    const provider = new Provider();
    for (const order of paid) {
      const giveBack = (): Promise<ArchivedReply> =>
        refundArchived(env, provider, { orderId: order.id, seats: null, reason: "storm", account: null }, Date.now());
      await Promise.all([giveBack(), giveBack()]);
      expect((await journalOf(history, order.id)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
      expect(await refundedOf(order)).toMatchObject({ status: "cancelled", refunds: 1, back: order.amount });
    }
    expect(provider.paidBack.size).toBe(ROUNDS);
  }, 120_000);
});
