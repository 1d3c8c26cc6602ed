/** A list that comes in pages: what is there so far, and a button for more that says when nothing came. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import type { Page } from "../calls/performances.ts";
import { Alert } from "./load.tsx";
import { isStranger, sentenceOf } from "./sentence.ts";

export interface Paged<T> {
  readonly items: readonly T[];
  readonly setItems: (items: readonly T[]) => void;
  readonly more: (() => void) | null;
  readonly busy: boolean;
  /** Why there was no more, as a sentence; empty where nothing went wrong. */
  readonly trouble: string;
}

/** @param read - The page that follows, by the cursor of the one before. */
export function usePages<T>(first: Page<T>, read: (cursor: string) => Promise<Page<T>>): Paged<T> {
  const [items, setItems] = useState(first.items);
  const [cursor, setCursor] = useState(first.nextCursor);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  async function follow(from: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    setTrouble("");
    try {
      const page = await read(from);
      setItems((before) => [...before, ...page.items]);
      setCursor(page.nextCursor);
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setTrouble(sentenceOf(error));
    }
    setBusy(false);
  }
  return { items, setItems, more: cursor === null ? null : () => void follow(cursor), busy, trouble };
}

interface MoreProps {
  readonly of: Omit<Paged<never>, "items" | "setItems">;
  readonly label: string;
}

/** Nothing, once everything is there. */
export function More({ of: { more, busy, trouble }, label }: MoreProps): JSX.Element {
  return (
    <>
      {trouble !== "" && <Alert text={trouble} />}
      {more !== null && (
        <p class="more">
          <button type="button" class="button quiet" data-action="more" aria-busy={busy} onClick={more}>
            {label}
          </button>
        </p>
      )}
    </>
  );
}
