/** A bank account to be paid back to: which bank, which number, whose. It leaves this page once, and is kept nowhere here. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { BankAccount } from "../calls/refund-accounts.ts";
import { listWays } from "../calls/payments.ts";
import { depositText } from "../i18n/ko/deposit.ts";
import { language } from "../i18n/language.ts";
import { Labelled } from "../page/labelled.tsx";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { type AccountError, accountErrors, sentAs } from "./bank-account.ts";

interface Props {
  readonly provider: string;
  readonly busy: boolean;
  readonly go: string;
  readonly onGive: (account: BankAccount) => void;
}

export function BankFields({ provider, busy, go, onGive }: Props): JSX.Element {
  const t = useStore(depositText);
  const chosen = useStore(language);
  const ways = useLoad(listWays);
  const [account, setAccount] = useState<BankAccount>({ bank: "", accountNumber: "", holderName: "" });
  const [errors, setErrors] = useState<Readonly<Partial<Record<keyof BankAccount, AccountError>>>>({});
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  const said = (field: keyof BankAccount): string | undefined => {
    const error = errors[field];
    return error === undefined ? undefined : t[error];
  };
  function change(field: keyof BankAccount, value: string): void {
    const changed = { ...account, [field]: value };
    setAccount(changed);
    // A complaint goes once the field is right; new ones wait for the next press.
    if (errors[field] !== undefined) setErrors({ ...errors, [field]: accountErrors(changed)[field] });
  }

  function give(event: Event): void {
    event.preventDefault();
    const found = accountErrors(account);
    setErrors(found);
    setTries(tries + 1);
    if (Object.keys(found).length === 0) onGive(sentAs(account));
  }

  return (
    <form ref={form} class="form" onSubmit={give} noValidate>
      <WhenLoaded of={ways}>
        {(list) => (
          <Labelled id="refund-bank" label={t.refundBank} error={said("bank")}>
            {(attributes) => (
              <select
                {...attributes}
                value={account.bank}
                onChange={(event) => change("bank", event.currentTarget.value)}
              >
                <option value="">{t.chooseBank}</option>
                {(list.find((way) => way.provider === provider)?.refundBanks ?? []).map((bank) => (
                  <option key={bank.code} value={bank.code}>
                    {bank[chosen]}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        )}
      </WhenLoaded>
      <Labelled id="refund-number" label={t.refundNumber} hint={t.numberHint} error={said("accountNumber")}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            inputMode="numeric"
            autocomplete="off"
            value={account.accountNumber}
            onInput={(event) => change("accountNumber", event.currentTarget.value)}
          />
        )}
      </Labelled>
      <Labelled id="refund-holder" label={t.refundHolder} error={said("holderName")}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            value={account.holderName}
            onInput={(event) => change("holderName", event.currentTarget.value)}
          />
        )}
      </Labelled>
      <p class="faint">{t.accountHint}</p>
      <button type="submit" class="button wide" data-action="give-account" disabled={busy}>
        {busy ? t.sending : go}
      </button>
    </form>
  );
}
