/** The buyer at the sandbox's payment window: a form, and a redirect back to the shop. */
import { check } from "k6";
import http from "k6/http";

/** What `POST /api/orders/{orderId}/payments` gives the browser for Toss. */
export interface Checkout {
  readonly clientKey: string;
  readonly customerKey: string;
  readonly method: string;
  readonly orderId: string;
  readonly orderName: string;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly successUrl: string;
  readonly failUrl: string;
}

/** Presses "approve", and answers what the browser brings back. */
export function approve(tossUrl: string, checkout: Checkout): { readonly paymentKey: string; readonly amount: number } {
  const { clientKey, customerKey, method, orderId, orderName, successUrl, failUrl, amount } = checkout;
  const form = {
    ...{ clientKey, customerKey, method, orderId, orderName, successUrl, failUrl },
    currency: amount.currency,
    amount: String(amount.value),
    choice: "approve",
  };
  const response = http.request("POST", `${tossUrl.replace(/\/$/, "")}/checkout`, form, {
    redirects: 0,
    tags: { name: "window" },
    responseCallback: http.expectedStatuses(302, 303),
  });
  const location = response.headers["Location"] ?? "";
  const paymentKey = parameter(location, "paymentKey");
  check(location, { "the window sends the buyer back with a payment": () => paymentKey !== "" });
  return { paymentKey, amount: Number(parameter(location, "amount")) };
}

function parameter(url: string, name: string): string {
  return decodeURIComponent(new RegExp(`[?&]${name}=([^&#]*)`).exec(url)?.[1] ?? "");
}
