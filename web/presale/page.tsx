/** Before the waiting room, where joining takes an identity: a code to enter, or a way to who knows the fan. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { Problem } from "../api.ts";
import { askVerifier, readVerification, showCode, type Verification } from "../calls/verification.ts";
import { frameText } from "../i18n/ko/frame.ts";
import { presaleText } from "../i18n/ko/presale.ts";
import { problemsText } from "../i18n/ko/problems.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { Alert } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";

const params = new URLSearchParams(location.search);
const id = params.get("performance") ?? "";
const onwards = (): void => location.replace(`/waiting?performance=${encodeURIComponent(id)}`);

function PresalePage(): JSX.Element {
  const t = useStore(presaleText);
  const frame = useStore(frameText);
  const problems: Readonly<Record<string, unknown>> = useStore(problemsText);
  const [by, setBy] = useState<Verification>(null);
  // What was wrong, and not the sentence that says it: the language may be changed meanwhile.
  const [problem, setProblem] = useState<unknown>(null);
  const [unread, setUnread] = useState(false);
  const returned = problems[params.get("problem") ?? ""];
  const message = problem !== null ? sentenceOf(problem) : typeof returned === "string" ? returned : "";
  useTitle(t.title);

  useEffect(() => {
    if (id !== "") void look();
    if (message !== "") speak(message);
  }, []);

  async function look(): Promise<void> {
    try {
      const state = await readVerification(id);
      setProblem(null);
      setUnread(false);
      if (state.verified) onwards();
      else setBy(state.by);
    } catch (error) {
      setUnread(!(error instanceof Problem && error.status === 404));
      complain(error);
    }
  }

  function complain(error: unknown): void {
    if (isStranger(error)) return goToLogin();
    setProblem(error);
    speak(sentenceOf(error));
  }

  return (
    <section class="card sign-in">
      <h1>{t.title}</h1>
      {id === "" && <Alert text={t.missing} />}
      {message !== "" && (
        <div class="alert">
          <p>{message}</p>
          {unread && (
            <button type="button" class="button quiet" data-action="again" onClick={() => void look()}>
              {frame.again}
            </button>
          )}
        </div>
      )}
      {by === "codes" && <CodeForm />}
      {by === "verifier" && <Outwards onError={complain} />}
    </section>
  );
}

function CodeForm(): JSX.Element {
  const t = useStore(presaleText);
  return (
    <>
      <p>{t.codesText}</p>
      <FieldsForm
        action="show-code"
        submit={t.show}
        working={t.showing}
        checkFields={t.checkFields}
        keep
        codes={{ "presale-code-invalid": "code", "identity-taken": "code" }}
        fields={[
          {
            name: "code",
            label: t.code,
            type: "text",
            autocomplete: "off",
            hint: t.codeHint,
            check: (value) => (value.trim() === "" ? t.codeMissing : null),
          },
        ]}
        send={async ({ code = "" }) => {
          await showCode(id, code);
          onwards();
        }}
      />
      <p class="faint">{t.once}</p>
    </>
  );
}

function Outwards({ onError }: { readonly onError: (error: unknown) => void }): JSX.Element {
  const t = useStore(presaleText);
  const [busy, setBusy] = useState(false);
  async function go(): Promise<void> {
    setBusy(true);
    try {
      location.assign(await askVerifier(id));
    } catch (error) {
      setBusy(false);
      onError(error);
    }
  }
  return (
    <>
      <p>{t.verifierText}</p>
      <button type="button" class="button wide" data-action="verifier" disabled={busy} onClick={() => void go()}>
        {t.go}
      </button>
      <p class="faint">{t.verifierOnce}</p>
    </>
  );
}

void mountPage(PresalePage, [presaleText]);
