/** Loading something for a page: shows that it loads, says why it failed, sends strangers to the sign-in page. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { Problem } from "../api.ts";
import { frameText } from "../i18n/ko/frame.ts";
import { isStranger, sentenceOf } from "./sentence.ts";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: unknown; readonly again: () => void }
  | { readonly state: "ready"; readonly value: T; readonly set: (value: T) => void; readonly again: () => void };

type Inner<T> = { readonly value: T } | { readonly error: unknown } | null;

export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [inner, setInner] = useState<Inner<T>>(null);
  const work = useRef(load);
  const run = useCallback(() => {
    let current = true;
    work.current().then(
      (value) => {
        if (current) setInner({ value });
      },
      (error: unknown) => {
        if (!current) return;
        if (isStranger(error)) goToLogin();
        else setInner({ error });
      },
    );
    return () => {
      current = false;
    };
  }, []);
  useEffect(run, [run]);
  const again = useCallback(() => void run(), [run]);
  const set = useCallback((value: T) => setInner({ value }), []);
  if (inner === null) return { state: "loading" };
  if ("error" in inner) return { state: "failed", error: inner.error, again };
  return { state: "ready", value: inner.value, set, again };
}

interface Props<T> {
  readonly of: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}

export function WhenLoaded<T>({ of, children }: Props<T>): JSX.Element {
  const t = useStore(frameText);
  if (of.state === "loading") {
    return (
      <p class="loading" role="status">
        {t.loading}
      </p>
    );
  }
  if (of.state === "failed") {
    return (
      <Alert text={sentenceOf(of.error)}>
        {/* What is not there will not be there a moment later. */}
        {!(of.error instanceof Problem && of.error.status === 404) && (
          <button type="button" class="button quiet" data-action="again" onClick={of.again}>
            {t.again}
          </button>
        )}
      </Alert>
    );
  }
  return <>{children(of.value)}</>;
}

/** Something went wrong, and what can be done about it. */
export function Alert({
  text,
  children,
}: {
  readonly text: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="alert" role="alert">
      <p>{text}</p>
      {children}
    </div>
  );
}
