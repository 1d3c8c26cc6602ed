/** My account: profile, address, password, devices, leaving. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Account, changeAccount, readAccount, sendVerification, signOutEverywhere } from "../calls/account.ts";
import { logOut } from "../calls/members.ts";
import { accountText } from "../i18n/ko/account.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { sentenceOf } from "../page/sentence.ts";
import { LeaveSection } from "./leave.tsx";
import { PasswordSection } from "./password.tsx";

function AccountPage(): JSX.Element {
  const t = useStore(accountText);
  useTitle(t.title);
  const loaded = useLoad(readAccount);
  return (
    <div class="narrow account">
      <h1>{t.title}</h1>
      <WhenLoaded of={loaded}>
        {(account) => (
          <>
            <ProfileSection account={account} />
            <AddressSection account={account} />
            <PasswordSection />
            <WorkSection account={account} />
            <DevicesSection />
            <LeaveSection />
          </>
        )}
      </WhenLoaded>
    </div>
  );
}

function ProfileSection({ account }: { readonly account: Account }): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  const [saved, setSaved] = useState(false);
  return (
    <section class="card" aria-labelledby="profile">
      <h2 id="profile">{t.profile}</h2>
      {saved && <p role="status">{t.saved}</p>}
      <FieldsForm
        fields={[
          {
            name: "nickname",
            label: words.nickname,
            type: "text",
            autocomplete: "nickname",
            initial: account.nickname,
            check: (nickname) => (nickname.trim() === "" ? words.nicknameEmpty : null),
          },
        ]}
        keep
        action="nickname"
        submit={t.save}
        working={words.working}
        checkFields={words.checkFields}
        send={async ({ nickname = "" }) => {
          setSaved(false);
          await changeAccount({ nickname: nickname.trim() });
          setSaved(true);
        }}
      />
      <MailLanguage account={account} />
    </section>
  );
}

/** Mails come while nobody looks at a page, so that their language is a setting of the account. */
function MailLanguage({ account }: { readonly account: Account }): JSX.Element {
  const t = useStore(accountText);
  const [chosen, setChosen] = useState(account.language ?? "ko");
  const [failure, setFailure] = useState("");
  async function choose(language: string): Promise<void> {
    setFailure("");
    try {
      setChosen((await changeAccount({ language })).language ?? language);
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  }
  return (
    <fieldset class="choices">
      <legend>{t.mailLanguage}</legend>
      {(["ko", "en"] as const).map((language) => (
        <label class="check" key={language} lang={language}>
          <input
            type="radio"
            name="mail-language"
            value={language}
            checked={chosen === language}
            onChange={() => void choose(language)}
          />
          {language === "ko" ? "한국어" : "English"}
        </label>
      ))}
      {failure !== "" && <Alert text={failure} />}
    </fieldset>
  );
}

function AddressSection({ account }: { readonly account: Account }): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  const [state, setState] = useState<"idle" | "busy" | "sent">("idle");
  const [failure, setFailure] = useState("");
  async function send(): Promise<void> {
    if (state === "busy") return;
    setState("busy");
    setFailure("");
    try {
      await sendVerification();
      setState("sent");
    } catch (error) {
      setFailure(sentenceOf(error));
      setState("idle");
    }
  }
  return (
    <section class="card" aria-labelledby="address">
      <h2 id="address">{words.email}</h2>
      <p class="account-address">
        {account.email ?? "—"}{" "}
        <span class={account.emailVerified ? "badge badge-open" : "badge badge-paused"}>
          {account.emailVerified ? t.confirmed : t.unconfirmed}
        </span>
      </p>
      {!account.emailVerified && (
        <>
          <p class="faint">{t.unconfirmedText}</p>
          {failure !== "" && <Alert text={failure} />}
          <p role="status">{state === "sent" ? t.verificationSent : ""}</p>
          <button type="button" class="button quiet" data-action="verification" onClick={() => void send()}>
            {state === "busy" ? words.working : t.sendVerification}
          </button>
        </>
      )}
    </section>
  );
}

/** For who sells tickets, or decides who may. */
function WorkSection({ account }: { readonly account: Account }): JSX.Element {
  const t = useStore(accountText);
  return (
    <section class="card" aria-labelledby="work">
      <h2 id="work">{t.work}</h2>
      <p class="faint">{t.workText}</p>
      <div class="actions">
        <a class="button quiet" href="/organisations">
          {t.toOrganisations}
        </a>
        {account.role === "admin" && (
          <a class="button quiet" href="/admin">
            {t.toAdmin}
          </a>
        )}
      </div>
    </section>
  );
}

function DevicesSection(): JSX.Element {
  const t = useStore(accountText);
  const [failure, setFailure] = useState("");
  async function end(everywhere: boolean): Promise<void> {
    setFailure("");
    try {
      await (everywhere ? signOutEverywhere() : logOut());
      location.assign("/");
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  }
  return (
    <section class="card" aria-labelledby="devices">
      <h2 id="devices">{t.devices}</h2>
      <p class="faint">{t.devicesText}</p>
      {failure !== "" && <Alert text={failure} />}
      <div class="actions">
        <button type="button" class="button quiet" data-action="sign-out" onClick={() => void end(false)}>
          {t.signOut}
        </button>
        <button type="button" class="button quiet" data-action="sign-out-everywhere" onClick={() => void end(true)}>
          {t.signOutEverywhere}
        </button>
      </div>
    </section>
  );
}

void mountPage(AccountPage, [accountText, signInText]);
