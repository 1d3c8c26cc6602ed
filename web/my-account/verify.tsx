/** The page a confirmation link opens: it confirms at once and says what came of it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { renewLogin } from "../api.ts";
import { verifyEmail } from "../calls/account.ts";
import { accountText } from "../i18n/ko/account.ts";
import { memberHint } from "../member-hint.ts";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { takeLinkToken } from "./link.ts";

const token = takeLinkToken();

function VerifyPage(): JSX.Element {
  const t = useStore(accountText);
  useTitle(t.verifyTitle);
  return (
    <section class="card sign-in">
      <h1>{t.verifyTitle}</h1>
      {token === null ? <Alert text={t.noLink} /> : <Verifying token={token} />}
      <p>
        <a class="button quiet wide" href={memberHint() === null ? "/login?next=%2Faccount" : "/account"}>
          {t.toAccount}
        </a>
      </p>
    </section>
  );
}

function Verifying({ token: carried }: { readonly token: string }): JSX.Element {
  const t = useStore(accountText);
  const loaded = useLoad(async () => {
    await verifyEmail(carried);
    // So that this browser's sign-in knows it too.
    if (memberHint() !== null) await renewLogin();
    return true;
  });
  return <WhenLoaded of={loaded}>{() => <p role="status">{t.verified}</p>}</WhenLoaded>;
}

void mountPage(VerifyPage, [accountText]);
