/** Choosing a plan: a file, or whatever else makes one, checked before anybody keeps it; what is wrong with it, and a picture. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Checked } from "../calls/charts.ts";
import { editText } from "../i18n/ko/edit.ts";
import { Labelled } from "../page/labelled.tsx";
import { Alert } from "../page/load.tsx";
import { sentenceOf } from "../page/sentence.ts";
import { checkFile, Report } from "./chart-report.tsx";

export interface Choosing {
  readonly checked: Checked | null;
  /** What is being done: a check, or what the caller does with the plan. */
  readonly busy: "check" | "use" | null;
  readonly trouble: unknown;
  /** Forgets the plan before, and checks another. */
  readonly check: (plan: () => Promise<Checked>) => Promise<void>;
  readonly use: (work: () => Promise<void>) => Promise<void>;
  readonly forget: () => void;
}

export function useChoosing(): Choosing {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [busy, setBusy] = useState<Choosing["busy"]>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  async function work(what: "check" | "use", act: () => Promise<void>): Promise<void> {
    setBusy(what);
    setTrouble(null);
    try {
      await act();
    } catch (error) {
      setTrouble(error);
    }
    setBusy(null);
  }
  return {
    checked,
    busy,
    trouble,
    check: (plan) => {
      setChecked(null);
      return work("check", async () => setChecked(await plan()));
    },
    use: (act) => work("use", act),
    forget: () => setChecked(null),
  };
}

interface Props {
  readonly id: string;
  /** Names a plan that has no name of its own. */
  readonly name: string;
  readonly choosing: Choosing;
  /** Shown between the file and what was found in it: another way to a plan. */
  readonly otherwise?: ComponentChildren;
  /** More about what went wrong. */
  readonly evidence?: ComponentChildren;
}

export function ChartFile({ id, name, choosing, otherwise, evidence }: Props): JSX.Element {
  const t = useStore(editText);
  const { checked, busy, trouble, check } = choosing;
  return (
    <>
      <Labelled id={id} label={t.chartFile} hint={t.chartFileHint}>
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept=".json,.csv,application/json,text/csv"
            disabled={busy !== null}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) void check(() => checkFile(file, name));
            }}
          />
        )}
      </Labelled>
      {otherwise}
      {busy === "check" && <p role="status">{t.checking}</p>}
      {trouble !== null && (
        <Alert text={trouble instanceof SyntaxError ? t.chartUnreadable : sentenceOf(trouble)}>{evidence}</Alert>
      )}
      {checked !== null && <Report checked={checked} />}
    </>
  );
}
