/**
 * Where the money of a bank transfer goes back to. What a buyer writes is sealed at once for the provider's own code, and
 * nobody else ever reads it: neither the object that keeps it until the money has gone, nor the records, nor a log.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Order, RefundTask, Reply } from "../../../durable-objects/performance/contract.ts";
import { refund } from "../../payments/ask.ts";
import type { BankAccount, Provider } from "../../payments/provider.ts";
import { paymentsPort } from "../../payments/port.ts";
import { providers } from "../../payments/providers.ts";
import type { ArchivedReply } from "../../records/archived-decision.ts";
import { giveArchivedAccount } from "../../records/archived-orders.ts";
import type { Environment } from "../../environment.ts";
import type { App, AppContext } from "../context.ts";
import { granted, type Room } from "../gate/room.ts";
import { Problem, problemOfRefusal } from "../problem.ts";
import { line } from "../text-input.ts";
import { ownOrder, roomOfOrder } from "./orders.ts";
import { viewOrder } from "./views.ts";

/** A bank's code, digits only, and a name: what the provider asks for. */
export const accountInput = z
  .strictObject({
    bank: z.string().regex(/^[0-9A-Za-z]{1,10}$/),
    accountNumber: z.string().regex(/^\d{6,20}$/, "must be 6 to 20 digits"),
    holderName: line(1, 60),
  })
  .openapi("RefundAccount");

const json = { "application/json": { schema: z.looseObject({}) } };

const accountRoute = createRoute({
  method: "post",
  path: "/api/orders/{orderId}/refund-account",
  tags: ["orders"],
  request: {
    params: z.object({ orderId: z.string().min(1).max(64) }),
    body: { required: true, content: { "application/json": { schema: accountInput } } },
  },
  responses: {
    200: { description: "The money has gone back.", content: json },
    202: { description: "The money is on its way, or another account is needed (`refunds[].account`).", content: json },
  },
});

export function registerRefundAccounts(app: App): void {
  app.openapi(accountRoute, async (c) => {
    const { orderId } = c.req.valid("param");
    const room = await roomOfOrder(c, orderId);
    const account = await sealedFor(c.env, await ownOrder(c, orderId), c.req.valid("json"));
    const command = { kind: "refund-account", member: c.var.member.id, orderId, account } as const;
    const reply = await room.booking.submit(command);
    if (reply?.ok === false && reply.refusal.code === "order-not-found") {
      const request = { member: c.var.member.id, orderId, account };
      return answer(c, grantedArchived(await giveArchivedAccount(c.env, paymentsPort(c.env), request, Date.now())));
    }
    const { order, task } = granted(reply, "refund");
    return answerRefund(c, room, order, task);
  });
}

/** An order as the records have it after they decided about it themselves. */
export function grantedArchived(reply: ArchivedReply): Order {
  if (reply.ok) return reply.order;
  const { refusal } = reply;
  throw refusal.code === "object-alive" ? new Problem("object-alive") : problemOfRefusal(refusal);
}

/** Sealed for the provider the order was paid with. */
export async function sealedFor(env: Environment, order: Order, account: BankAccount): Promise<string> {
  const attempt = order.attempts.find(({ deposit }) => deposit !== null);
  const accounts = attempt === undefined ? null : (providers(env).get(attempt.provider)?.refundAccounts ?? null);
  if (accounts === null) throw new Problem("refund-account-not-needed");
  if (!accounts.banks.some(({ code }) => code === account.bank)) {
    throw new Problem("invalid-request", {
      errors: [{ field: "bank", message: "is not a bank money can go back to" }],
    });
  }
  return accounts.seal(account);
}

/** Asks the provider for the refund and answers the order as it is then. What stays unknown is the object's to find out. */
export async function answerRefund(c: AppContext, room: Room, order: Order, task: RefundTask | null) {
  const on = task === null ? undefined : providers(c.env).get(task.provider);
  if (task === null || on === undefined) return answer(c, order);
  // A browser that gives up must not stop us between the refund and the note of it.
  const settling = refundAndSettle(room, on, task, c.var.trail.next());
  c.executionCtx.waitUntil(settling.catch(() => undefined));
  const settled = await settling;
  return answer(c, settled?.ok === true && settled.kind === "order" ? settled.order : order);
}

function answer(c: AppContext, order: Order) {
  const owed = order.refunds.some(({ status }) => status === "requested");
  return c.json({ order: viewOrder(order) }, owed ? 202 : 200);
}

async function refundAndSettle(room: Room, on: Provider, task: RefundTask, cause: string): Promise<Reply | null> {
  const outcome = await refund(on, task, cause);
  if (outcome.result === "unknown") return null;
  return room.booking.submit({ kind: "settle-refund", orderId: task.orderId, refund: task.refund, outcome, cause });
}
