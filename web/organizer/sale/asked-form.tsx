/** A form for what cannot be undone: sending it asks first, in words, and only the answer does it. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { manageText } from "../../i18n/ko/manage.ts";
import { Confirm } from "../../page/confirm.tsx";
import type { Act } from "./act.ts";
import { Said } from "./said.tsx";

interface Props {
  readonly act: Act;
  /** Names the buttons of the question: `<action>-keep` and `<action>-confirm`; and the form's, if `send` does not. */
  readonly action: string;
  readonly send?: string;
  /** What the buttons say. */
  readonly go: string;
  readonly title: string;
  readonly text: string;
  readonly class?: string;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  /** False: nothing is asked yet. */
  readonly mayAsk?: () => boolean;
  readonly onGo: () => Promise<unknown>;
  readonly children: ComponentChildren;
}

export function AskedForm(props: Props): JSX.Element {
  const {
    act,
    action,
    send = action,
    go,
    title,
    text,
    quiet = false,
    disabled = false,
    mayAsk,
    onGo,
    children,
  } = props;
  const t = useStore(manageText);
  const [asking, setAsking] = useState(false);
  return (
    <form
      class={`form ${props.class ?? ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(mayAsk?.() ?? true);
      }}
    >
      {children}
      <button
        type="submit"
        class={`button ${quiet ? "quiet" : "danger"}`}
        data-action={send}
        disabled={act.busy || disabled}
      >
        {go}
      </button>
      <Said act={act} />
      <Confirm
        open={asking}
        title={title}
        text={text}
        keep={t.keep}
        go={go}
        action={action}
        busy={act.busy}
        onKeep={() => setAsking(false)}
        onGo={() => void onGo().then(() => setAsking(false))}
      />
    </form>
  );
}
