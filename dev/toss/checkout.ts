/** What the payment window does with the buyer's choice. The shop hears of it only through where the browser goes next. */
import { z } from "zod";
import type { Books, Checkout } from "./books.ts";
import { sentenceOf } from "../failure.ts";
import { checkoutPage, problemPage } from "./page.ts";
import { TossRefusal } from "./refusals.ts";

const CANCELED = { code: "PAY_PROCESS_CANCELED", message: "사용자에 의해 결제가 취소되었습니다." } as const;

const ReturnUrl = z
  .url({ protocol: /^https?$/, error: "successUrl and failUrl must be http or https addresses." })
  .max(2_000);

const Fields = z.object({
  clientKey: z.string(),
  customerKey: z.string().min(2).max(300),
  method: z.enum(["CARD", "VIRTUAL_ACCOUNT", "TRANSFER", "MOBILE_PHONE"]),
  currency: z.literal("KRW"),
  amount: z.stringFormat("whole amount", /^[1-9]\d{0,12}$/).transform(Number),
  orderId: z.string().regex(/^[A-Za-z0-9_-]{6,64}$/),
  orderName: z.string().min(1).max(100),
  successUrl: ReturnUrl,
  failUrl: ReturnUrl,
  /** Korean local time, for a virtual account. */
  dueDate: z
    .string()
    .regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)?$/)
    .optional(),
});
type Fields = z.infer<typeof Fields>;
const Choice = z.enum(["approve", "decline", "cancel"]);

/** Either a page to show, or an address to send the browser to. */
export type CheckoutOutcome =
  | { readonly kind: "page"; readonly status: number; readonly html: string }
  | { readonly kind: "redirect"; readonly location: string };

/** Opens the window: the payment is READY from here on. */
export function showCheckout(
  books: Books,
  clientKey: string,
  parameters: URLSearchParams,
  now: number,
): CheckoutOutcome {
  const fields = readFields(parameters, clientKey);
  if (typeof fields === "string") return { kind: "page", status: 400, html: problemPage(fields) };
  try {
    books.open(orderedBy(fields), now);
  } catch (error) {
    return failed(fields, error);
  }
  const { orderId, orderName, method, amount } = fields;
  const repeated = Object.fromEntries(Object.keys(Fields.shape).map((name) => [name, parameters.get(name) ?? ""]));
  return { kind: "page", status: 200, html: checkoutPage({ orderId, orderName, method, amount, fields: repeated }) };
}

/** The form was sent, by a browser or by a script that never saw the page. */
export function decideCheckout(books: Books, clientKey: string, form: URLSearchParams, now: number): CheckoutOutcome {
  const fields = readFields(form, clientKey);
  if (typeof fields === "string") return { kind: "page", status: 400, html: problemPage(fields) };
  const choice = Choice.safeParse(form.get("choice"));
  if (!choice.success)
    return { kind: "page", status: 400, html: problemPage("choice must be approve, decline or cancel.") };
  try {
    const payment = books.open(orderedBy(fields), now);
    if (choice.data === "cancel") {
      books.abandon(payment.paymentKey, CANCELED.code, CANCELED.message);
      return redirect(fields.failUrl, { ...CANCELED, orderId: fields.orderId });
    }
    books.authenticate(payment.paymentKey, choice.data === "decline" ? "REJECT_CARD_PAYMENT" : null, now);
    return redirect(fields.successUrl, {
      paymentType: "NORMAL",
      orderId: fields.orderId,
      paymentKey: payment.paymentKey,
      amount: String(fields.amount),
    });
  } catch (error) {
    return failed(fields, error);
  }
}

function orderedBy({ dueDate, ...fields }: Fields): Checkout {
  return dueDate ? { ...fields, dueAt: Date.parse(`${dueDate}+09:00`) } : fields;
}

function failed(fields: Fields, error: unknown): CheckoutOutcome {
  if (!(error instanceof TossRefusal)) throw error;
  return redirect(fields.failUrl, { code: error.code, message: sentenceOf(error), orderId: fields.orderId });
}

function redirect(target: string, parameters: Readonly<Record<string, string>>): CheckoutOutcome {
  const location = new URL(target);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return { kind: "redirect", location: location.href };
}

/** The fields, or the sentence that says what is wrong with them. */
function readFields(parameters: URLSearchParams, clientKey: string): Fields | string {
  const parsed = Fields.safeParse(Object.fromEntries(parameters));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `${issue?.path.join(".") ?? "request"}: ${issue?.message ?? "invalid"}`;
  }
  if (parsed.data.clientKey !== clientKey) return "clientKey: this key is not the sandbox's.";
  return parsed.data;
}
