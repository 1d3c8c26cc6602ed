/** A form of a few fields: every complaint at once, the focus on the first of them, one request at a time. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../api.ts";
import { goToLogin } from "../account.ts";
import { problemsText } from "../i18n/ko/problems.ts";
import { Field, type FieldLook } from "./field.tsx";
import { isStranger, sentenceOf } from "./sentence.ts";

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
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [checked, problem]);

  const found = complaintsOf(fields, checked);
  const wrong = Object.keys(found).length > 0;
  const errors = wrong ? found : serverErrors(problem, fields, codes);
  const message = wrong ? checkFields : problem === null ? "" : sentenceOf(problem);

  async function submitted(event: Event): Promise<void> {
    event.preventDefault();
    if (busy || form.current === null) return;
    const data = new FormData(form.current);
    const values = Object.fromEntries(fields.map(({ name }) => [name, textOf(data.get(name))]));
    setChecked(values);
    setProblem(null);
    if (Object.keys(complaintsOf(fields, values)).length > 0) return;
    setBusy(true);
    try {
      await send(values);
      if (!keep) form.current?.reset();
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => void submitted(event)}>
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

function serverErrors(error: unknown, fields: readonly FieldPlan[], codes: Readonly<Record<string, string>>): Errors {
  const found: Record<string, string> = {};
  if (!(error instanceof Problem)) return found;
  const about = codes[error.code];
  if (about !== undefined) found[about] = sentenceOf(error);
  for (const { field, message } of error.errors) {
    const name = field.replace(/^.*[./]/, "");
    // With one field there is no doubt which is meant, whatever it is called here.
    const meant = fields.length === 1 ? fields[0]?.name : fields.find((plan) => plan.name === name)?.name;
    if (meant !== undefined) found[meant] = message;
  }
  return found;
}
