/** Any control of a form with its label, its hint and its error tied to it for screen readers. */
import type { ComponentChildren, JSX } from "preact";

export interface LabelledProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly optional?: string | undefined;
  readonly children: (attributes: ControlAttributes) => ComponentChildren;
}

export interface ControlAttributes {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

export function Labelled({ id, label, hint, error, optional, children }: LabelledProps): JSX.Element {
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`];
  return (
    <div class="field">
      <label for={id}>
        {label} {optional !== undefined && <span class="faint optional">{optional}</span>}
      </label>
      {children({
        id,
        name: id,
        "aria-invalid": error !== undefined,
        "aria-describedby": described.join(" ").trim() || undefined,
      })}
      {hint !== undefined && (
        <span class="faint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span class="field-error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
