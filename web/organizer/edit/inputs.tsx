/** Fields of a draft: what is typed is on the desk at once, and saved from there. */
import { useStore } from "@nanostores/preact";
import type { JSX, TargetedEvent, TargetedInputEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentOf, wallText } from "../../format/zoned.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { Labelled } from "../../page/labelled.tsx";
import { type Desk, numberOf, textOf, timeOf } from "./desk.ts";

interface Props {
  readonly desk: Desk;
  readonly field: string;
  readonly label: string;
  readonly hint?: string;
  /** Said when the server refuses the value, or when it cannot be sent. */
  readonly error?: string;
  readonly optional?: boolean;
}

/** The error of a field, if the server refused what is in it or somebody else has changed it too. */
function useRefused(desk: Desk, field: string, error: string): string | undefined {
  const t = useStore(editText);
  const { refused } = useStore(desk.autosave.state);
  const { conflicts } = useStore(desk.state);
  if (field in conflicts) return t.conflictField;
  return refused.includes(field) ? error : undefined;
}

const idOf = (field: string): string => field.replace("settings.", "");

interface TextProps extends Props {
  readonly lines?: number;
  /** Empty is sent as "nothing" rather than as an empty text. */
  readonly emptyIsNull?: boolean;
  readonly lang?: string;
}

export function TextInput(props: TextProps): JSX.Element {
  const { desk, field, label, hint, lines, emptyIsNull = false, optional = false, lang } = props;
  const t = useStore(editText);
  const { values } = useStore(desk.state);
  const error = useRefused(desk, field, props.error ?? t.checkField);
  const onInput = (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    const { value } = event.currentTarget;
    desk.set(field, emptyIsNull && value.trim() === "" ? null : value);
  };
  return (
    <Labelled id={idOf(field)} label={label} hint={hint} error={error} optional={optional ? t.optional : undefined}>
      {(attributes) =>
        lines === undefined ? (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            lang={lang}
            value={textOf(values, field)}
            onInput={onInput}
          />
        ) : (
          <textarea {...attributes} rows={lines} lang={lang} value={textOf(values, field)} onInput={onInput} />
        )
      }
    </Labelled>
  );
}

interface WholeProps extends Props {
  readonly least: number;
  readonly most: number;
  /** What one unit on screen is in the draft: 60 for minutes kept as seconds. */
  readonly unit?: number;
  /** Shown, greyed, where nothing was said: what holds then. */
  readonly otherwise?: number;
  readonly clearable?: boolean;
}

/** A whole number. What is none is said at once and not sent. */
export function WholeInput(props: WholeProps): JSX.Element {
  const { desk, field, label, hint, least, most, unit = 1, otherwise, clearable = false, optional = false } = props;
  const t = useStore(editText);
  const { values } = useStore(desk.state);
  const kept = numberOf(values, field);
  const shown = kept === null ? "" : String(kept / unit);
  const [typed, setTyped] = useState(shown);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (!wrong) setTyped(shown);
  }, [shown, wrong]);
  const sentence = props.error ?? t.rangeError({ from: least, to: most });
  const refused = useRefused(desk, field, sentence);
  const onInput = (event: TargetedInputEvent<HTMLInputElement>): void => {
    const { value } = event.currentTarget;
    setTyped(value);
    const number = Number(value);
    const empty = value.trim() === "";
    const good = empty ? clearable || kept === null : Number.isInteger(number) && number >= least && number <= most;
    setWrong(!good);
    if (!good || (empty && kept === null)) return;
    desk.set(field, empty ? null : number * unit);
  };
  return (
    <Labelled
      id={idOf(field)}
      label={label}
      hint={hint}
      error={wrong ? sentence : refused}
      optional={optional ? t.optional : undefined}
    >
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          inputMode="numeric"
          autocomplete="off"
          placeholder={otherwise === undefined ? undefined : String(otherwise)}
          value={typed}
          onInput={onInput}
        />
      )}
    </Labelled>
  );
}

interface MomentProps extends Props {
  readonly zone: string;
}

/** Date and time of the venue's wall clock. Half a time is no time: it is sent when it is whole, or when it was emptied. */
export function MomentInput({ desk, field, label, hint, error, zone, optional = false }: MomentProps): JSX.Element {
  const t = useStore(editText);
  const { values } = useStore(desk.state);
  const kept = timeOf(values, field);
  const refused = useRefused(desk, field, error ?? t.checkField);
  const onChange = (event: TargetedEvent<HTMLInputElement>): void => {
    const { value, validity } = event.currentTarget;
    if (validity.badInput) return;
    const moment = momentOf(value, zone);
    if (value === "") desk.set(field, null);
    else if (moment !== null) desk.set(field, new Date(moment).toISOString());
  };
  return (
    <Labelled
      id={idOf(field)}
      label={label}
      hint={hint}
      error={refused ?? error}
      optional={optional ? t.optional : undefined}
    >
      {(attributes) => (
        <input
          {...attributes}
          type="datetime-local"
          min="2000-01-01T00:00"
          max="2100-12-31T23:59"
          value={kept === null ? "" : wallText(kept, zone)}
          onChange={onChange}
        />
      )}
    </Labelled>
  );
}
