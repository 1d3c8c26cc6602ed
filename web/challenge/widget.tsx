/** Cloudflare's challenge on a page of ours. Its script is loaded only here; when that or the challenge fails, one may try again. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ChallengeFacts } from "../calls/challenge.ts";
import { isRecord } from "../decode.ts";
import { challengeText } from "../i18n/ko/challenge.ts";
import { language } from "../i18n/language.ts";
import { speak } from "../page/speak.ts";

interface Props {
  readonly action: "signup" | "join";
  readonly facts: ChallengeFacts;
  /** Another number shows the challenge anew. */
  readonly tries: number;
  readonly onToken: (token: string | null) => void;
}

export function Challenge({ action, facts, tries, onToken }: Props): JSX.Element {
  const t = useStore(challengeText);
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const [own, setOwn] = useState(0);

  useEffect(() => {
    let gone = false;
    let remove = (): void => undefined;
    const fail = (): void => {
      if (gone) return;
      onToken(null);
      setFailed(true);
      speak(challengeText.get().failed);
    };
    setFailed(false);
    show(place.current, facts, action, { onToken: (token) => !gone && onToken(token), fail }).then((undo) => {
      if (gone) undo();
      else remove = undo;
    }, fail);
    return () => {
      gone = true;
      remove();
    };
  }, [facts, action, tries, own]);

  return (
    <div class="field" data-challenge={failed ? "failed" : "shown"}>
      <p class="faint">{t.why}</p>
      <div ref={place} />
      {failed && (
        <p class="alert" role="alert">
          {t.failed}{" "}
          <button type="button" class="button quiet" onClick={() => setOwn(own + 1)}>
            {t.again}
          </button>
        </p>
      )}
    </div>
  );
}

interface Told {
  readonly onToken: (token: string) => void;
  readonly fail: () => void;
}

/** Draws the widget; resolves to what removes it. The script is somebody else's code, so nothing about it is assumed. */
async function show(
  place: HTMLElement | null,
  { siteKey, scriptUrl }: ChallengeFacts,
  action: string,
  told: Told,
): Promise<() => void> {
  if (place === null || siteKey === null) throw new Error("nothing to show");
  if (!("turnstile" in window)) await loadScript(scriptUrl);
  const turnstile: unknown = Reflect.get(window, "turnstile");
  const id = call(turnstile, "render", place, {
    sitekey: siteKey,
    action,
    language: language.get(),
    callback: (token: unknown) => (typeof token === "string" ? told.onToken(token) : told.fail()),
    "error-callback": () => {
      told.fail();
      return true;
    },
    "expired-callback": told.fail,
    "timeout-callback": told.fail,
  });
  return () => void call(turnstile, "remove", id);
}

function call(owner: unknown, name: string, ...words: readonly unknown[]): unknown {
  const method: unknown = isRecord(owner) ? owner[name] : undefined;
  if (typeof method !== "function") throw new Error("the script has changed");
  const answer: unknown = Reflect.apply(method, owner, words);
  return answer;
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error("the script was not loaded"));
    };
    document.head.appendChild(script);
  });
}
