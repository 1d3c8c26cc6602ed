/** Bank transfers through the client, against the sandbox: opening an account, looking, closing it, paying back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { decideInWindow, tossCheckout } from "../../dev/demo/payment-window.ts";
import type { ListeningServer } from "../../dev/http-server.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { Order, ProviderTask, RefundTask } from "../../durable-objects/performance/contract.ts";
import { lineTo } from "./line.ts";
import type { Provider } from "./provider.ts";
import { openAccount, sealAccount } from "./sealing.ts";
import { readTossNotification } from "./toss-notification.ts";
import { tossPayments } from "./toss.ts";

const secretKey = "test_sk_deposits";
const clientKey = "test_ck_deposits";
const account = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };
const minute = 60_000;

let sandbox: ListeningServer;
let folder: string;
let toss: Provider;
let task: ProviderTask;
let skewMs = 0;
let orders = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-toss-"));
  const now = (): number => Date.now() + skewMs;
  sandbox = await startTossSandbox({ port: 0, file: path.join(folder, "books.sqlite"), secretKey, clientKey, now });
  toss = tossPayments({ apiUrl: sandbox.url, sdkUrl: sandbox.url, clientKey, secretKey }, lineTo({}, "toss", true));
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  skewMs = 0;
  orders += 1;
  const orderId = `order-${orders}`;
  task = {
    orderId,
    attempt: 1,
    provider: "toss",
    method: "VIRTUAL_ACCOUNT",
    providerOrderId: `${orderId}-1`,
    paymentKey: "",
    amount: 110_000,
    currency: "KRW",
    idempotencyKey: `${orderId}:1:confirm`,
    depositBy: Math.floor(Date.now() / 1_000) * 1_000 + 60 * minute,
  };
  const order = { id: orderId, title: "햄릿", member: "m", seats: [{}] } as unknown as Order;
  const begun = await toss.begin(order, task, { successUrl: "http://s/", failUrl: "http://f/" });
  const back = await decideInWindow(sandbox.url, tossCheckout.parse(begun), "approve");
  task = { ...task, paymentKey: back.searchParams.get("paymentKey") ?? "" };
});

afterEach(() => vi.unstubAllGlobals());

async function bank(action: "deposit" | "late" | "undo"): Promise<void> {
  const body = JSON.stringify({ orderId: task.providerOrderId, action });
  const { status } = await fetch(`${sandbox.url}/sandbox/deposits`, { method: "POST", body });
  expect(status).toBe(200);
}

async function trouble(order: Readonly<Record<string, unknown>>): Promise<void> {
  const { status } = await fetch(`${sandbox.url}/sandbox/faults`, { method: "POST", body: JSON.stringify(order) });
  expect(status).toBe(200);
}

const refundOf = (number: number, amount: number, sealed: string | null): RefundTask => ({
  ...task,
  amount,
  refund: number,
  reason: "requested",
  keysSpent: 0,
  idempotencyKey: `${task.orderId}:1:refund:${number}`,
  account: sealed,
});

it("a confirm is answered with the error that was asked for, and nothing is opened or charged", async () => {
  const settings = { apiUrl: sandbox.url, sdkUrl: sandbox.url, clientKey, secretKey };
  const refusing = tossPayments({ ...settings, testCode: "REJECT_CARD_PAYMENT" }, lineTo({}, "toss", true));
  const other = { ...task, idempotencyKey: `${task.idempotencyKey}:test` };
  expect(await refusing.confirm(other)).toMatchObject({ result: "declined", code: "REJECT_CARD_PAYMENT" });
  expect(await toss.look(task)).toMatchObject({ result: "known", captured: 0 });
  expect(await toss.confirm(task)).toMatchObject({ result: "awaiting-deposit" });
});

describe("a bank transfer", () => {
  it("gets an account with our deadline, and is paid when the money is there", async () => {
    const opened = await toss.confirm(task);
    expect(opened).toMatchObject({
      result: "awaiting-deposit",
      amount: 110_000,
      account: { dueAt: task.depositBy, secretHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(await toss.confirm(task)).toEqual(opened);
    expect(await toss.read(task)).toEqual(opened);
    await bank("deposit");
    expect(await toss.read(task)).toMatchObject({
      result: "approved",
      amount: 110_000,
      method: "가상계좌",
      account: {},
    });
    await bank("undo");
    expect(await toss.read(task)).toEqual(opened);
  });

  it("is closed when it is concluded, unless the money was quicker; after its day it is over", async () => {
    await toss.confirm(task);
    expect(await toss.conclude(task)).toMatchObject({ result: "declined", code: "CANCELED" });
    expect(await toss.conclude(task)).toMatchObject({ result: "declined" });
    await bank("late");
    expect(await toss.conclude(task)).toMatchObject({ result: "approved" });
  });

  it("whose deadline has passed at the provider is declined by its word", async () => {
    await toss.confirm(task);
    skewMs = 61 * minute;
    expect(await toss.read(task)).toMatchObject({ result: "declined", code: "EXPIRED" });
  });

  it("stays unknown where the provider knows nothing of it, or cannot be reached", async () => {
    const unknown = { ...task, providerOrderId: "order-unknown-1" };
    expect(await toss.read(unknown)).toMatchObject({ result: "unknown" });
    expect(await toss.conclude(unknown)).toMatchObject({ result: "unknown" });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    expect(await toss.read(task)).toMatchObject({ result: "unknown" });
    expect(await toss.conclude(task)).toMatchObject({ result: "unknown" });
  });

  it("is as open after an answer that goes on and on as after none, and the same question again finds it", async () => {
    // A read is asked again at once, so that one such answer alone is not noticed.
    await trouble({ confirm: "oversized", times: 1 });
    await trouble({ read: "oversized", times: 2 });
    expect(await toss.confirm(task)).toMatchObject({ result: "unknown", reason: "TooLarge" });
    const opened = await toss.confirm(task);
    expect(opened).toMatchObject({ result: "awaiting-deposit" });
    await trouble({ read: "oversized", times: 4 });
    expect(await toss.read(task)).toEqual({ result: "unknown", reason: "TooLarge" });
    expect(await toss.look(task)).toEqual({ result: "unknown", reason: "TooLarge" });
    await trouble({ cancel: "oversized", times: 1 });
    expect(await toss.conclude(task)).toMatchObject({ result: "declined", code: "CANCELED" });
  });

  it("is understood with fields missing and fields nobody knows, and not guessed where what counts is missing", async () => {
    const answer = (more: Record<string, unknown>) => {
      const body = {
        paymentKey: "k",
        orderId: task.providerOrderId,
        status: "WAITING_FOR_DEPOSIT",
        totalAmount: 1,
        ...more,
      };
      vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ brandNew: [1], ...body })));
      return toss.read(task);
    };
    expect(await answer({ virtualAccount: { accountNumber: "7", more: {} } })).toEqual({
      result: "awaiting-deposit",
      amount: 1,
      account: {
        bank: { code: "", ko: "", en: "" },
        number: "7",
        holder: null,
        dueAt: task.depositBy,
        secretHash: null,
      },
    });
    expect(await answer({ virtualAccount: { accountNumber: "7", bankCode: "ZZ" } })).toMatchObject({
      account: { bank: { code: "ZZ", ko: "ZZ" } },
    });
    expect(await answer({})).toEqual({ result: "unknown", reason: "no account" });
    expect(await answer({ virtualAccount: { accountNumber: 7 } })).toMatchObject({ result: "unknown" });
    expect(await answer({ status: "SOMETHING_NEW" })).toEqual({ result: "unknown", reason: "SOMETHING_NEW" });
    expect(await answer({ totalAmount: "1" })).toMatchObject({ result: "unknown" });
    expect(await answer({ totalAmount: 0.5 })).toMatchObject({ result: "unknown" });
    const done = { status: "DONE", method: "카드", approvedAt: "2026-12-24T10:00:00+09:00" };
    expect(await answer(done)).toMatchObject({ result: "approved", amount: 1 });
    expect(await answer({ ...done, currency: "KRW" })).toMatchObject({ result: "approved", amount: 1 });
    expect(await answer({ ...done, totalAmount: -1 })).toMatchObject({ result: "unknown" });
    expect(await answer({ ...done, totalAmount: null })).toMatchObject({ result: "unknown" });
    expect(await answer({ ...done, currency: "USD" })).toEqual({
      result: "unknown",
      reason: "answer in another currency",
    });
    expect(await toss.look({ ...task, paymentKey: "k" })).toMatchObject({ result: "unknown" });
    for (const body of [null, [], "paid", 7, {}]) {
      vi.stubGlobal("fetch", () => Promise.resolve(Response.json(body)));
      expect(await toss.read(task)).toEqual({ result: "unknown", reason: "unreadable answer" });
    }
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>", { status: 200 })));
    expect(await toss.read(task)).toMatchObject({ result: "unknown" });
  });
});

describe("paying a transfer back", () => {
  beforeEach(async () => {
    await toss.confirm(task);
    await bank("deposit");
  });

  it("goes to the account its buyer named, once, in parts too; a wrong one is told apart from trouble", async () => {
    const seal = (given: typeof account): Promise<string> | undefined => toss.refundAccounts?.seal(given);
    const [good, bad] = [await seal(account), await seal({ ...account, accountNumber: "12340000" })];
    expect(await toss.refund(refundOf(1, 30_000, null))).toEqual({
      result: "account-refused",
      code: "ACCOUNT_UNREADABLE",
    });
    expect(await toss.refund(refundOf(1, 30_000, bad ?? ""))).toEqual({
      result: "account-refused",
      code: "INVALID_REFUND_ACCOUNT_NUMBER",
    });
    const done = await toss.refund(refundOf(1, 30_000, good ?? ""));
    expect(done).toMatchObject({ result: "refunded", amount: 30_000 });
    // Asked again, with the same account or another: it was made, and is not made twice.
    expect(await toss.refund(refundOf(1, 30_000, good ?? ""))).toEqual(done);
    expect(await toss.refund(refundOf(1, 30_000, (await seal(account)) ?? ""))).toEqual(done);
    skewMs = 2_000;
    expect(await toss.refund(refundOf(2, 80_000, good ?? ""))).toMatchObject({ result: "refunded", amount: 80_000 });
    const books = (await (await fetch(`${sandbox.url}/sandbox/books`)).json()) as { byOrder: Record<string, unknown> };
    expect(books.byOrder[task.providerOrderId]).toEqual({ payments: 1, captured: 110_000, refunded: 110_000 });
  });

  it("needs a seal of this very provider's key", async () => {
    const sealed = await sealAccount(secretKey, account);
    expect(sealed).not.toContain(account.accountNumber);
    expect(await sealAccount(secretKey, account)).not.toBe(sealed);
    expect(await openAccount(secretKey, sealed)).toEqual(account);
    expect(await openAccount("test_sk_another", sealed)).toBeNull();
    expect(await openAccount(secretKey, `${sealed.slice(0, -2)}AA`)).toBeNull();
    expect(await openAccount(secretKey, "")).toBeNull();
    const other = await sealAccount("test_sk_another", account);
    expect(await toss.refund(refundOf(1, 110_000, other))).toMatchObject({ result: "account-refused" });
  });
});

describe("a notification", () => {
  const read = (body: unknown) => readTossNotification({ body: JSON.stringify(body), header: () => null, now: 0 });

  it("about a deposit names the attempt and shows the secret's hash; the secret itself is not kept", async () => {
    const said = { createdAt: "x", secret: "ps_1", status: "DONE", transactionKey: "t", orderId: "a-2", more: 1 };
    const reading = await read(said);
    expect(reading).toMatchObject({ kind: "hint", orderId: "a", verified: null, proof: { attempt: 2 } });
    expect(JSON.stringify(reading)).not.toContain("ps_1");
    expect(await read({ ...said, orderId: 7 })).toMatchObject({ kind: "refused", why: "malformed" });
    expect(await read({ ...said, orderId: "no attempt" })).toMatchObject({ proof: { attempt: 0 } });
  });

  it("about a payment keeps what is named, and nobody's account or secret", async () => {
    const data = {
      orderId: "a-1",
      status: "DONE",
      secret: "ps_1",
      virtualAccount: { refundReceiveAccount: { accountNumber: "1002" } },
    };
    const reading = await read({ eventType: "PAYMENT_STATUS_CHANGED", createdAt: "x", data });
    expect(reading).toMatchObject({ kind: "hint", event: { data: { orderId: "a-1", status: "DONE" } }, proof: null });
    expect(JSON.stringify(reading)).not.toMatch(/ps_1|1002/);
  });
});
