/** The buyer at the sandbox's payment window, without a browser: a form, and a redirect back to the shop. */
import { z } from "zod";

/** What `POST /api/orders/{orderId}/payments` gives the browser for Toss. */
export const tossCheckout = z.looseObject({
  clientKey: z.string(),
  customerKey: z.string(),
  method: z.string(),
  orderId: z.string(),
  orderName: z.string(),
  amount: z.object({ currency: z.string(), value: z.number() }),
  successUrl: z.string(),
  failUrl: z.string(),
  virtualAccount: z.object({ dueDate: z.string() }).nullable(),
});
export type TossCheckout = z.infer<typeof tossCheckout>;

/** Presses one of the window's buttons and answers where the browser is sent. */
export async function decideInWindow(
  tossUrl: string,
  { amount, virtualAccount, ...fields }: TossCheckout,
  choice: "approve" | "decline" | "cancel",
): Promise<URL> {
  const form = new URLSearchParams({ currency: amount.currency, amount: String(amount.value), choice });
  if (virtualAccount !== null) form.set("dueDate", virtualAccount.dueDate);
  for (const name of ["clientKey", "customerKey", "method", "orderId", "orderName", "successUrl", "failUrl"] as const) {
    form.set(name, fields[name]);
  }
  const response = await fetch(new URL("/checkout", tossUrl), { method: "POST", body: form, redirect: "manual" });
  const location = response.headers.get("location");
  if (location === null) throw new Error(`the payment window answered ${response.status}`);
  return new URL(location);
}
