/** What the server said of a form's fields. */
import { Problem } from "../api.ts";
import { sentenceOf } from "./sentence.ts";

interface Form {
  readonly names: readonly string[];
  /** Which field a refusal with this code is about. */
  readonly codes: Readonly<Record<string, string>>;
  /** Changed since the server spoke: what it said of them is over. */
  readonly changed: readonly string[];
}

export interface Said {
  readonly errors: Readonly<Record<string, string>>;
  /** It was about fields, all of which were changed since: nothing is left to say. */
  readonly over: boolean;
}

export function saidOf(error: unknown, { names, codes, changed }: Form): Said {
  const found: Record<string, string> = {};
  if (!(error instanceof Problem)) return { errors: found, over: false };
  const about = codes[error.code];
  if (about !== undefined) found[about] = sentenceOf(error);
  for (const { field, message } of error.errors) {
    const name = field.replace(/^.*[./]/, "");
    // With one field there is no doubt which is meant, whatever it is called here.
    const meant = names.length === 1 ? names[0] : names.find((one) => one === name);
    if (meant !== undefined) found[meant] = message;
  }
  const left = Object.entries(found).filter(([name]) => !changed.includes(name));
  return { errors: Object.fromEntries(left), over: left.length === 0 && Object.keys(found).length > 0 };
}
