/**
 * What the reconciler sees once is nothing. Real records, a real sandbox; the object's two answers are the test's, because what
 * happens between two questions cannot be timed from outside.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ListeningServer } from "../../dev/http-server.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { Batch, Order, OrderPage } from "../../durable-objects/performance/contract.ts";
import { taskOf } from "../../durable-objects/performance/orders/payment.ts";
import type { Environment } from "../../workers/environment.ts";
import { reconcile } from "../../workers/reconciler/reconcile.ts";
import { Delivery } from "./delivery.ts";
import { startEdge, type Edge } from "./edge.ts";
import { History } from "./history.ts";

const keys = { clientKey: "test_ck_sandbox", secretKey: "test_sk_sandbox" };

let folder: string;
let edge: Edge;
let toss: ListeningServer;
let history: History;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-looks-"));
  edge = await startEdge();
  toss = await startTossSandbox({ port: 0, file: path.join(folder, "toss.sqlite"), ...keys });
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await toss?.close();
  await edge?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await edge.sql.query("truncate reconciler_drifts, reconciler_passes, performances, members cascade");
  history = new History();
  const { scheduleId: someone, performanceId } = history;
  await edge.sql.query(
    "insert into members (id, email, email_key, nickname, password_hash) values ($1, 'o', 'o', 'o', 'none')",
    [someone],
  );
  await edge.sql.query("insert into organisations (id, name, created_by) values ($1, 'o', $1)", [someone]);
  await edge.sql.query(
    `insert into performances (id, owner, organisation_id, title, phase, published_at)
     values ($1, $2, $2, '햄릿', 'open', now())`,
    [performanceId, someone],
  );
});

/** An object that gives these pages, the last one for ever; what it was told to do. */
async function run(...pages: readonly OrderPage[]): Promise<readonly Batch["commands"][number][]> {
  const told: Batch["commands"][number][] = [];
  let asked = 0;
  const object = {
    orders: () => Promise.resolve(pages[Math.min(asked++, pages.length - 1)]),
    execute: (batch: Batch) => {
      told.push(...batch.commands);
      return Promise.resolve({ replies: batch.commands.map(() => ({ ok: true, kind: "done" })) });
    },
  };
  const env = {
    ...{ ...edge.env, PERFORMANCE: { getByName: () => object }, PAYMENTS_MODE: "sandbox" },
    ...{ TOSS_API_URL: toss.url, TOSS_SDK_URL: toss.url },
    ...{ TOSS_CLIENT_KEY: keys.clientKey, TOSS_SECRET_KEY: keys.secretKey },
  };
  await reconcile(env as unknown as Environment);
  return told;
}

/** The records' side only, or the provider's only: the other one rests. */
async function rest(side: "records" | "provider"): Promise<void> {
  await edge.sql.query("insert into reconciler_passes (performance_id, side, advanced_at) values ($1, $2, now())", [
    history.performanceId,
    side,
  ]);
}

function page(order: Order, change: Partial<OrderPage> = {}): OrderPage {
  const tasks = order.attempts.map((attempt) => taskOf(order, attempt));
  const sold = order.status === "paid" ? order.seats.length : 0;
  return { orders: [order], tasks, contradictions: [], oldestUnreportedAt: null, sold, ...change };
}

const found = async () =>
  (await edge.sql.query<{ kind: string; repairs: number }>("select kind, repairs from reconciler_drifts order by kind"))
    .rows;

describe("object and records", () => {
  /** A paid order whose ticket the records have lost. */
  async function robbed(): Promise<Order> {
    await rest("provider");
    const order = history.pay(history.place("A-1"));
    await new Delivery(edge.env).deliver(...history.events);
    await edge.sql.query("delete from tickets where order_id = $1", [order.id]);
    return order;
  }

  it("that differ in both looks in the same are repaired", async () => {
    const order = await robbed();
    expect(await run(page(order), page(order))).toEqual([{ kind: "report-order", orderId: order.id }]);
    expect(await found()).toEqual([{ kind: "ticket-missing", repairs: 1 }]);
  });

  it("that differ in the first look only are left alone: the order moved on, and is on its way", async () => {
    const order = await robbed();
    const later: Order = { ...order, version: order.version + 1, updatedAt: order.updatedAt + 1_000 };
    expect(await run(page(order), page(later, { oldestUnreportedAt: later.updatedAt }))).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it("that differ in two looks, but in two things, are left alone", async () => {
    const order = await robbed();
    const later: Order = { ...order, version: order.version + 1 };
    // The second look alone would be a repair: that version was reported, and is not there.
    expect(await run(page(order), page(later))).toEqual([]);
    expect(await found()).toEqual([]);
    await edge.sql.query("update reconciler_passes set advanced_at = now() - interval '1 day' where side = 'records'");
    expect(await run(page(later), page(later))).toEqual([{ kind: "report-order", orderId: order.id }]);
    expect(await found()).toEqual([{ kind: "order-behind", repairs: 1 }]);
  });
});

describe("object and provider", () => {
  /** An order that the provider took money for, as the object has it: paid, or declined. */
  async function charged(): Promise<{ readonly paid: Order; readonly declined: Order }> {
    await rest("records");
    const order = history.pay(history.place("A-1"));
    const [attempt] = order.attempts;
    if (attempt === undefined) throw new Error("no attempt");
    const { providerOrderId: orderId } = taskOf(order, attempt);
    const window = new URLSearchParams({
      ...{
        clientKey: keys.clientKey,
        customerKey: "customer-1",
        method: "CARD",
        currency: "KRW",
        orderName: "햄릿",
        orderId,
      },
      ...{ amount: String(order.amount), successUrl: "https://a.example/", failUrl: "https://a.example/" },
      choice: "approve",
    });
    const consent = await fetch(`${toss.url}/checkout`, { method: "POST", body: window, redirect: "manual" });
    const paymentKey = new URL(consent.headers.get("location") ?? "").searchParams.get("paymentKey") ?? "";
    const confirmed = await fetch(`${toss.url}/v1/payments/confirm`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${keys.secretKey}:`)}`, "content-type": "application/json" },
      body: JSON.stringify({ paymentKey, orderId, amount: order.amount }),
    });
    expect(confirmed.status).toBe(200);
    const paid: Order = { ...order, attempts: [{ ...attempt, paymentKey }] };
    const declined: Order = { ...paid, status: "failed", attempts: [{ ...attempt, paymentKey, status: "declined" }] };
    return { paid, declined };
  }

  it("that differ in both looks: the provider's word settles the attempt", async () => {
    const { declined } = await charged();
    expect(await run(page(declined), page(declined))).toMatchObject([
      { kind: "settle", orderId: declined.id, attempt: 1, outcome: { result: "approved", amount: declined.amount } },
    ]);
    expect(await found()).toEqual([{ kind: "capture-unknown", repairs: 1 }]);
  });

  it("that differ in the first look only: what the object has heard of meanwhile is settled by nobody else", async () => {
    const { paid, declined } = await charged();
    expect(await run(page(declined), page(paid))).toEqual([]);
    expect(await found()).toEqual([]);
  });
});
