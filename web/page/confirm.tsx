/** A question before something that cannot be undone. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { useDialog } from "./dialog.ts";

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
  const dialog = useDialog(open, onKeep);
  // A page has many questions: each is called what it asks.
  const named = useId();
  return (
    <dialog {...dialog} aria-labelledby={named} aria-describedby={`${named}-text`}>
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
