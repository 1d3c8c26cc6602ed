/** Computes the draw again on demand and shows every step of it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sleep } from "../api.ts";
import { type DrawFacts, readDraw, readSegment, readSigningKeys } from "../calls/draw.ts";
import { drawText } from "../i18n/ko/draw.ts";
import { Alert } from "../page/load.tsx";
import { sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { keptReceipt } from "./receipt.ts";
import { OwnPlace } from "./own.tsx";
import { StepRow } from "./step-row.tsx";
import { type Finding, type Own, type Step, steps, verdictOf, type Verdict } from "./steps.ts";

interface Run {
  readonly findings: readonly Finding[];
  readonly current: Step | null;
  readonly progress: number;
  readonly own: Own | null;
  readonly error: unknown;
  readonly over: boolean;
}

const fresh: Run = { findings: [], current: null, progress: 0, own: null, error: null, over: false };

/** A screenful is drawn between two steps. */
const breathMs = 20;

interface Props {
  readonly id: string;
  readonly facts: DrawFacts;
  readonly onFacts: (facts: DrawFacts) => void;
}

export function Check({ id, facts, onFacts }: Props): JSX.Element {
  const t = useStore(drawText);
  const [run, setRun] = useState<Run | null>(null);
  const busy = run !== null && !run.over;
  const change = (part: Partial<Run>): void => setRun((before) => ({ ...(before ?? fresh), ...part }));

  async function check(): Promise<void> {
    if (busy) return;
    setRun(fresh);
    const findings: Finding[] = [];
    try {
      const newest = await readDraw(id);
      onFacts(newest);
      const { verify } = await import("./verify.ts");
      const own = await verify(
        { facts: newest, receipt: keptReceipt(id), segment: (index) => readSegment(id, index), keys: readSigningKeys },
        {
          begins: (current) => change({ current }),
          progress: (progress) => change({ progress }),
          finds: (finding) => {
            findings.push(finding);
            change({ findings: [...findings] });
          },
          breathe: () => sleep(breathMs),
        },
      );
      change({ own, current: null, over: true });
      speak(verdictTexts(t)[verdictOf(findings)]);
    } catch (error) {
      change({ error, current: null, over: true });
    }
  }

  async function refresh(): Promise<void> {
    try {
      onFacts(await readDraw(id));
    } catch (error) {
      change({ error, over: true });
    }
  }

  const sealed = facts.sealed !== null;
  return (
    <section class="card check" aria-labelledby="check">
      <h2 id="check">{t.check}</h2>
      <p>{sealed ? t.checkText : t.checkSoon}</p>
      <p>
        <button
          type="button"
          class={sealed ? "button" : "button quiet"}
          data-action={sealed ? "check" : "refresh"}
          aria-disabled={busy}
          onClick={() => void (sealed ? check() : refresh())}
        >
          {sealed ? (busy ? t.running : t.run) : t.refresh}
        </button>
      </p>
      {run !== null && run.error !== null && <Alert text={sentenceOf(run.error)} />}
      {run !== null && run.error === null && <Steps run={run} />}
      {run !== null && run.over && run.error === null && (
        <>
          <Summary verdict={verdictOf(run.findings)} />
          {run.own !== null && <OwnPlace own={run.own} receipt={keptReceipt(id)} />}
        </>
      )}
    </section>
  );
}

function Steps({ run }: { readonly run: Run }): JSX.Element {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <StepRow
          key={step}
          step={step}
          finding={run.findings.find((finding) => finding.step === step) ?? null}
          progress={run.current === step ? run.progress : null}
        />
      ))}
    </ol>
  );
}

function Summary({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const t = useStore(drawText);
  return (
    <p class="verdict" data-verdict={verdict}>
      {verdictTexts(t)[verdict]}
    </p>
  );
}

function verdictTexts(t: ReturnType<typeof drawText.get>): Readonly<Record<Verdict, string>> {
  return {
    fits: t.verdictFits,
    careful: t.verdictCareful,
    differs: t.verdictDiffers,
    broken: t.verdictBroken,
    open: t.verdictOpen,
  };
}
