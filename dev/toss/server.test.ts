/** The sandbox as the Worker and a browser meet it: over HTTP. */
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import vm from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readBody, type ListeningServer } from "../http-server.ts";
import { startTossSandbox } from "./server.ts";

const secretKey = "test_sk_sandbox";
const clientKey = "test_ck_sandbox";
let sandbox: ListeningServer;
let folder: string;
let hooks: Server;
let heard: unknown[];
let skewMs: number;

const begin = async (): Promise<ListeningServer> => {
  const address = hooks.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return startTossSandbox({
    port: 0,
    file: path.join(folder, "toss.sqlite"),
    secretKey,
    clientKey,
    webhookUrl: `http://127.0.0.1:${port}/`,
    now: () => Date.now() + skewMs,
  });
};

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-toss-"));
  heard = [];
  skewMs = 0;
  hooks = createServer((request, response) => {
    void readBody(request, 100_000).then((text) => {
      heard.push(JSON.parse(text ?? ""));
      // The first delivery fails, so that the second is the one that counts.
      response.writeHead(heard.length === 1 ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, "127.0.0.1", resolve));
  sandbox = await begin();
});

afterEach(async () => {
  await sandbox.close();
  hooks.closeAllConnections();
  hooks.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  pathname: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${sandbox.url}${pathname}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${secretKey}:`)}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const fields = (orderId: string) => ({
  clientKey,
  customerKey: "customer-1",
  method: "CARD",
  currency: "KRW",
  amount: "110000",
  orderId,
  orderName: "<b>Swan Lake</b>",
  successUrl: "https://shop.example/paid?order=1",
  failUrl: "https://shop.example/failed",
});

/** Pays as a script does, and returns the address the buyer is sent to. */
async function choose(choice: string, orderId: string): Promise<URL> {
  const response = await fetch(`${sandbox.url}/checkout`, {
    method: "POST",
    body: new URLSearchParams({ ...fields(orderId), choice }),
    redirect: "manual",
  });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location") ?? "");
}

async function approved(orderId: string): Promise<{ paymentKey: string; orderId: string; amount: number }> {
  const paymentKey = (await choose("approve", orderId)).searchParams.get("paymentKey") ?? "";
  return { paymentKey, orderId, amount: 110_000 };
}

describe("the payment window", () => {
  it("is a page that works without scripts, and shows the shop's texts as text", async () => {
    const response = await fetch(`${sandbox.url}/checkout?${new URLSearchParams(fields("order-0001")).toString()}`);
    const page = await response.text();
    expect(page).toContain("SANDBOX");
    expect(page).toContain("110,000원");
    expect(page).toContain("&lt;b&gt;Swan Lake&lt;/b&gt;");
    expect(page).not.toContain("<script");
    expect((await call("GET", "/v1/payments/orders/order-0001")).body).toMatchObject({ status: "READY" });
  });

  it("sends the buyer back with what the shop must confirm", async () => {
    const location = await choose("approve", "order-0001");
    expect(location.origin + location.pathname).toBe("https://shop.example/paid");
    const { order, orderId, amount, paymentType } = Object.fromEntries(location.searchParams);
    expect({ order, orderId, amount, paymentType }).toEqual({
      order: "1",
      orderId: "order-0001",
      amount: "110000",
      paymentType: "NORMAL",
    });
  });

  it("says that the buyer cancelled", async () => {
    const location = await choose("cancel", "order-0001");
    expect(location.pathname).toBe("/failed");
    expect(location.searchParams.get("code")).toBe("PAY_PROCESS_CANCELED");
    expect(location.searchParams.get("orderId")).toBe("order-0001");
  });

  it("refuses other addresses than http, and other shops' keys", async () => {
    for (const wrong of [
      { successUrl: "javascript:alert(1)" },
      { failUrl: "data:text/html,x" },
      { clientKey: "other" },
    ]) {
      const body = new URLSearchParams({ ...fields("order-0001"), choice: "approve", ...wrong });
      expect((await fetch(`${sandbox.url}/checkout`, { method: "POST", body, redirect: "manual" })).status).toBe(400);
    }
  });

  it("is where the browser script leads", async () => {
    const script = await (await fetch(`${sandbox.url}/v2/standard`)).text();
    const assign = vi.fn();
    const context = {
      URL,
      document: { currentScript: { src: `${sandbox.url}/v2/standard` } },
      location: { assign },
      window: {},
    };
    const { amount, currency, clientKey: key, customerKey, ...rest } = fields("order-0001");
    const request = { ...rest, amount: { currency, value: Number(amount) } };
    vm.runInNewContext(
      `${script}; window.TossPayments(key).payment({ customerKey }).requestPayment(request);`,
      Object.assign(context, { key, customerKey, request }),
    );
    const address = new URL(String(assign.mock.calls[0]?.[0]));
    expect(Object.fromEntries(address.searchParams)).toEqual(fields("order-0001"));
    expect((await fetch(address)).status).toBe(200);
  });
});

describe("the API", () => {
  it("wants the secret key", async () => {
    const reply = await call("GET", "/v1/payments/orders/order-0001", undefined, { authorization: "Basic eA==" });
    expect(reply).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED_KEY", data: null } });
  });

  it("confirms, reads and cancels", async () => {
    const payment = await approved("order-0001");
    expect(await call("POST", "/v1/payments/confirm", payment)).toMatchObject({
      status: 200,
      body: { status: "DONE" },
    });
    const read = await call("GET", `/v1/payments/${payment.paymentKey}`);
    expect((await call("GET", "/v1/payments/orders/order-0001")).body).toEqual(read.body);
    const cancelled = await call("POST", `/v1/payments/${payment.paymentKey}/cancel`, {
      cancelReason: "changed my mind",
    });
    expect(cancelled).toMatchObject({ status: 200, body: { status: "CANCELED", balanceAmount: 0 } });
    const receipt = read.body["receipt"] as { url: string };
    expect(await (await fetch(receipt.url)).text()).toContain("CANCELED");
    await vi.waitFor(() => expect(heard.length).toBe(3), 4_000);
    expect(heard).toContainEqual(
      expect.objectContaining({
        eventType: "PAYMENT_STATUS_CHANGED",
        data: expect.objectContaining({ status: "DONE" }),
      }),
    );
  });

  it("refuses a declined card at confirm", async () => {
    const paymentKey = (await choose("decline", "order-0001")).searchParams.get("paymentKey");
    const reply = await call("POST", "/v1/payments/confirm", { paymentKey, orderId: "order-0001", amount: 110_000 });
    expect(reply).toMatchObject({ status: 403, body: { code: "REJECT_CARD_PAYMENT" } });
    expect((await call("GET", `/v1/payments/${paymentKey}`)).body).toMatchObject({ status: "ABORTED" });
  });

  it("reproduces an error on request", async () => {
    const payment = await approved("order-0001");
    const header = { "tosspayments-test-code": "PROVIDER_ERROR" };
    expect((await call("POST", "/v1/payments/confirm", payment, header)).body).toMatchObject({
      code: "PROVIDER_ERROR",
    });
    expect((await call("POST", "/v1/payments/confirm", payment)).status).toBe(200);
  });

  it("refuses a body that makes no sense", async () => {
    expect(await call("POST", "/v1/payments/confirm", { amount: "1" })).toMatchObject({
      body: { code: "INVALID_REQUEST" },
    });
    const payment = await approved("order-0001");
    await call("POST", "/v1/payments/confirm", payment);
    const cancel = `/v1/payments/${payment.paymentKey}/cancel`;
    expect(await call("POST", cancel, {})).toMatchObject({ status: 400, body: { code: "INVALID_REQUEST" } });
    expect(await call("GET", "/v1/payments/no%ZZ")).toMatchObject({ status: 404 });
  });
});

describe("idempotency", () => {
  it("repeats the first answer under a key, even to another body, and forgets it after 15 days", async () => {
    const key = { "idempotency-key": "constant" };
    const first = await call("POST", "/v1/payments/confirm", await approved("order-0001"), key);
    const other = await approved("order-0002");
    expect(await call("POST", "/v1/payments/confirm", other, key)).toEqual(first);
    expect((await call("GET", "/sandbox/books")).body).toMatchObject({ captured: 110_000 });
    skewMs = 15 * 24 * 3_600_000;
    const late = await call("POST", "/v1/payments/confirm", await approved("order-0003"), key);
    expect(late.body).toMatchObject({ orderId: "order-0003" });
  });

  it("does not confuse two addresses", async () => {
    const key = { "idempotency-key": "constant" };
    const payment = await approved("order-0001");
    await call("POST", "/v1/payments/confirm", payment, key);
    const cancelled = await call("POST", `/v1/payments/${payment.paymentKey}/cancel`, { cancelReason: "no" }, key);
    expect(cancelled.body).toMatchObject({ status: "CANCELED" });
  });

  it("tells the twin of a running request to wait", async () => {
    await call("POST", "/sandbox/faults", { confirm: "slow", slowMs: 300, times: 1 });
    const payment = await approved("order-0001");
    const key = { "idempotency-key": "twin" };
    const running = call("POST", "/v1/payments/confirm", payment, key);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const twin = await call("POST", "/v1/payments/confirm", payment, key);
    expect(twin).toMatchObject({ status: 409, body: { code: "IDEMPOTENT_REQUEST_PROCESSING" } });
    const first = await running;
    expect(first.body).toMatchObject({ status: "DONE" });
    expect(await call("POST", "/v1/payments/confirm", payment, key)).toEqual(first);
  });

  it("outlives the process", async () => {
    const key = { "idempotency-key": "kept" };
    const payment = await approved("order-0001");
    const first = await call("POST", "/v1/payments/confirm", payment, key);
    await sandbox.close();
    sandbox = await begin();
    const repeated = await call("POST", "/v1/payments/confirm", payment, key);
    expect(repeated.body["lastTransactionKey"]).toBe(first.body["lastTransactionKey"]);
  });
});

describe("trouble on request", () => {
  it("takes the money and loses the answer", async () => {
    await call("POST", "/sandbox/faults", { confirm: "lose-answer", times: 1 });
    const payment = await approved("order-0001");
    const key = { "idempotency-key": "lost" };
    await expect(call("POST", "/v1/payments/confirm", payment, key)).rejects.toThrow();
    expect((await call("GET", "/sandbox/books")).body).toMatchObject({ captured: 110_000, byStatus: { DONE: 1 } });
    expect((await call("POST", "/v1/payments/confirm", payment, key)).body).toMatchObject({ status: "DONE" });
  });

  it("keeps an internal error under its key, without taking money", async () => {
    await call("POST", "/sandbox/faults", { confirm: "error-500" });
    const payment = await approved("order-0001");
    const key = { "idempotency-key": "broken" };
    expect((await call("POST", "/v1/payments/confirm", payment, key)).status).toBe(500);
    await call("POST", "/sandbox/faults", { confirm: null });
    expect((await call("POST", "/v1/payments/confirm", payment, key)).status).toBe(500);
    expect((await call("GET", "/sandbox/books")).body).toMatchObject({ captured: 0, byStatus: { IN_PROGRESS: 1 } });
  });

  it("refuses an order it does not know", async () => {
    expect((await call("POST", "/sandbox/faults", { confirm: "explode" })).status).toBe(400);
    expect((await call("POST", "/sandbox/faults", { confrim: "slow" })).status).toBe(400);
  });
});
