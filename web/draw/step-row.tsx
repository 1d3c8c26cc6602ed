/** One step of the check: what it says, whether it fits, and how far it has come. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { drawText } from "../i18n/ko/draw.ts";
import type { Finding, Mark, Step } from "./steps.ts";

const signs: Readonly<Record<Mark, string>> = { fits: "✓", differs: "✗", careful: "!", open: "–", broken: "?" };

interface Props {
  readonly step: Step;
  readonly finding: Finding | null;
  /** Not null while the step is under way. */
  readonly progress: number | null;
}

export function StepRow({ step, finding, progress }: Props): JSX.Element {
  const t = useStore(drawText);
  const mark = finding?.mark ?? null;
  // A statement that does not hold must not be told by its sign alone.
  const said = finding?.remark ?? (mark === "differs" ? mark : null);
  const under = finding === null && progress !== null;
  return (
    <li data-step={step} data-mark={mark ?? (under ? "busy" : "none")}>
      <span class="step-sign" aria-hidden="true">
        {mark === null ? "·" : signs[mark]}
      </span>
      <div>
        <p>
          {t[`${step}Step`]}
          {mark !== null && said !== mark && <span class="unseen">: {t[mark]}</span>}
          {under && <span class="unseen">: {t.busy}</span>}
        </p>
        {said !== null && <p class="step-remark">{t[said]}</p>}
        {under && step === "list" && <progress max={1} value={progress} aria-label={t.downloading} />}
      </div>
    </li>
  );
}
