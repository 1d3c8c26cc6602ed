/** A form of a few fields: every complaint at once, the focus on the first of them, one request at a time. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { problemsText } from "../i18n/ko/problems.ts";
import { Field, type FieldLook } from "./field.tsx";
import { isStranger, sentenceOf } from "./sentence.ts";
import { saidOf } from "./server-errors.ts";

export interface FieldPlan extends FieldLook {
  readonly name: string;
  readonly label: string;
  readonly initial?: string;
  /** What is wrong with this value, in a sentence; null when nothing is. The server checks again. */
  readonly check: (value: string) => string | null;
}

interface Props {
  readonly fields: readonly FieldPlan[];
  readonly action: string;
  readonly submit: string;
  readonly working: string;
  /** Said above the fields when one of them is not right. */
  readonly checkFields: string;
  readonly danger?: boolean;
  /** The fields stay filled after success. */
  readonly keep?: boolean;
  /** Which field a refusal with this code is about. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly send: (values: Readonly<Record<string, string>>) => Promise<void>;
}

type Errors = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string>>;

export function FieldsForm(props: Props): JSX.Element {
  const { fields, action, submit, working, checkFields, danger = false, keep = false, codes = {}, send } = props;
  const form = useRef<HTMLFormElement>(null);
  // What was wrong, and not the sentence that says it: the language may be changed meanwhile.
  useStore(problemsText);
  const [checked, setChecked] = useState<Values>({});
  const [problem, setProblem] = useState<unknown>(null);
  /** Fields changed since the server complained about them. */
  const [changed, setChanged] = useState<readonly string[]>([]);
  /** How often it was sent, or found not to be right: each time the focus goes to the first field that is not. */
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);

  const found = complaintsOf(fields, checked);
  const wrong = Object.keys(found).length > 0;
  const said = saidOf(problem, { names: fields.map(({ name }) => name), codes, changed });
  const errors = wrong ? found : said.errors;
  const message = wrong ? checkFields : problem === null || said.over ? "" : sentenceOf(problem);

  /** A complaint goes once the field is right: ours when it passes, the server's with the first change. */
  function onInput({ target }: Event): void {
    if (!(target instanceof HTMLInputElement) || errors[target.name] === undefined) return;
    if (wrong) setChecked({ ...checked, [target.name]: target.value });
    else setChanged([...changed, target.name]);
  }

  async function submitted(event: Event): Promise<void> {
    event.preventDefault();
    if (busy || form.current === null) return;
    const data = new FormData(form.current);
    const values = Object.fromEntries(fields.map(({ name }) => [name, textOf(data.get(name))]));
    setChecked(values);
    setProblem(null);
    setTries(tries + 1);
    if (Object.keys(complaintsOf(fields, values)).length > 0) return;
    setBusy(true);
    try {
      await send(values);
      if (!keep) form.current?.reset();
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setProblem(error);
      setChanged([]);
      setTries(tries + 2);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} noValidate onInput={onInput} onSubmit={(event) => void submitted(event)}>
      <p class={message === "" ? "form-message" : "form-message alert"} role="alert">
        {message}
      </p>
      {fields.map(({ check: _check, ...field }) => (
        <Field key={field.name} {...field} error={errors[field.name]} />
      ))}
      <button
        type="submit"
        class={danger ? "button wide danger" : "button wide"}
        data-action={action}
        aria-disabled={busy}
      >
        {busy ? working : submit}
      </button>
    </form>
  );
}

/** Of the values that were sent; a field that was not is not complained about. */
function complaintsOf(fields: readonly FieldPlan[], values: Values): Errors {
  const found: Record<string, string> = {};
  for (const { name, check } of fields) {
    const value = values[name];
    const complaint = value === undefined ? null : check(value);
    if (complaint !== null) found[name] = complaint;
  }
  return found;
}

function textOf(entry: FormDataEntryValue | null): string {
  return typeof entry === "string" ? entry : "";
}
