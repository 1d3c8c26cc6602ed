/** The page an invitation opens: who is signed in with the address it was sent to, accepts it here. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { renewLogin } from "../api.ts";
import { acceptInvitation } from "../calls/organisations.ts";
import { accountText } from "../i18n/ko/account.ts";
import { organisationsText } from "../i18n/ko/organisations.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { memberHint } from "../member-hint.ts";
import { takeLinkToken } from "../my-account/link.ts";
import { Alert } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";

const slot = "ticketping-invitation";

/** Kept over signing in, which leads away from here and back. */
function tokenKept(): string | null {
  const token = takeLinkToken();
  try {
    if (token !== null) sessionStorage.setItem(slot, token);
    return token ?? sessionStorage.getItem(slot);
  } catch {
    return token;
  }
}

function forgetToken(): void {
  try {
    sessionStorage.removeItem(slot);
  } catch {
    // Nothing was kept.
  }
}

const token = tokenKept();

function InvitationPage(): JSX.Element {
  const t = useStore(organisationsText);
  const words = useStore(accountText);
  const form = useStore(signInText);
  useTitle(t.invitationTitle);
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [failure, setFailure] = useState("");
  const [joined, setJoined] = useState("");
  const hint = memberHint();
  async function accept(carried: string): Promise<void> {
    if (state === "busy") return;
    setState("busy");
    setFailure("");
    try {
      setJoined(await acceptInvitation(carried));
      forgetToken();
      // The token has to learn what its member is now.
      await renewLogin();
      setState("done");
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setFailure(sentenceOf(error));
      setState("idle");
    }
  }
  return (
    <section class="card sign-in">
      <h1>{t.invitationTitle}</h1>
      {failure !== "" && <Alert text={failure} />}
      {state === "done" ? (
        <>
          <p class="note" role="status">
            {t.joined({ name: joined })}
          </p>
          <a class="button wide" href="/organisations">
            {t.title}
          </a>
        </>
      ) : token === null ? (
        <Alert text={words.noLink} />
      ) : (
        <>
          <p>{hint === null ? t.invitationSignIn : t.invitationText}</p>
          <button
            type="button"
            class="button wide"
            data-action="accept-invitation"
            onClick={() => (hint === null ? goToLogin() : void accept(token))}
          >
            {state === "busy" ? form.working : hint === null ? form.login : t.accept}
          </button>
        </>
      )}
    </section>
  );
}

void mountPage(InvitationPage, [organisationsText, accountText, signInText]);
