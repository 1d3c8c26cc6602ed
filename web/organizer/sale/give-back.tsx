/** Giving an order back, or some of its seats, on the organiser's side: never with a fee, and what goes back is shown first. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { giveBack, type Purchase } from "../../calls/control.ts";
import { moneyText } from "../../format/money.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { language } from "../../i18n/language.ts";
import { TextField } from "../../page/text-field.tsx";
import { toggled } from "../picking.ts";
import { useAct } from "./act.ts";
import { AskedForm } from "./asked-form.tsx";
import { Said } from "./said.tsx";

const unpaid = new Set(["pending", "paying", "awaiting-deposit"]);

/** Whether there is anything left to give back. */
export function canGiveBack({ status, places }: Purchase): boolean {
  return unpaid.has(status) || (status === "paid" && places.some(({ givenBack }) => !givenBack));
}

interface Props {
  readonly id: string;
  readonly one: Purchase;
  readonly who: string;
}

export function GiveBack({ id, one, who }: Props): JSX.Element {
  const t = useStore(manageText);
  const chosen = useStore(language);
  const act = useAct();
  const left = one.places.filter(({ givenBack }) => !givenBack);
  const [picked, setPicked] = useState<ReadonlySet<string>>(() => new Set(left.map((place) => place.id)));
  const [reason, setReason] = useState("");
  const [done, setDone] = useState(false);
  const paid = one.status === "paid";
  const amount = left.filter((place) => picked.has(place.id)).reduce((sum, { price }) => sum + price, 0);
  const money = moneyText(amount, one.currency, chosen);
  async function give(): Promise<void> {
    const seats = !paid || picked.size === left.length ? null : Array.from(picked);
    setDone(await act.run(() => giveBack(id, one.id, seats, reason.trim()), t.givenBack));
  }
  if (done) return <Said act={act} />;
  return (
    <AskedForm
      act={act}
      action="give-back"
      send="give-back-go"
      class="give-back"
      go={paid ? t.giveBackGo({ amount: money }) : t.giveBackCancel}
      title={t.giveBackTitle}
      text={paid ? t.giveBackText({ who, amount: money }) : t.giveBackUnpaidText({ who })}
      disabled={reason.trim() === "" || (paid && picked.size === 0)}
      onGo={give}
    >
      {paid ? (
        <fieldset class="ways">
          <legend>{t.giveBackWhich}</legend>
          {one.places.map((place) => (
            <label key={place.id}>
              <input
                type="checkbox"
                value={place.id}
                disabled={place.givenBack}
                checked={!place.givenBack && picked.has(place.id)}
                onChange={() => setPicked(toggled(picked, [place.id]))}
              />
              <span>
                {place.name} · {moneyText(place.price, one.currency, chosen)}
                {place.givenBack && ` · ${t.alreadyBack}`}
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <p>{t.giveBackUnpaid}</p>
      )}
      {paid && (
        <dl class="facts">
          <div>
            <dt>{t.giveBackFee}</dt>
            <dd>{t.noFee}</dd>
          </div>
          <div>
            <dt>{t.giveBackAmount}</dt>
            <dd data-refund={amount}>
              <strong>{money}</strong>
            </dd>
          </div>
        </dl>
      )}
      <TextField id={`reason-${one.id}`} label={t.giveBackReason} maxLength={150} value={reason} onInput={setReason} />
    </AskedForm>
  );
}
