/** One look: whether all is well, in words, and the button that stops everything beside it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { closeSale, pauseSale, resumeSale } from "../../calls/control.ts";
import { dateTimeText } from "../../format/dates.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { Confirm } from "../../page/confirm.tsx";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";
import type { Worry } from "./worries.ts";

interface Props {
  readonly id: string;
  readonly phase: string;
  /** Null until the first figures are there. */
  readonly worries: readonly Worry[] | null;
  readonly openAt: number;
  readonly zone: string;
}

type Mood = "wait" | "bad" | "paused" | "good";

const signs: Readonly<Record<Mood, string>> = { wait: "…", bad: "!", paused: "❚❚", good: "✓" };

export function Verdict({ id, phase, worries, openAt, zone }: Props): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const mood: Mood = worries === null ? "wait" : worries.length > 0 ? "bad" : phase === "paused" ? "paused" : "good";
  const before = phase === "scheduled" || phase === "gathering" || phase === "sealed";
  const words: Readonly<Record<string, string>> = {
    scheduled: t.isScheduled,
    gathering: t.isGathering,
    sealed: t.isSealed,
    open: t.isOpen,
    paused: t.isPaused,
    soldout: t.isSoldOut,
    closed: t.isClosed,
  };
  const troubles: Readonly<Record<Worry, string>> = {
    offline: t.worryOffline,
    silent: t.worrySilent,
    shut: t.worryShut,
    slow: t.worrySlow,
    "records-late": t.worryRecords,
    "payments-unknown": t.worryUnknown,
    "payments-declined": t.worryDeclined,
  };
  return (
    <section class={`card verdict verdict-${mood}`} data-verdict={mood}>
      <div class="verdict-words" role="status">
        <span class="verdict-sign" aria-hidden="true">
          {signs[mood]}
        </span>
        <div>
          <p class="verdict-line">
            {mood === "wait" ? t.noFigures : mood === "bad" ? t.lookHere : mood === "paused" ? t.held : t.allWell}
          </p>
          {worries !== null && worries.length > 0 && (
            <ul>
              {worries.map((worry) => (
                <li key={worry} data-worry={worry}>
                  {troubles[worry]}
                </li>
              ))}
            </ul>
          )}
          {mood !== "wait" && (
            <p class="faint">
              {words[phase]}
              {before && openAt > 0 && ` ${t.opensAt({ time: dateTimeText(openAt, zone, chosen) })}`}
            </p>
          )}
        </div>
      </div>
      <Stop id={id} phase={phase} />
    </section>
  );
}

function Stop({ id, phase }: Pick<Props, "id" | "phase">): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const [asking, setAsking] = useState<"pause" | "close" | null>(null);
  const runs = phase === "open" || phase === "soldout";
  async function go(work: (id: string) => Promise<null>, done: string): Promise<void> {
    await act.run(() => work(id), done);
    setAsking(null);
  }
  return (
    <div class="stop">
      <div class="actions">
        {phase === "paused" ? (
          <button
            type="button"
            class="button big"
            data-action="resume"
            disabled={act.busy}
            onClick={() => void go(resumeSale, t.resumed)}
          >
            ▶ {t.resume}
          </button>
        ) : (
          <button
            type="button"
            class="button danger big"
            data-action="pause"
            disabled={!runs || act.busy}
            onClick={() => setAsking("pause")}
          >
            ❚❚ {t.pause}
          </button>
        )}
        <button
          type="button"
          class="button quiet big"
          data-action="close-sale"
          disabled={phase === "closed" || act.busy}
          onClick={() => setAsking("close")}
        >
          {t.close}
        </button>
      </div>
      <Said act={act} />
      <Confirm
        open={asking === "pause"}
        title={t.pauseTitle}
        text={t.pauseText}
        keep={t.keep}
        go={t.pause}
        action="pause"
        busy={act.busy}
        onKeep={() => setAsking(null)}
        onGo={() => void go(pauseSale, t.pausedNow)}
      />
      <Confirm
        open={asking === "close"}
        title={t.closeTitle}
        text={t.closeText}
        keep={t.keep}
        go={t.close}
        action="close-sale"
        busy={act.busy}
        onKeep={() => setAsking(null)}
        onGo={() => void go(closeSale, t.closedNow)}
      />
    </div>
  );
}
