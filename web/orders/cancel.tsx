/**
 * Giving an order back: all of it or some of its seats. What it costs is shown before anything is given up, and what was shown is
 * sent along, so that a fee that has changed meanwhile is never taken.
 */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import type { BankAccount } from "../calls/refund-accounts.ts";
import { Problem } from "../api.ts";
import { type Quote, quoteCancellation, cancelOrder } from "../calls/cancellations.ts";
import type { Order } from "../calls/orders.ts";
import { SeatWords } from "../checkout/order-facts.tsx";
import { moneyText } from "../format/money.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { Confirm } from "../page/confirm.tsx";
import { Alert } from "../page/load.tsx";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { BankFields } from "./bank-fields.tsx";
import { costOf } from "./cost.ts";

interface Props {
  readonly order: Order;
  readonly onChange: (order: Order) => void;
}

export function Cancel({ order, onChange }: Props): JSX.Element {
  const t = useStore(ordersText);
  const [quote, setQuote] = useState<Quote | null>(null);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");

  async function work(step: () => Promise<void>): Promise<void> {
    setBusy(true);
    setMessage("");
    try {
      await step();
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setMessage(sentenceOf(error));
      // Another fee by now: it is shown, and nothing was given up.
      if (error instanceof Problem && error.code === "fee-changed") setQuote(await quoteCancellation(order.id));
    }
    setBusy(false);
  }

  const look = (): Promise<void> => work(async () => setQuote(await quoteCancellation(order.id)));
  const cancel: ChoiceProps["onCancel"] = (seats, fee, account) =>
    work(async () => {
      const changed = await cancelOrder(order.id, seats, fee, account);
      setQuote(null);
      speak(t[changed.status]);
      onChange(changed);
    });

  return (
    <>
      {message !== "" && <Alert text={message} />}
      {quote === null ? (
        <p class="cancel-line">
          <button
            type="button"
            class="plain danger-text"
            data-action="cancel"
            disabled={busy}
            onClick={() => void look()}
          >
            {busy ? t.cancellingNow : t.cancel}
          </button>
        </p>
      ) : (
        <Choice order={order} quote={quote} busy={busy} onKeep={() => setQuote(null)} onCancel={cancel} />
      )}
    </>
  );
}

interface ChoiceProps {
  readonly order: Order;
  readonly quote: Quote;
  readonly busy: boolean;
  readonly onKeep: () => void;
  readonly onCancel: (seats: readonly string[] | null, fee: number, account: BankAccount | null) => Promise<void>;
}

function Choice({ order, quote, busy, onKeep, onCancel }: ChoiceProps): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  const [picked, setPicked] = useState<ReadonlySet<string>>(() => new Set(quote.seats.map(({ id }) => id)));
  const [asking, setAsking] = useState(false);
  const [account, setAccount] = useState<BankAccount | null>(null);
  const money = (amount: number): string => moneyText(amount, order.currency, chosen);
  const paid = quote.because !== "unpaid";
  const { fee, refund } = costOf(quote, picked);
  const seats = quote.seats.length === picked.size ? null : Array.from(picked);
  // What was transferred goes back to an account only its buyer knows.
  const transferred = order.attempts.find(({ deposit, status }) => deposit !== null && status === "approved");
  const needsAccount = paid && refund > 0 && transferred !== undefined;
  const some = paid && quote.seats.length > 1;

  function toggle(id: string): void {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  }

  return (
    <section class="cancel-choice" aria-labelledby="cancel-title">
      <h2 id="cancel-title">{t.cancelTitle}</h2>
      {some && (
        <fieldset class="ways">
          <legend>{t.cancelWhich}</legend>
          {quote.seats.map(({ id, price, fee: cost }) => (
            <label key={id}>
              <input type="checkbox" value={id} checked={picked.has(id)} onChange={() => toggle(id)} />
              <span>
                <SeatById order={order} id={id} /> · {money(price)}
                {cost > 0 && ` · ${t.feeOfSeat({ fee: money(cost) })}`}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {paid && (
        <dl class="facts">
          <div>
            <dt>{t.fee}</dt>
            <dd data-fee={fee}>{fee === 0 ? (quote.because === "moved" ? t.feeMoved : t.feeNone) : money(fee)}</dd>
          </div>
          <div>
            <dt>{t.refund}</dt>
            <dd data-refund={refund}>
              <strong>{money(refund)}</strong>
            </dd>
          </div>
        </dl>
      )}
      {needsAccount && picked.size > 0 && (
        <BankFields
          provider={transferred.provider}
          busy={busy}
          go={seats === null ? t.confirmCancel : t.cancelSeats({ n: picked.size })}
          onGive={(given) => {
            setAccount(given);
            setAsking(true);
          }}
        />
      )}
      <p class="actions">
        <button type="button" class="button quiet" data-action="cancel-back" disabled={busy} onClick={onKeep}>
          {t.keep}
        </button>
        {!needsAccount && (
          <button
            type="button"
            class="button danger"
            data-action="cancel-go"
            disabled={busy || picked.size === 0}
            onClick={() => setAsking(true)}
          >
            {busy ? t.cancellingNow : seats === null ? t.confirmCancel : t.cancelSeats({ n: picked.size })}
          </button>
        )}
      </p>
      <Confirm
        open={asking}
        title={seats === null ? t.cancelTitle : t.cancelSomeTitle({ n: picked.size })}
        text={paid ? t.cancelCosts({ fee: money(fee), refund: money(refund) }) : t.cancelUnpaidText}
        keep={t.keep}
        go={seats === null ? t.confirmCancel : t.cancelSeats({ n: picked.size })}
        action="cancel"
        busy={busy}
        onKeep={() => setAsking(false)}
        onGo={() => {
          setAsking(false);
          void onCancel(seats, fee, needsAccount ? account : null);
        }}
      />
    </section>
  );
}

function SeatById({ order, id }: { readonly order: Order; readonly id: string }): JSX.Element | null {
  const seat = order.seats.find((one) => one.id === id);
  return seat === undefined ? null : <SeatWords seat={seat} />;
}
