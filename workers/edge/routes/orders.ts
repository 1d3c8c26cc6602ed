/** Orders and their payment: the member's own, found through the order's id alone. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Order, PaymentOutcome, ProviderTask, Reply } from "../../../durable-objects/performance/contract.ts";
import { confirm } from "../../payments/ask.ts";
import type { Provider } from "../../payments/provider.ts";
import { payments, providers } from "../../payments/providers.ts";
import { readRecords } from "../../records/database.ts";
import { listOrders, readOrder } from "../../records/orders.ts";
import { readCursor } from "../../records/cursor.ts";
import type { App, AppContext } from "../context.ts";
import { idempotencyKey } from "../gate/idempotency.ts";
import { answered, granted, overloaded, performanceOfOrder, roomOf, type Room } from "../gate/room.ts";
import { Problem } from "../problem.ts";
import { viewOrder } from "./views.ts";

const params = z.object({ orderId: z.string().min(1).max(64) });
const some = z.looseObject({});
const json = { "application/json": { schema: some } };
const provider = z.string().regex(/^[a-z]{2,20}$/);

const listRoute = createRoute({
  method: "get",
  path: "/api/orders",
  tags: ["orders"],
  request: {
    query: z.object({
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: { 200: { description: "The member's orders, newest first.", content: json } },
});

const readRoute = createRoute({
  method: "get",
  path: "/api/orders/{orderId}",
  tags: ["orders"],
  request: { params },
  responses: { 200: { description: "One order.", content: json } },
});

const payRoute = createRoute({
  method: "post",
  path: "/api/orders/{orderId}/payments",
  tags: ["payments"],
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": { schema: z.strictObject({ provider, method: z.string().regex(/^[A-Z_]{2,30}$/) }) },
      },
    },
  },
  responses: {
    201: { description: "A payment attempt, with what the browser needs to let the member pay.", content: json },
  },
});

const providersRoute = createRoute({
  method: "get",
  path: "/api/payments/providers",
  tags: ["payments"],
  responses: {
    200: {
      description:
        "The providers that are offered; `currencies` null: any. `refundBanks`: where a bank transfer can go back to. `off`: those that were switched off for the moment.",
      content: {
        "application/json": {
          schema: z.object({
            mode: z.enum(["live", "sandbox"]),
            off: z.array(z.string()),
            items: z.array(
              z.object({
                provider: z.string(),
                methods: z.array(z.string()),
                currencies: z.array(z.string()).nullable(),
                refundBanks: z.array(z.object({ code: z.string(), ko: z.string(), en: z.string() })),
              }),
            ),
          }),
        },
      },
    },
  },
});

const confirmRoute = createRoute({
  method: "post",
  path: "/api/orders/{orderId}/payments/confirm",
  tags: ["payments"],
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            provider,
            paymentKey: z.string().regex(/^[\x21-\x7e]{1,200}$/),
            amount: z.number().int().nonnegative(),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: "Paid, or (by bank transfer) an account is open and waits for the deposit.", content: json },
    202: {
      description: "The provider has not answered yet; the seats stay fenced. Read the order again.",
      content: json,
    },
  },
});

export function registerOrders(app: App): void {
  app.openapi(providersRoute, (c) => {
    const { on, offered, mode } = payments(c.env);
    const off = Array.from(on.keys()).filter((name) => !offered.has(name));
    const items = Array.from(offered.values(), ({ name, methods, currencies, refundAccounts }) => ({
      provider: name,
      methods: [...methods],
      currencies: currencies === null ? null : [...currencies],
      refundBanks: [...(refundAccounts?.banks ?? [])],
    }));
    return c.json({ mode, off, items }, 200, { "cache-control": "public, max-age=60" });
  });

  app.openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const page = await readRecords(c.env, (db) => listOrders(db, c.var.member.id, readCursor(cursor), limit));
    return c.json({ items: page.items.map(viewOrder), nextCursor: page.nextCursor }, 200, {
      "cache-control": "no-store",
    });
  });

  app.openapi(readRoute, async (c) => {
    const order = await ownOrder(c, c.req.valid("param").orderId);
    return c.json({ order: viewOrder(order) }, 200, { "cache-control": "no-store" });
  });

  app.openapi(payRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const { provider: name, method } = c.req.valid("json");
    const { offered, problems } = payments(c.env);
    const on = offered.get(name);
    if (name !== "free" && !on?.methods.includes(method)) {
      throw new Problem(on === undefined && problems.length > 0 ? "payments-misconfigured" : "provider-not-enabled");
    }
    const key = idempotencyKey(c, "begin-payment", { orderId, name, method });
    const room = await roomOfOrder(c, orderId);
    const taken = on?.currencies == null ? {} : { currencies: on.currencies };
    const who = { member: c.var.member.id, orderId };
    const command = { kind: "begin-payment", ...who, provider: name, method, ...taken, key } as const;
    const { order, task } = granted(await room.booking.submit(command), "attempt");
    if (on === undefined || task === null) return c.json({ order: viewOrder(order), checkout: null }, 201);
    const checkout = await on.begin(order, task, pagesOf(c, order));
    return c.json({ order: viewOrder(order), checkout }, 201);
  });

  app.openapi(confirmRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const { provider: name, paymentKey, amount } = c.req.valid("json");
    const on = providers(c.env).get(name);
    if (on === undefined) throw new Problem("provider-not-enabled");
    const room = await roomOfOrder(c, orderId);
    const command = {
      kind: "confirm-payment",
      member: c.var.member.id,
      orderId,
      provider: name,
      paymentKey,
      amount,
    } as const;
    const reply = answered(await room.booking.submit(command));
    if (reply.kind === "order") return c.json({ order: viewOrder(reply.order) }, 200);
    if (reply.kind !== "confirm") throw new Error(`unexpected ${reply.kind}`);
    // A browser that gives up must not stop us between the charge and the note of it.
    const settling = confirmAndSettle(room, on, reply.task, c.var.trail.next());
    c.executionCtx.waitUntil(settling.catch(() => undefined));
    const { outcome, settled } = await settling;
    if (outcome.result === "declined") {
      throw new Problem("payment-declined", {
        evidence: { declineCode: outcome.code, declineMessage: outcome.message },
      });
    }
    const order = settled?.ok === true && settled.kind === "order" ? settled.order : reply.order;
    const known = order.status === "paid" || order.status === "awaiting-deposit";
    return c.json({ order: viewOrder(order) }, known ? 200 : 202);
  });
}

async function confirmAndSettle(
  room: Room,
  on: Provider,
  task: ProviderTask,
  cause: string,
): Promise<{ readonly outcome: PaymentOutcome; readonly settled: Reply | null }> {
  const outcome = await confirm(on, task, cause);
  // An unknown outcome is the object's to find out: its alarm asks again under the same key.
  if (outcome.result === "unknown") return { outcome, settled: null };
  const command = { kind: "settle", orderId: task.orderId, attempt: task.attempt, outcome, cause } as const;
  return { outcome, settled: await room.booking.submit(command) };
}

/** The object's word where it has one, the records' where the object has been emptied. Somebody else's does not exist. */
export async function ownOrder(c: AppContext, orderId: string): Promise<Order> {
  const room = await roomOfOrder(c, orderId);
  const reply = await room.booking.submit({ kind: "order", member: c.var.member.id, orderId });
  if (reply === null) throw overloaded();
  if (reply.ok && reply.kind === "order") return reply.order;
  const recorded = await readRecords(c.env, (db) => readOrder(db, orderId));
  if (recorded === null || recorded.member !== c.var.member.id) throw new Problem("order-not-found");
  return recorded;
}

/** An order of a performance that does not exist is an order that does not exist. */
export async function roomOfOrder(c: AppContext, orderId: string): Promise<Room> {
  try {
    return await roomOf(c.env, performanceOfOrder(orderId), c.var.member.id, c.var.trail);
  } catch (error) {
    if (error instanceof Problem && error.code === "not-found") throw new Problem("order-not-found");
    throw error;
  }
}

function pagesOf(c: AppContext, order: Order): { readonly successUrl: string; readonly failUrl: string } {
  const page = (name: string): string => {
    const url = new URL(name, c.req.url);
    url.searchParams.set("order", order.id);
    return url.href;
  };
  return { successUrl: page("/success"), failUrl: page("/fail") };
}
