/**
 * Refunds under keys that keep server errors: the rules, the clients of both providers and their sandboxes with books of their
 * own, on a clock that is set. However long a provider keeps an error under every key it is asked with, the money goes back
 * within ten minutes of its answering again, and once.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { decideInWindow, tossCheckout } from "../../dev/demo/payment-window.ts";
import type { ListeningServer } from "../../dev/http-server.ts";
import { startStripeSandbox } from "../../dev/stripe/server.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { Command, Order, RefundOutcome, RefundTask, Reply } from "../../durable-objects/performance/contract.ts";
import { taskOf } from "../../durable-objects/performance/orders/payment.ts";
import { questionsAbout, Recovery } from "../../durable-objects/performance/orders/recovery.ts";
import { lineTo } from "../../workers/payments/line.ts";
import type { Provider } from "../../workers/payments/provider.ts";
import { stripePayments } from "../../workers/payments/stripe.ts";
import { tossPayments } from "../../workers/payments/toss.ts";
import { Customer, member, Room } from "./room.ts";

const pages = { successUrl: "http://shop/", failUrl: "http://shop/" };
const minute = 60_000;
const folder = mkdtempSync(path.join(tmpdir(), "ticketping-keys-"));

type Name = "toss" | "stripe";
const toss = { secretKey: "test_sk_keys", clientKey: "test_ck_keys" };
const stripe = { secretKey: "sk_test_k", publishableKey: "pk_test_k", webhookSecret: "whsec_12345678" };

let room: Room;
let sandboxes: Readonly<Record<Name, ListeningServer>>;
let providers: Readonly<Record<Name, Provider>>;
let tests = 0;

/** Orders of one test have the ids that those of the one before had: books begin anew. */
beforeEach(async () => {
  room = new Room({});
  tests += 1;
  const books = (name: string): string => path.join(folder, `${name}-${tests}.sqlite`);
  const now = (): number => room.now;
  sandboxes = {
    toss: await startTossSandbox({ port: 0, file: books("toss"), now, ...toss }),
    stripe: await startStripeSandbox({ port: 0, file: books("stripe"), now, ...stripe }),
  };
  const at = (name: Name) => ({ apiUrl: sandboxes[name].url, sdkUrl: sandboxes[name].url });
  providers = {
    toss: tossPayments({ ...at("toss"), ...toss }, lineTo({}, "toss", true)),
    stripe: stripePayments({ ...at("stripe"), ...stripe }, lineTo({}, "stripe", true)),
  };
});

afterEach(async () => {
  for (const sandbox of Object.values(sandboxes)) await sandbox.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}

const ask = (command: Command): Reply => room.object.ask(command);

/** Paid at the provider, with all that comes before. */
async function paid(name: Name, ...seats: readonly string[]): Promise<Order> {
  const customer = new Customer(room, 7);
  const orderId = customer.order(customer.hold(...seats));
  const key = { id: "pay", hash: "pay" };
  const begun = orderOf(
    ask({ kind: "begin-payment", member: member(7), orderId, provider: name, method: "CARD", key }),
  );
  const [attempt] = begun.attempts;
  if (attempt === undefined) throw new Error("no attempt");
  const checkout = await providers[name].begin(begun, taskOf(begun, attempt), pages);
  const paymentKey = name === "toss" ? await agreedInWindow(checkout) : await agreedInPage(checkout);
  const { amount } = begun;
  const confirming = ask({
    ...{ kind: "confirm-payment", member: member(7), orderId, provider: name, paymentKey, amount },
  });
  if (!confirming.ok || confirming.kind !== "confirm" || confirming.task === null) throw new Error("nothing to ask");
  const outcome = await providers[name].confirm(confirming.task);
  expect(outcome).toMatchObject({ result: "approved", amount });
  return orderOf(ask({ kind: "settle", orderId, attempt: 1, outcome }));
}

async function agreedInWindow(checkout: unknown): Promise<string> {
  const back = await decideInWindow(sandboxes.toss.url, tossCheckout.parse(checkout), "approve");
  return back.searchParams.get("paymentKey") ?? "";
}

async function agreedInPage(checkout: Readonly<Record<string, unknown>>): Promise<string> {
  const { paymentKey, clientSecret, publishableKey } = checkout;
  const form = { key: String(publishableKey), client_secret: String(clientSecret), payment_method: "pm_card_visa" };
  const url = `${sandboxes.stripe.url}/v1/payment_intents/${String(paymentKey)}/confirm`;
  expect((await fetch(url, { method: "POST", body: new URLSearchParams(form) })).status).toBe(200);
  return String(paymentKey);
}

async function trouble(name: Name, fault: string | null, times?: number): Promise<void> {
  const body = JSON.stringify({
    [name === "toss" ? "cancel" : "refund"]: fault,
    ...(times === undefined ? {} : { times }),
  });
  expect((await fetch(`${sandboxes[name].url}/sandbox/faults`, { method: "POST", body })).status).toBe(200);
}

async function refunded(name: Name, order: Order): Promise<number | undefined> {
  const found = (await (await fetch(`${sandboxes[name].url}/sandbox/books`)).json()) as {
    byOrder: Record<string, { refunded: number } | undefined>;
  };
  return found.byOrder[name === "toss" ? `${order.id}-1` : order.id]?.refunded;
}

function cancel(order: Order, seats: readonly string[] | null = null): { order: Order; task: RefundTask } {
  const reply = ask({
    ...{ kind: "cancel-order", member: member(7), orderId: order.id, reason: "plans", seats, fee: null },
  });
  if (!reply.ok || reply.kind !== "refund" || reply.task === null) throw new Error(JSON.stringify(reply));
  return { order: reply.order, task: reply.task };
}

const settled = (order: Order, outcome: RefundOutcome, refund = 1): Order =>
  orderOf(ask({ kind: "settle-refund", orderId: order.id, refund, outcome }));

describe.each(["toss", "stripe"] as const)("a refund at %s", (name) => {
  test.each([
    [0, 0, 1],
    [12, 0.9, 1],
    [90, 0, 1],
    [90, 0.9, 3],
  ])(
    "whose keys kept server errors for %i minutes has gone ten minutes later (chance %d, one in %i answers written down)",
    async (awayMinutes, chance, heard) => {
      const before = await paid(name, "r1s1", "r1s2");
      const asked = cancel(before);
      await trouble(name, "error-500");
      const backAt = room.now + awayMinutes * minute;
      const recovery = new Recovery();
      let { order } = asked;
      let answers = 0;
      recovery.note(order, room.now);
      while (order.status !== "cancelled") {
        room.now = recovery.nextAt() ?? Infinity;
        expect(room.now).toBeLessThan(backAt + 10 * minute);
        if (room.now >= backAt) await trouble(name, null);
        for (const { tries } of recovery.take(room.now, 6, () => chance)) {
          const list = questionsAbout(order, { now: room.now, tries, hinted: false, accounts: new Map() });
          for (const question of list) {
            if (question.ask !== "refund") throw new Error(question.ask);
            const outcome = await providers[name].refund(question.task);
            answers += 1;
            // An answer that nobody wrote down costs a try, and nothing else.
            if (answers % heard === 0) order = settled(order, outcome);
          }
        }
        recovery.note(order, room.now);
      }
      expect(await refunded(name, order)).toBe(order.refunds[0]?.amount);
      // Each key is a version of the order: they become fewer, however long it takes.
      expect(order.version - asked.order.version).toBeLessThan(4 + awayMinutes / 4 + 3);
    },
  );

  test("moves on to another key only when nothing came of the last one, and a late answer takes it back to none", async () => {
    const { order, task } = cancel(await paid(name, "r2s1", "r2s2"), ["r2s1"]);
    await trouble(name, "error-500", 2);
    const first = await providers[name].refund(task);
    expect(first).toMatchObject({ result: "key-spent", keysSpent: 1 });
    // The key keeps its answer, and asking again spends no second one.
    expect(await providers[name].refund(task)).toEqual(first);
    const later = settled(order, first);
    expect(later.refunds).toMatchObject([{ keysSpent: 1, status: "requested" }]);
    expect(settled(later, first)).toEqual(later);
    const next = await providers[name].refund({ ...task, keysSpent: 1 });
    expect(next).toMatchObject({ result: "key-spent", keysSpent: 2 });
    const last = settled(later, next);
    expect(settled(last, first)).toEqual(last);
    const done = await providers[name].refund({ ...task, keysSpent: 2 });
    expect(done).toMatchObject({ result: "refunded", amount: task.amount });
    // Whoever comes late with an older key finds what was made.
    for (const keysSpent of [0, 1, 2, 5]) expect(await providers[name].refund({ ...task, keysSpent })).toEqual(done);
    expect(settled(settled(last, done), next).refunds).toMatchObject([{ status: "refunded", keysSpent: 2 }]);
    expect(await refunded(name, order)).toBe(task.amount);
  });

  test("asks under the same key for as long as nobody answers, or answers too much", async () => {
    const { order, task } = cancel(await paid(name, "r3s1"));
    await trouble(name, "lose-answer", 1);
    const lost = await providers[name].refund(task);
    if (lost.result !== "refunded") expect(lost).toMatchObject({ result: "unknown" });
    expect(await providers[name].refund(task)).toMatchObject({ result: "refunded", amount: task.amount });
    expect(await refunded(name, order)).toBe(task.amount);
  });
});

test("Stripe: a server error that hides a refund is no spent key", async () => {
  const { order, task } = cancel(await paid("stripe", "r4s1"));
  await trouble("stripe", "error-500-after", 1);
  expect(await providers.stripe.refund(task)).toMatchObject({ result: "refunded", amount: task.amount });
  expect(await refunded("stripe", order)).toBe(task.amount);
});
