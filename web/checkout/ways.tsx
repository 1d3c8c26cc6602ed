/** The choice between ways to pay, where there is one. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { Order } from "../calls/orders.ts";
import type { Way } from "../calls/payments.ts";
import { checkoutText } from "../i18n/ko/checkout.ts";
import { type Choice, choicesFor } from "./choices.ts";

interface Props {
  readonly ways: readonly Way[];
  readonly order: Order;
  readonly chosen: Choice | null;
  readonly onChoose: (choice: Choice) => void;
}

export function Ways({ ways, order, chosen, onChoose }: Props): JSX.Element | null {
  const t = useStore(checkoutText);
  const choices = choicesFor(ways, order.currency);
  if (choices.length < 2) return null;
  return (
    <fieldset class="ways">
      <legend>{t.ways}</legend>
      {choices.map((choice) => (
        <label key={choice.name}>
          <input
            type="radio"
            name="way"
            value={choice.name}
            checked={chosen?.name === choice.name}
            onChange={() => onChoose(choice)}
          />{" "}
          {t[choice.words]}
        </label>
      ))}
    </fieldset>
  );
}
