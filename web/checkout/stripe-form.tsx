/** Stripe's own fields in our page, and the button that pays with what they hold. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { StripeCheckout } from "../calls/payments.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { mountStripe, type StripeElement } from "./sdk.ts";

interface Props {
  readonly checkout: StripeCheckout;
  readonly amount: string;
  /** A sentence about what went wrong. */
  readonly onProblem: (sentence: string) => void;
}

export function StripeForm({ checkout, amount, onProblem }: Props): JSX.Element {
  const t = useStore(checkoutText);
  const target = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<StripeElement | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let mounted: StripeElement | null = null;
    let gone = false;
    if (target.current === null) return;
    mountStripe(checkout, target.current).then(
      (found) => {
        mounted = found;
        if (gone) found.remove();
        else setElement(found);
      },
      () => onProblem(t.sdkFailed),
    );
    return () => {
      gone = true;
      mounted?.remove();
    };
    // The fields belong to one payment: another one has a form of its own.
  }, [checkout.clientSecret]);

  async function pay(): Promise<void> {
    if (element === null || busy) return;
    setBusy(true);
    try {
      const { code } = await element.pay();
      onProblem(code === "" ? t.sdkFailed : t.failRejected);
    } catch {
      onProblem(t.sdkFailed);
    }
    setBusy(false);
  }

  return (
    <div class="stripe-form">
      <div ref={target} class="provider-fields" aria-label={t.cardFields} />
      <button
        type="button"
        class="button wide big"
        data-action="pay-card"
        disabled={element === null || busy}
        onClick={() => void pay()}
      >
        {busy ? t.paying : t.pay({ amount })}
      </button>
    </div>
  );
}
