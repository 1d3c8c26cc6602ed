/** Nobody may choose seats here any more; what was ordered meanwhile stays, and is named. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { seatsText } from "../i18n/ko/seats.ts";
import { keepHold } from "./kept.ts";
import { type KeptOrder, KeptOrderNote, stands, useKept } from "./kept-order.tsx";

interface Props {
  readonly performanceId: string;
  /** What is known of the order from before. */
  readonly first: KeptOrder | null;
}

export function SessionOver({ performanceId, first }: Props): JSX.Element {
  const t = useStore(seatsText);
  const kept = useKept(performanceId, first);
  const ordered = kept !== null && stands(kept);
  useEffect(() => keepHold(performanceId, null), [performanceId]);
  return (
    <section class="card outcome" data-outcome="session-over">
      <h1>{ordered ? t.ordered : t.sessionOver}</h1>
      {!ordered && <p>{t.sessionOverText}</p>}
      {kept !== null && <KeptOrderNote kept={kept} several />}
      <a class={ordered ? "button quiet" : "button"} href={`/waiting?performance=${encodeURIComponent(performanceId)}`}>
        {t.queueAgain}
      </a>
    </section>
  );
}
