/** Choosing another password. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changePassword } from "../calls/account.ts";
import { accountText } from "../i18n/ko/account.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { newPasswordField } from "./password-field.ts";

export function PasswordSection(): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  const [changed, setChanged] = useState(false);
  return (
    <section class="card" aria-labelledby="password-head">
      <h2 id="password-head">{t.changePassword}</h2>
      {changed && (
        <p class="note note-good" role="status">
          {t.passwordChanged}
        </p>
      )}
      <FieldsForm
        fields={[
          {
            name: "current",
            label: t.currentPassword,
            type: "password",
            autocomplete: "current-password",
            check: (current) => (current === "" ? words.passwordEmpty : null),
          },
          newPasswordField(t, words),
        ]}
        codes={{ "password-wrong": "current" }}
        action="change-password"
        submit={t.changePassword}
        working={words.working}
        checkFields={words.checkFields}
        send={async ({ current = "", password = "" }) => {
          setChanged(false);
          await changePassword(current, password);
          setChanged(true);
        }}
      />
      <p class="faint other-way">
        <a href="/forgot">{words.forgot}</a>
      </p>
    </section>
  );
}
