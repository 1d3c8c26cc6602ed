/** The big buttons: pause, go on, end; and the notice everybody in the queue reads. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { closeSale, pauseSale, postNotice, resumeSale } from "../../calls/control.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { Confirm } from "../../page/confirm.tsx";
import { Labelled } from "../../page/labelled.tsx";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";

interface Props {
  readonly id: string;
  readonly phase: string;
  readonly notice: string | null;
}

export function Controls({ id, phase, notice }: Props): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const [asking, setAsking] = useState<"pause" | "close" | null>(null);
  const runs = phase === "open" || phase === "soldout";
  const go = (work: (id: string) => Promise<null>) => async (): Promise<void> => {
    await act.run(() => work(id));
    setAsking(null);
  };
  return (
    <section class="card controls">
      <div class="actions">
        {phase === "paused" ? (
          <button
            type="button"
            class="button big"
            data-action="resume"
            disabled={act.busy}
            onClick={() => void go(resumeSale)()}
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
      <Notice key={notice} id={id} notice={notice} />
      <Confirm
        open={asking === "pause"}
        title={t.pauseTitle}
        text={t.pauseText}
        keep={t.keep}
        go={t.pause}
        action="pause"
        busy={act.busy}
        onKeep={() => setAsking(null)}
        onGo={() => void go(pauseSale)()}
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
        onGo={() => void go(closeSale)()}
      />
    </section>
  );
}

function Notice({ id, notice }: Pick<Props, "id" | "notice">): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const [words, setWords] = useState(notice ?? "");
  const post = (text: string | null): void => void act.run(() => postNotice(id, text));
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        post(words.trim() === "" ? null : words.trim());
      }}
    >
      <Labelled id="notice" label={t.notice} hint={t.noticeHint}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={2}
            maxLength={500}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <div class="actions">
        <button type="submit" class="button quiet" data-action="notice" disabled={act.busy || words.trim() === ""}>
          {t.noticePost}
        </button>
        {notice !== null && (
          <button
            type="button"
            class="button quiet"
            data-action="clear-notice"
            disabled={act.busy}
            onClick={() => post(null)}
          >
            {t.noticeClear}
          </button>
        )}
      </div>
      <Said act={act} />
    </form>
  );
}
