/** Asking for a link to choose a new password. The answer is the same whoever's address it is. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { forgotPassword } from "../calls/account.ts";
import { accountText } from "../i18n/ko/account.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { complaints } from "../sign-in/fields.ts";

function ForgotPage(): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  useTitle(t.forgotTitle);
  const [asked, setAsked] = useState<string | null>(null);
  const check = (email: string): string | null => {
    const { email: complaint } = complaints({ email, password: "x", nickname: "" }, false);
    return complaint === undefined ? null : words[complaint];
  };
  return (
    <section class="card sign-in">
      <h1>{t.forgotTitle}</h1>
      {asked === null ? (
        <p>{t.forgotText}</p>
      ) : (
        <p class="note note-good" role="status">
          {t.forgotSent({ email: asked })}
        </p>
      )}
      <FieldsForm
        fields={[{ name: "email", label: words.email, type: "email", autocomplete: "username", check }]}
        action="forgot"
        submit={asked === null ? t.forgotSend : t.forgotAgain}
        working={words.working}
        checkFields={words.checkFields}
        send={async ({ email = "" }) => {
          await forgotPassword(email.trim());
          setAsked(email.trim());
        }}
      />
      <p class="faint other-way">
        <a href="/login">{words.toLogin}</a>
      </p>
    </section>
  );
}

void mountPage(ForgotPage, [accountText, signInText]);
