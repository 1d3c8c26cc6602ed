/** The notice that everybody in the queue reads. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { postNotice } from "../../calls/control.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { Labelled } from "../../page/labelled.tsx";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";

interface Props {
  readonly id: string;
  /** What everybody reads now. */
  readonly notice: string | null;
}

export function Notice({ id, notice }: Props): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const [words, setWords] = useState(notice ?? "");
  const before = useRef(notice);
  useEffect(() => {
    // Somebody else has changed it: it is taken over, unless something else is being written here.
    if (words === (before.current ?? "")) setWords(notice ?? "");
    before.current = notice;
  }, [notice]);
  const post = async (text: string | null): Promise<void> => {
    const done = await act.run(() => postNotice(id, text), text === null ? t.noticeCleared : t.noticePosted);
    if (!done) return;
    // What holds now, before the sale has told so: another's notice may follow it at once.
    before.current = text;
    setWords(text ?? "");
  };
  const written = words.trim();
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        void post(written);
      }}
    >
      <Labelled id="notice" label={t.notice} hint={t.noticeHint}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={3}
            maxLength={500}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        )}
      </Labelled>
      {notice !== null && (
        <p class="note" data-notice="shown">
          {t.noticeNow} <q>{notice}</q>
        </p>
      )}
      <div class="actions">
        <button
          type="submit"
          class="button quiet"
          data-action="notice"
          disabled={act.busy || written === "" || written === notice}
        >
          {t.noticePost}
        </button>
        {notice !== null && (
          <button
            type="button"
            class="button quiet"
            data-action="clear-notice"
            disabled={act.busy}
            onClick={() => void post(null)}
          >
            {t.noticeClear}
          </button>
        )}
      </div>
      <Said act={act} />
    </form>
  );
}
