/** The payment providers' scripts: the only thing that comes from another host, from the addresses our server names. */
import type { StripeCheckout, TossCheckout } from "../calls/payments.ts";
import { isRecord } from "../decode.ts";

/** The script or its window did not do what it should; `code` is the provider's, if it gave one. */
export class PaymentWindowError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new PaymentWindowError("SCRIPT_NOT_LOADED"));
    };
    document.head.appendChild(script);
  });
}

type Callable = (...args: readonly unknown[]) => unknown;

function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}

/** Calls `owner[name](…)`; the SDK is somebody else's code, so nothing about it is assumed. */
function call(owner: unknown, name: string, argument: unknown): unknown {
  const method = isRecord(owner) || isCallable(owner) ? Reflect.get(owner, name) : undefined;
  if (!isCallable(method)) throw new PaymentWindowError("SDK_CHANGED");
  return Reflect.apply(method, owner, [argument]);
}

/** Opens the payment window. On success the provider leaves this page for `successUrl`. */
export async function openPaymentWindow(checkout: TossCheckout): Promise<void> {
  if (!("TossPayments" in window)) await loadScript(checkout.sdkUrl);
  const { method, amount, orderId, orderName, successUrl, failUrl, virtualAccount } = checkout;
  const request = { method, amount, orderId, orderName, successUrl, failUrl };
  try {
    const toss = call(globalThis, "TossPayments", checkout.clientKey);
    const payment = call(toss, "payment", { customerKey: checkout.customerKey });
    await call(payment, "requestPayment", virtualAccount === null ? request : { ...request, virtualAccount });
  } catch (error) {
    if (error instanceof PaymentWindowError) throw error;
    throw new PaymentWindowError(isRecord(error) && typeof error["code"] === "string" ? error["code"] : "SDK_FAILED");
  }
}

export interface StripeElement {
  /** Leaves this page for the success page; what comes back is why it did not. */
  pay(): Promise<{ readonly code: string; readonly message: string }>;
  remove(): void;
}

/** Puts the provider's own fields into `target`: what is typed there never passes through this page. */
export async function mountStripe(checkout: StripeCheckout, target: HTMLElement): Promise<StripeElement> {
  if (!("Stripe" in window)) await loadScript(checkout.sdkUrl);
  const stripe = call(globalThis, "Stripe", checkout.publishableKey);
  const elements = call(stripe, "elements", { clientSecret: checkout.clientSecret });
  const element = call(elements, "create", "payment");
  call(element, "mount", target);
  return {
    async pay() {
      const submitted = await call(elements, "submit", undefined);
      const early = errorOf(submitted);
      if (early !== null) return early;
      const confirmParams = { return_url: checkout.returnUrl };
      return errorOf(await call(stripe, "confirmPayment", { elements, confirmParams })) ?? { code: "", message: "" };
    },
    remove: () => void call(element, "destroy", undefined),
  };
}

function errorOf(answer: unknown): { readonly code: string; readonly message: string } | null {
  const error = isRecord(answer) ? answer["error"] : undefined;
  if (!isRecord(error)) return null;
  const said = (name: string): string => (typeof error[name] === "string" ? error[name] : "");
  return { code: said("decline_code") || said("code") || said("type"), message: said("message") };
}
