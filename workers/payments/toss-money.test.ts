/** What a cancelled bank transfer was, against the sandbox, with a Toss that says less than the sandbox does. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decideInWindow, tossCheckout } from "../../dev/demo/payment-window.ts";
import type { ListeningServer } from "../../dev/http-server.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import type { Order, ProviderTask, RefundTask } from "../../durable-objects/performance/contract.ts";
import { lineTo, type Line } from "./line.ts";
import type { Provider } from "./provider.ts";
import { sealAccount } from "./sealing.ts";
import type { Payment } from "./toss-api.ts";
import { CLOSING, moneyOf } from "./toss-money.ts";
import { tossPayments } from "./toss.ts";

const secretKey = "test_sk_money";
const clientKey = "test_ck_money";
const AMOUNT = 110_000;

let sandbox: ListeningServer;
let folder: string;
let toss: Provider;
let task: ProviderTask;
let orders = 0;
/** What is done to every answer before the client gets to see it. */
let spoil: (payment: Record<string, unknown>) => void;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-toss-"));
  sandbox = await startTossSandbox({ port: 0, file: path.join(folder, "books.sqlite"), secretKey, clientKey });
  const line = lineTo({}, "toss", true);
  const spoiling: Line = async (url, request) => {
    const answer = await line(url, request);
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) spoil(body);
    return Response.json(body, { status: answer.status });
  };
  toss = tossPayments({ apiUrl: sandbox.url, sdkUrl: sandbox.url, clientKey, secretKey }, spoiling);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  spoil = () => undefined;
  orders += 1;
  const orderId = `order-${orders}`;
  task = {
    ...{ orderId, attempt: 1, provider: "toss", method: "VIRTUAL_ACCOUNT", providerOrderId: `${orderId}-1` },
    ...{ paymentKey: "", amount: AMOUNT, currency: "KRW", idempotencyKey: `${orderId}:1:confirm` },
    depositBy: Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000,
  };
  const order = { id: orderId, title: "햄릿", member: "m", seats: [{}] } as unknown as Order;
  const begun = await toss.begin(order, task, { successUrl: "http://s/", failUrl: "http://f/" });
  const back = await decideInWindow(sandbox.url, tossCheckout.parse(begun), "approve");
  task = { ...task, paymentKey: back.searchParams.get("paymentKey") ?? "" };
  expect(await toss.confirm(task)).toMatchObject({ result: "awaiting-deposit" });
});

async function deposit(): Promise<void> {
  const body = JSON.stringify({ orderId: task.providerOrderId, action: "deposit" });
  expect((await fetch(`${sandbox.url}/sandbox/deposits`, { method: "POST", body })).status).toBe(200);
}

async function refund(): Promise<void> {
  const account = await sealAccount(secretKey, { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" });
  const wanted: RefundTask = { ...task, refund: 1, reason: "requested", keysSpent: 0, account };
  expect(await toss.refund({ ...wanted, idempotencyKey: `${task.orderId}:1:refund:1` })).toMatchObject({
    result: "refunded",
    amount: AMOUNT,
  });
}

/** As somebody in the provider's console would do it. */
async function inConsole(reason: string): Promise<void> {
  const response = await fetch(`${sandbox.url}/v1/payments/${task.paymentKey}/cancel`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${secretKey}:`)}`, "content-type": "application/json" },
    body: JSON.stringify({ cancelReason: reason }),
  });
  expect(response.status, await response.text()).toBe(200);
}

const without: Readonly<Record<string, (payment: Record<string, unknown>) => void>> = {
  "as it is": () => undefined,
  "without the moment of approval": (payment) => {
    delete payment["approvedAt"];
  },
  "with no moment of approval": (payment) => {
    payment["approvedAt"] = null;
  },
  "with neither that nor how the return goes": (payment) => {
    payment["approvedAt"] = null;
    const account = payment["virtualAccount"];
    if (typeof account === "object" && account !== null) Object.assign(account, { refundStatus: "NONE" });
  },
  "with hardly anything": (payment) => {
    delete payment["approvedAt"];
    delete payment["balanceAmount"];
    const account = payment["virtualAccount"];
    if (typeof account === "object" && account !== null) Object.assign(account, { refundStatus: null });
  },
};

describe.each(Object.entries(without))("a cancelled transfer, told %s,", (_, change) => {
  it("that was refunded was taken and went back, and is no account that was closed empty", async () => {
    await deposit();
    spoil = change;
    await refund();
    expect(await toss.read(task)).toMatchObject({ result: "approved", amount: AMOUNT });
    expect(await toss.look(task)).toMatchObject({ captured: AMOUNT, refunds: [{ amount: AMOUNT }] });
  });

  it("that was closed by us was closed empty, and nothing went back", async () => {
    spoil = change;
    expect(await toss.conclude(task)).toMatchObject({ result: "declined", code: "CANCELED" });
    expect(await toss.read(task)).toMatchObject({ result: "declined", code: "CANCELED" });
    expect(await toss.look(task)).toMatchObject({ captured: 0, refunds: [] });
  });
});

describe("a transfer that somebody cancelled in the console", () => {
  it("without a moment of approval is closed empty by the provider's word, and what it lists is told", async () => {
    await inConsole("console");
    expect(await toss.read(task)).toMatchObject({ result: "declined" });
    expect(await toss.look(task)).toMatchObject({ result: "known", captured: 0, refunds: [{ amount: AMOUNT }] });
  });

  it("is not guessed about where the provider says nothing of approval at all", async () => {
    await inConsole("console");
    spoil = (payment) => {
      delete payment["approvedAt"];
    };
    expect(await toss.read(task)).toEqual({ result: "unknown", reason: "cancelled, and not said whether paid" });
    expect(await toss.look(task)).toMatchObject({ result: "known", captured: 0, refunds: [{ amount: AMOUNT }] });
  });
});

it("money that goes back and that the bank cannot deliver is told", async () => {
  await deposit();
  await refund();
  expect(await toss.look(task)).not.toHaveProperty("undelivered");
  spoil = (payment) => {
    const account = payment["virtualAccount"];
    if (typeof account === "object" && account !== null) Object.assign(account, { refundStatus: "PARTIAL_FAILED" });
  };
  expect(await toss.look(task)).toMatchObject({ captured: AMOUNT, undelivered: true });
});

describe("the facts", () => {
  const cancelled = (change: Partial<Payment>): Payment => ({
    ...{ paymentKey: "k", orderId: "o-1", status: "CANCELED", totalAmount: 1_000 },
    virtualAccount: { accountNumber: "1", refundStatus: "NONE" },
    ...change,
  });
  const back = (cancelAmount: number, cancelReason: string, cancelStatus?: string) => [
    { cancelAmount, cancelReason, cancelStatus },
  ];

  it.each([
    ["a part can only go back of money", cancelled({ approvedAt: null, cancels: back(300, "console") }), "taken"],
    ["money goes back before we close", cancelled({ cancels: back(1_000, "requested [1-2]") }), "taken"],
    ["a cancel that failed is none", cancelled({ cancels: back(300, "console", "ABORTED") }), "unclear"],
    ["an account we closed was empty", cancelled({ cancels: back(1_000, CLOSING) }), "none"],
    ["approval outweighs how it was closed", cancelled({ approvedAt: "x", cancels: back(1_000, CLOSING) }), "taken"],
    ["nothing said is nothing known", cancelled({}), "unclear"],
    ["a card that was never approved", cancelled({ virtualAccount: null }), "none"],
    ["one that waits again has none", cancelled({ status: "WAITING_FOR_DEPOSIT", approvedAt: "x" }), "none"],
  ])("%s", (_, payment, money) => expect(moneyOf(payment)).toBe(money));
});
