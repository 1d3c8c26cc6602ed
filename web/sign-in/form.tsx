/** The one form of both pages: labels, all complaints at once, and the focus on the first of them. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { logIn, signUp } from "../calls/members.ts";
import { problemsText } from "../i18n/ko/problems.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { useTitle } from "../page/now.ts";
import { Field, type FieldLook } from "../page/field.tsx";
import { sentenceOf } from "../page/sentence.ts";
import { saidOf } from "../page/server-errors.ts";
import { Challenge } from "../challenge/widget.tsx";
import { useChallenge } from "../challenge/use-challenge.ts";
import { type Complaint, complaints, type FieldName, type Values } from "./fields.ts";
import { safeNext } from "./next.ts";

const query = new URLSearchParams(location.search);
const next = safeNext(query.get("next"), location.origin);
const onward = next === "/" ? "" : `?next=${encodeURIComponent(next)}`;

const fieldNames = ["nickname", "email", "password"] as const satisfies readonly FieldName[];

type Complaints = ReturnType<typeof complaints>;
type Errors = Partial<Record<FieldName, string>>;

export function SignInForm({ signingUp }: { readonly signingUp: boolean }): JSX.Element {
  const t = useStore(signInText);
  const title = signingUp ? t.signupTitle : t.loginTitle;
  useTitle(title);
  const form = useRef<HTMLFormElement>(null);
  // What was wrong, and not the sentence that says it: the language may be changed meanwhile.
  useStore(problemsText);
  const [found, setFound] = useState<Complaints>({});
  const [problem, setProblem] = useState<unknown>(null);
  /** Fields changed since the server complained about them. */
  const [changed, setChanged] = useState<readonly FieldName[]>([]);
  const [unproven, setUnproven] = useState(false);
  /** How often it was sent, or found not to be right: each time the focus goes to the first field that is not. */
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState(false);
  const challenge = useChallenge("signup", signingUp);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);

  const wrong = Object.keys(found).length > 0;
  const told = saidOf(problem, { names: fieldNames, codes: { "email-taken": "email" }, changed });
  const errors: Errors = wrong ? said(found, t) : told.errors;
  const nothing = problem === null || told.over;
  const message = wrong ? t.checkFields : unproven ? t.challengeFirst : nothing ? "" : sentenceOf(problem);

  /** A complaint goes once the field is right: ours when it passes, the server's with the first change. */
  function onInput(event: Event): void {
    const field = event.target instanceof HTMLInputElement ? event.target.name : "";
    if (!isField(field) || errors[field] === undefined) return;
    if (wrong) setFound(only(complaints(valuesOf(event.currentTarget), signingUp), found));
    else setChanged([...changed, field]);
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = valuesOf(event.currentTarget);
    const complained = complaints(values, signingUp);
    const right = Object.keys(complained).length === 0;
    const lacksProof = right && challenge.needed && challenge.token === null;
    setFound(complained);
    setProblem(null);
    setUnproven(lacksProof);
    setTries(tries + 1);
    if (!right || lacksProof) return;
    setBusy(true);
    try {
      if (signingUp) await signUp(values.email.trim(), values.password, values.nickname.trim(), challenge.token);
      await logIn(values.email.trim(), values.password);
      location.replace(next);
    } catch (error) {
      setProblem(error);
      setChanged([]);
      setTries(tries + 2);
      challenge.again();
      setBusy(false);
    }
  }

  const field = (name: FieldName, label: string, rest: FieldLook): JSX.Element => (
    <Field key={name} name={name} label={label} error={errors[name]} {...rest} />
  );
  return (
    <section class="card sign-in">
      <h1>{title}</h1>
      {onward !== "" && <p class="faint">{t.nextHint}</p>}
      <form ref={form} noValidate onInput={onInput} onSubmit={(event) => void submit(event)}>
        <p class={message === "" ? "form-message" : "form-message alert"} role="alert">
          {message}
        </p>
        {signingUp && field("nickname", t.nickname, { autocomplete: "nickname", type: "text", hint: t.nicknameHint })}
        {field("email", t.email, { autocomplete: "username", type: "email" })}
        {field("password", t.password, {
          autocomplete: signingUp ? "new-password" : "current-password",
          type: seen ? "text" : "password",
          ...(signingUp ? { hint: t.passwordHint } : {}),
        })}
        <label class="check">
          <input type="checkbox" checked={seen} onChange={() => setSeen(!seen)} /> {t.show}
        </label>
        {challenge.facts !== null && challenge.needed && (
          <Challenge action="signup" facts={challenge.facts} tries={challenge.tries} onToken={challenge.setToken} />
        )}
        <button type="submit" class="button wide" data-action={signingUp ? "signup" : "login"} aria-disabled={busy}>
          {busy ? t.working : signingUp ? t.signup : t.login}
        </button>
      </form>
      {!signingUp && (
        <p class="faint other-way">
          <a href="/forgot">{t.forgot}</a>
        </p>
      )}
      <p class="faint other-way">
        {signingUp ? t.haveAccount : t.noAccount}{" "}
        <a href={(signingUp ? "/login" : "/signup") + onward}>{signingUp ? t.toLogin : t.toSignup}</a>
      </p>
    </section>
  );
}

function said(found: Complaints, t: Readonly<Record<Complaint, string>>): Errors {
  const errors: Errors = {};
  for (const field of fieldNames) {
    const complaint = found[field];
    if (complaint !== undefined) errors[field] = t[complaint];
  }
  return errors;
}

const isField = (name: string): name is FieldName => (fieldNames as readonly string[]).includes(name);

/** Of what is wrong now, what was complained about before: nobody is told off in the middle of a word. */
function only(now: Complaints, before: Complaints): Complaints {
  return Object.fromEntries(Object.entries(now).filter(([field]) => isField(field) && before[field] !== undefined));
}

function valuesOf(target: EventTarget | null): Values {
  const data = target instanceof HTMLFormElement ? new FormData(target) : new FormData();
  const value = (name: FieldName): string => {
    const entry = data.get(name);
    return typeof entry === "string" ? entry : "";
  };
  return { email: value("email"), password: value("password"), nickname: value("nickname") };
}
