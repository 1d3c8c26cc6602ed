/**
 * Tells the shop that a payment changed. Unsigned, like the real ones: a hint, to be checked by reading the payment. So a
 * forged one differs from a true one in what it claims.
 */
import { z } from "zod";
import type { PaymentRecord } from "./payment.ts";
import { WebhookCourier, type Delivery } from "../webhook-courier.ts";

const YEAR_MS = 365 * 86_400_000;

export class Webhooks {
  readonly #courier: WebhookCourier;

  constructor(url: string | null) {
    this.#courier = new WebhookCourier(url);
  }

  set manner(manner: Delivery) {
    this.#courier.manner = manner;
  }

  get manner(): Delivery {
    return this.#courier.manner;
  }

  paymentChanged(payment: unknown): void {
    this.#courier.send((manner) => {
      const createdAt = madeAt(manner);
      const data = manner === "forged" ? untrue(payment) : payment;
      return { headers: {}, body: JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", createdAt, data }) };
    });
  }

  /** Toss tells of a deposit in words of its own, too: the account's secret shows that it is Toss. */
  deposited(payment: PaymentRecord): void {
    const { account, status, orderId, lastTransactionKey: transactionKey } = payment;
    if (account === null) return;
    this.#courier.send((manner) => {
      const secret = manner === "forged" ? "ps_forged" : account.secret;
      const body = { createdAt: madeAt(manner), secret, status, transactionKey, orderId };
      return { headers: {}, body: JSON.stringify(body) };
    });
  }

  close(): void {
    this.#courier.close();
  }
}

function madeAt(manner: Delivery): string {
  const age = manner === "late" ? YEAR_MS : 0;
  return new Date(Date.now() - age + 9 * 3_600_000).toISOString().replace("Z", "000");
}

/** The same payment, taken for ten times as much under a key that does not exist. */
function untrue(payment: unknown): unknown {
  const { totalAmount, ...rest } = z.looseObject({ totalAmount: z.number() }).parse(payment);
  return { ...rest, totalAmount: totalAmount * 10, status: "DONE", paymentKey: "tsandbox_forged" };
}
