/** Step four: what each grade of the hall costs. Amounts are typed as people write them and kept in minor units. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { moneyText } from "../../format/money.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { amountOf, minorDigits } from "./amount.ts";
import { type Desk, hallOf, pricesOf, textOf } from "./desk.ts";

const currencies = ["KRW", "USD", "EUR", "JPY", "GBP"] as const;
/** Until one is chosen; the first price makes it the performance's. */
const USUAL = "KRW";
/** What may still become an amount while it is being typed. */
const BEGUN = /^[\d,]*(\.\d*)?$/;

export function Prices({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const state = useStore(desk.state);
  const hall = hallOf(state);
  const currency = textOf(state.values, "currency");
  if (hall === null) return <p class="note">{t.pricesNeedHall}</p>;
  const names = new Intl.DisplayNames(chosen, { type: "currency" });
  return (
    <div class="form">
      <Labelled id="currency" label={t.currency}>
        {(attributes) => (
          <select
            {...attributes}
            value={currency}
            onChange={(event) => desk.set("currency", event.currentTarget.value)}
          >
            {currency === "" && <option value="" />}
            {currencies.map((code) => (
              <option key={code} value={code}>
                {code} · {names.of(code)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {hall.grades.map((grade) => (
        <Price key={`${grade} ${currency || USUAL}`} desk={desk} grade={grade} currency={currency || USUAL} />
      ))}
    </div>
  );
}

interface PriceProps {
  readonly desk: Desk;
  readonly grade: string;
  readonly currency: string;
}

function Price({ desk, grade, currency }: PriceProps): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const { values, conflicts } = useStore(desk.state);
  const { refused } = useStore(desk.autosave.state);
  const kept = pricesOf(values)[grade];
  const [typed, setTyped] = useState(kept === undefined ? "" : String(kept / 10 ** minorDigits(currency)));
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    // Somebody else has changed it: what is typed here would be another amount.
    if (kept !== undefined && !wrong && amountOf(typed, currency) !== kept)
      setTyped(String(kept / 10 ** minorDigits(currency)));
  }, [kept]);
  const said = kept === undefined ? undefined : kept === 0 ? t.priceFree : moneyText(kept, currency, chosen);
  return (
    <Labelled
      id={`price-${grade}`}
      label={t.priceOf({ grade })}
      hint={said}
      error={"prices" in conflicts ? t.conflictField : wrong || refused.includes("prices") ? t.priceError : undefined}
    >
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          data-grade={grade}
          value={typed}
          onBlur={() => setWrong(typed.trim() !== "" && amountOf(typed, currency) === null)}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setTyped(value);
            const amount = amountOf(value, currency);
            setWrong(amount === null && !BEGUN.test(value.trim()));
            const prices = { ...pricesOf(desk.state.get().values) };
            if (amount !== null) desk.set("prices", { ...prices, [grade]: amount });
            else if (value.trim() === "") {
              const { [grade]: _gone, ...others } = prices;
              desk.set("prices", others);
            }
            if (textOf(desk.state.get().values, "currency") === "") desk.set("currency", currency);
          }}
        />
      )}
    </Labelled>
  );
}
