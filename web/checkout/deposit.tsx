/** Where a bank transfer has to go, how much, and until when. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Deposit, depositOf, type Order } from "../calls/orders.ts";
import { moneyText } from "../format/money.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { language } from "../i18n/language.ts";
import { Countdown } from "../page/countdown.tsx";
import { Moment } from "../page/moment.tsx";
import { useNow } from "../page/now.ts";
import { speak } from "../page/speak.ts";

export function DepositDue({ order }: { readonly order: Order }): JSX.Element | null {
  const t = useStore(depositText);
  const chosen = useStore(language);
  const now = useNow();
  const deposit = depositOf(order);
  if (order.status !== "awaiting-deposit" || deposit === null) return null;
  const { bank, number, holder, dueAt } = deposit;
  return (
    <section class="deposit" aria-labelledby="deposit-title" data-deposit={now < dueAt ? "due" : "over"}>
      <h2 id="deposit-title">{t.title}</h2>
      <p>{now < dueAt ? t.text : t.over}</p>
      <dl class="facts">
        <div>
          <dt>{t.bank}</dt>
          <dd>{bank[chosen]}</dd>
        </div>
        <div>
          <dt>{t.number}</dt>
          <dd>
            <strong class="code" data-account={number}>
              {number}
            </strong>{" "}
            <Copy deposit={deposit} />
          </dd>
        </div>
        {holder !== null && (
          <div>
            <dt>{t.holder}</dt>
            <dd>{holder}</dd>
          </div>
        )}
        <div>
          <dt>{t.amount}</dt>
          <dd>
            <strong>{moneyText(order.amount, order.currency, chosen)}</strong>
          </dd>
        </div>
        <div>
          <dt>{t.until}</dt>
          <dd>
            <Moment at={dueAt} zone={order.timeZone} />
          </dd>
        </div>
      </dl>
      {now < dueAt && (
        <p>
          <Countdown to={dueAt} label={t.left} />
        </p>
      )}
      <p class="faint">{t.after}</p>
    </section>
  );
}

function Copy({ deposit }: { readonly deposit: Deposit }): JSX.Element | null {
  const t = useStore(depositText);
  const [done, setDone] = useState(false);
  // Only where a page may write to the clipboard at all.
  if (!("clipboard" in navigator)) return null;
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(deposit.number);
      setDone(true);
      speak(t.copied);
    } catch {
      // The number stays on screen to be copied by hand.
    }
  }
  return (
    <button type="button" class="plain" data-action="copy-account" onClick={() => void copy()}>
      {done ? t.copied : t.copy}
    </button>
  );
}
