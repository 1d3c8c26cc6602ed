/** A refund waits for the account of a buyer who had paid by bank transfer: nobody else can say where the money goes. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import type { Order } from "../calls/orders.ts";
import { type BankAccount, giveRefundAccount } from "../calls/refund-accounts.ts";
import { moneyText } from "../format/money.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { language } from "../i18n/language.ts";
import { Alert } from "../page/load.tsx";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { BankFields } from "./bank-fields.tsx";

interface Props {
  readonly order: Order;
  readonly onChange: (order: Order) => void;
}

export function RefundAccount({ order, onChange }: Props): JSX.Element | null {
  const t = useStore(depositText);
  const chosen = useStore(language);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const waiting = order.refunds.filter(({ account }) => account === "needed" || account === "refused");
  if (waiting.length === 0) return null;
  const total = waiting.reduce((sum, { amount }) => sum + amount, 0);
  const refused = waiting.some(({ account }) => account === "refused");

  async function give(account: BankAccount): Promise<void> {
    setBusy(true);
    setMessage("");
    try {
      const changed = await giveRefundAccount(order.id, account);
      speak(t.thanks);
      onChange(changed);
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setMessage(sentenceOf(error));
    }
    setBusy(false);
  }

  return (
    <section class="note" aria-labelledby="account-title" data-refund-account={refused ? "refused" : "needed"}>
      <h2 id="account-title">{t.accountTitle}</h2>
      <p>{t.accountText({ amount: moneyText(total, order.currency, chosen) })}</p>
      {refused && <Alert text={t.accountRefused} />}
      {message !== "" && <Alert text={message} />}
      <BankFields
        provider={order.attempts.find(({ deposit }) => deposit !== null)?.provider ?? ""}
        busy={busy}
        go={t.send}
        onGive={(account) => void give(account)}
      />
    </section>
  );
}
