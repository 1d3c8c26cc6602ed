/** The page a reset link opens: a new password, after which one signs in with it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { resetPassword } from "../calls/account.ts";
import { accountText } from "../i18n/ko/account.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { Alert } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { newPasswordField } from "./password-field.ts";
import { takeLinkToken } from "./link.ts";

const token = takeLinkToken();

function ResetPage(): JSX.Element {
  const t = useStore(accountText);
  useTitle(t.resetTitle);
  const [done, setDone] = useState(false);
  return (
    <section class="card sign-in">
      <h1>{t.resetTitle}</h1>
      {done ? <Done /> : token === null ? <NoLink /> : <Form token={token} onDone={() => setDone(true)} />}
    </section>
  );
}

function Form({ token: carried, onDone }: { readonly token: string; readonly onDone: () => void }): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  return (
    <>
      <p>{t.resetText}</p>
      <FieldsForm
        fields={[newPasswordField(t, words)]}
        action="reset"
        submit={t.resetSubmit}
        working={words.working}
        checkFields={words.checkFields}
        send={async ({ password = "" }) => {
          await resetPassword(carried, password);
          onDone();
        }}
      />
      <p class="faint other-way">
        <a href="/forgot">{t.newLink}</a>
      </p>
    </>
  );
}

function Done(): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  return (
    <>
      <p class="note note-good" role="status">
        {t.resetDone}
      </p>
      <a class="button wide" href="/login">
        {words.login}
      </a>
    </>
  );
}

function NoLink(): JSX.Element {
  const t = useStore(accountText);
  return (
    <>
      <Alert text={t.noLink} />
      <a class="button wide" href="/forgot">
        {t.newLink}
      </a>
    </>
  );
}

void mountPage(ResetPage, [accountText, signInText]);
