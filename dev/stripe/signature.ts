/** `Stripe-Signature`: the time, and HMAC-SHA256 of "time.body" under the endpoint's secret. */
import { createHmac } from "node:crypto";
import type { Delivery, Letter } from "../webhook-courier.ts";

const YEAR_SECONDS = 365 * 86_400;

export function letterOf(body: string, secret: string, manner: Delivery, now: number): Letter {
  const time = Math.floor(now / 1_000) - (manner === "late" ? YEAR_SECONDS : 0);
  const key = manner === "forged" ? `${secret}-of-somebody-else` : secret;
  return { body, headers: { "stripe-signature": signatureOf(body, key, time) } };
}

export function signatureOf(body: string, secret: string, time: number): string {
  return `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
}
