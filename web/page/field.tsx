/** A labelled field with its hint and what is wrong with it, tied together for screen readers. */
import type { JSX } from "preact";

/** How a field looks and what a browser may fill in. */
export interface FieldLook {
  readonly type: "text" | "email" | "password";
  readonly autocomplete: string;
  readonly hint?: string;
}

interface FieldProps extends FieldLook {
  readonly name: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly initial?: string;
}

export function Field({ name, label, error, hint, type, autocomplete, initial }: FieldProps): JSX.Element {
  const described = [hint === undefined ? "" : `${name}-hint`, error === undefined ? "" : `${name}-error`];
  const attributes = {
    id: name,
    name,
    autocomplete,
    autocapitalize: "none",
    spellcheck: false,
    required: true,
    defaultValue: initial ?? "",
    "aria-invalid": error !== undefined,
    "aria-describedby": described.join(" ").trim() || undefined,
  } as const;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {type === "email" ? (
        <input {...attributes} type="email" />
      ) : type === "password" ? (
        <input {...attributes} type="password" />
      ) : (
        <input {...attributes} type="text" />
      )}
      {hint !== undefined && (
        <span class="faint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span class="field-error" id={`${name}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
