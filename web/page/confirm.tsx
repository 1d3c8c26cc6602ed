/** A question before something that cannot be undone; the browser's own dialog keeps focus and Escape right. */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  readonly keep: string;
  readonly go: string;
  readonly action: string;
  readonly busy?: boolean;
  readonly onKeep: () => void;
  readonly onGo: () => void;
}

export function Confirm({ open, title, text, keep, go, action, busy = false, onKeep, onGo }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  // A page has many questions: each is called what it asks.
  const named = useId();
  // Before the next frame, in which the browser tells of a close: whoever asks again until then is asked.
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={named}
      aria-describedby={`${named}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onKeep();
      }}
      onClose={() => {
        if (dialog.current?.open !== true) onKeep();
      }}
    >
      <h2 id={named}>{title}</h2>
      <p id={`${named}-text`}>{text}</p>
      <div class="actions">
        <button type="button" class="button quiet" data-action={`${action}-keep`} disabled={busy} onClick={onKeep}>
          {keep}
        </button>
        <button type="button" class="button danger" data-action={`${action}-confirm`} disabled={busy} onClick={onGo}>
          {go}
        </button>
      </div>
    </dialog>
  );
}
