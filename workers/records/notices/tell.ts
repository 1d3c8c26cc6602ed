/** Tells one notice: a mail to the buyer, or a signed request to an organiser's webhook. */
import type { Order } from "../../../durable-objects/performance/contract.ts";
import { orderNumber } from "../../../durable-objects/performance/order-number.ts";
import { TooLate, type Signal } from "../../../durable-objects/in-time.ts";
import { guarded } from "../../calls/guard.ts";
import type { Environment } from "../../environment.ts";
import { orderMail } from "../../mail/order.ts";
import { seatsMail, showMail } from "../../mail/show-changes.ts";
import { sendMail } from "../../mail/mail.ts";
import { cancellationTold, type NoticeKind } from "./plan.ts";
import { signedHeaders } from "./signature.ts";
import { isAllowedTarget } from "./target.ts";

export type Told =
  | { readonly end: "sent" }
  /** Asking again may help. */
  | { readonly end: "later"; readonly reason: string }
  | { readonly end: "never"; readonly reason: string };

export interface Try {
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
  readonly body: unknown;
}

export interface Addressee {
  readonly email: string;
  readonly nickname: string;
  readonly language: "ko" | "en";
}

export async function tellByMail(
  env: Environment,
  notice: { readonly id: string; readonly kind: NoticeKind },
  order: Order,
  to: Addressee,
): Promise<Told> {
  const origin = env.PUBLIC_ORIGIN;
  if (!origin) return { end: "never", reason: "PUBLIC_ORIGIN is not set" };
  const about = mailAbout(notice, { ...order, orderNumber: orderNumber(order.id) }, to, origin);
  if (about === null) return { end: "never", reason: "nothing to tell of" };
  const outcome = await sendMail(env, { to: to.email, language: to.language, ...about, id: notice.id });
  if (outcome.sent) return { end: "sent" };
  return outcome.reason === "unavailable"
    ? { end: "later", reason: "mail: unavailable" }
    : { end: "never", reason: `mail: ${outcome.reason}` };
}

/** Null: the order has nothing of what the notice names. */
function mailAbout({ id, kind }: { readonly id: string; readonly kind: NoticeKind }, ...about: About) {
  if (kind === "show-moved" || kind === "show-cancelled") return showMail(kind, ...about);
  return kind === "seats-cancelled" ? seatsMail(cancellationTold(id), ...about) : orderMail(kind, ...about);
}

type About = readonly [order: Order & { readonly orderNumber: string }, to: Addressee, origin: string];

export async function tellByWebhook(
  env: Environment,
  notice: { readonly id: string; readonly kind: NoticeKind },
  order: Order,
  webhook: { readonly url: string; readonly secret: string },
): Promise<{ readonly told: Told; readonly done: Try }> {
  const body = {
    type: typeOf[notice.kind],
    at: new Date(order.updatedAt).toISOString(),
    order: viewOf(order),
    ...aboutSeats(notice, order),
  };
  const startedAt = Date.now();
  const end = (told: Told, status: number | null, error: string | null) => ({
    told,
    done: { status, error, tookMs: Date.now() - startedAt, body },
  });
  // Asked again: what was allowed when it was registered need not be now.
  if (!isAllowedTarget(webhook.url, env.LOCAL_WEBHOOKS === "1"))
    return end({ end: "never", reason: "address not allowed" }, null, "address not allowed");
  const text = JSON.stringify(body);
  try {
    const ask = async (signal: Signal): Promise<Response> => {
      const response = await fetch(webhook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "TicketPing-Webhooks/1",
          ...signedHeaders(webhook.secret, notice.id, text, startedAt),
        },
        body: text,
        redirect: "manual",
        signal: signal(),
      });
      await response.body?.cancel();
      return response;
    };
    // A breaker for each receiver: one that is gone keeps nothing from the others.
    const answer = await guarded(env, "organiser-webhook", ask, {
      which: new URL(webhook.url).origin,
      isTrouble: ({ status }) => status >= 500,
    });
    if (answer.ok) return end({ end: "sent" }, answer.status, null);
    const reason = `HTTP ${answer.status}`;
    // 410 Gone is how a receiver says that it wants to hear nothing more of this.
    return end(answer.status === 410 ? { end: "never", reason } : { end: "later", reason }, answer.status, null);
  } catch (error) {
    const reason = error instanceof TooLate ? "no answer in time" : "unreachable";
    return end({ end: "later", reason }, null, reason);
  }
}

const typeOf: Readonly<Record<NoticeKind, string>> = {
  "order-confirmed": "order.paid",
  "order-cancelled": "order.cancelled",
  "deposit-due": "order.awaiting-deposit",
  "deposit-undone": "order.awaiting-deposit",
  "deposit-lost": "order.cancelled",
  "show-moved": "order.moved",
  "show-cancelled": "order.cancelled",
  "seats-cancelled": "order.seats-cancelled",
  "refund-account": "order.refund-account-needed",
};

/** Which seats are gone of an order that stays, who gave them up, and what went back for them. */
function aboutSeats({ id, kind }: { readonly id: string; readonly kind: NoticeKind }, order: Order): object {
  const number = kind === "seats-cancelled" ? cancellationTold(id) : null;
  const told = order.cancellations.find((one) => one.number === number);
  if (told === undefined) return {};
  const { by, seats, amount, fee } = told;
  return { cancellation: { by, seats, amount, fee, at: new Date(told.at).toISOString() } };
}

/** What an organiser learns: the sale, not the person. */
function viewOf(order: Order): Readonly<Record<string, unknown>> {
  const { id, performanceId, scheduleId, version, status, amount, currency, placedAt } = order;
  return {
    id,
    number: orderNumber(id),
    performanceId,
    scheduleId,
    version,
    status,
    amount,
    currency,
    refunded: order.refunds.reduce((sum, refund) => sum + (refund.status === "refunded" ? refund.amount : 0), 0),
    placedAt: new Date(placedAt).toISOString(),
    seats: order.seats.map((seat) => ({ ...seat })),
  };
}
