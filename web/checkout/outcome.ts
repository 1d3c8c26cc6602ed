/** What an order's state means for somebody who wants to pay, and which order a provider's answer is about. */
import type { Order } from "../calls/orders.ts";

export type PayState = "payable" | "checking" | "deposit" | "paid" | "expired" | "not-payable";

export function payState(order: Pick<Order, "status" | "attempts" | "payBy">, now: number): PayState {
  if (order.status === "paid") return "paid";
  if (order.status === "awaiting-deposit") return "deposit";
  if (order.status === "expired") return "expired";
  if (order.status === "pending") return now < order.payBy ? "payable" : "expired";
  if (order.status !== "paying") return "not-payable";
  // A payment that was begun but never came back may be begun again; one being confirmed may not.
  return order.attempts.at(-1)?.status === "begun" && now < order.payBy ? "payable" : "checking";
}

/** The provider's order id is ours and the number of the attempt: "<order>-<attempt>". */
export function orderOfAttempt(providerOrderId: string): string {
  return providerOrderId.replace(/-\d+$/, "");
}

export type FailKind = "failCancelled" | "failRejected" | "failAborted" | "failOther";

/** Only the code is used: a message in an address could be anybody's. */
export function failKind(code: string): FailKind {
  if (code === "USER_CANCEL" || code === "PAY_PROCESS_CANCELED") return "failCancelled";
  if (code === "PAY_PROCESS_ABORTED") return "failAborted";
  return /REJECT|EXCEED|INVALID_CARD|NOT_ENOUGH|STOPPED_CARD/.test(code) ? "failRejected" : "failOther";
}

export function shownCode(code: string): string {
  return /^[A-Z][A-Z0-9_-]{1,59}$/.test(code) ? code : "";
}
