/** One line of text with its label: what is typed is the caller's. */
import type { JSX } from "preact";
import { Labelled, type LabelledProps } from "./labelled.tsx";

interface Props extends Omit<LabelledProps, "children"> {
  readonly value: string;
  readonly maxLength?: number;
  readonly onInput: (value: string) => void;
}

export function TextField({ value, maxLength, onInput, ...labelled }: Props): JSX.Element {
  return (
    <Labelled {...labelled}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          autocomplete="off"
          maxLength={maxLength}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}
