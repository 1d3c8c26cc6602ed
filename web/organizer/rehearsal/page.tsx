/** A sale before the sale: how many come, how far it is, what came of it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { readDraft } from "../../calls/organizer.ts";
import { cancelRehearsal, readRehearsal, type Rehearsal, startRehearsal } from "../../calls/rehearsal.ts";
import { organizerText } from "../../i18n/ko/organizer.ts";
import { rehearsalText } from "../../i18n/ko/rehearsal.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { Alert, type Loaded, useLoad, WhenLoaded } from "../../page/load.tsx";
import { mountPage } from "../../page/mount.tsx";
import { useTitle } from "../../page/now.ts";
import { sentenceOf } from "../../page/sentence.ts";
import { speak } from "../../page/speak.ts";
import { editPath } from "../paths.ts";
import { Result } from "./result.tsx";

const id = new URLSearchParams(location.search).get("id") ?? "";
const LOOK_MS = 400;
const MOST = 100_000;

function RehearsalPage(): JSX.Element {
  const t = useStore(rehearsalText);
  const words = useStore(organizerText);
  useTitle(t.title);
  return (
    <>
      <p>
        <a class="back" href={id === "" ? "/organizer" : editPath(id)}>
          ← {id === "" ? words.back : words.edit}
        </a>
      </p>
      {id === "" ? <Alert text={words.missing} /> : <Loading />}
    </>
  );
}

function Loading(): JSX.Element {
  const loaded: Loaded<{ title: string; before: Rehearsal }> = useLoad(async () => {
    const [{ performance }, before] = await Promise.all([readDraft(id), readRehearsal(id)]);
    return { title: performance.title, before };
  });
  return <WhenLoaded of={loaded}>{({ title, before }) => <Stage title={title} before={before} />}</WhenLoaded>;
}

function Stage({ title, before }: { readonly title: string; readonly before: Rehearsal }): JSX.Element {
  const t = useStore(rehearsalText);
  const chosen = useStore(language);
  const [played, setPlayed] = useState(before);
  const [typed, setTyped] = useState(before.fans === 0 ? "1000" : String(before.fans));
  const [wrong, setWrong] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const running = played.state === "running";

  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      readRehearsal(id).then(
        (now) => {
          setPlayed(now);
          setTrouble(null);
        },
        (error: unknown) => setTrouble(error),
      );
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [running]);

  // A bar that moves every second is for the eye: the ear is told of each quarter, and of the end.
  const quarter = running ? Math.floor(played.progress * 4) : null;
  const heard = useRef(played.state);
  useEffect(() => {
    const fans = played.fans.toLocaleString(chosen);
    if (quarter !== null) speak(t.running({ fans, percent: (quarter * 25).toLocaleString(chosen) }));
    else if (heard.current === "running" && played.state === "done") speak(t.result({ fans }));
    heard.current = played.state;
  }, [quarter, played.state]);

  async function cancel(): Promise<void> {
    setTrouble(null);
    try {
      setPlayed(await cancelRehearsal(id));
    } catch (error) {
      setTrouble(error);
    }
  }

  async function start(event: Event): Promise<void> {
    event.preventDefault();
    const fans = Number(typed.replaceAll(",", ""));
    const good = Number.isInteger(fans) && fans >= 1 && fans <= MOST;
    setWrong(!good);
    if (!good) return;
    setTrouble(null);
    try {
      setPlayed(await startRehearsal(id, fans));
    } catch (error) {
      setTrouble(error);
    }
  }

  const notReady = trouble instanceof Problem && trouble.code === "not-ready-to-publish";
  return (
    <div class="form rehearsal">
      <div class="page-head">
        <p class="badge badge-paused">{t.badge}</p>
        <h1>{title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      <form class="card form" onSubmit={(event) => void start(event)} noValidate>
        <Labelled id="fans" label={t.fans} hint={t.fansHint} error={wrong ? t.fansError : undefined}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              inputMode="numeric"
              autocomplete="off"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <button type="submit" class="button" data-action="rehearse" disabled={running}>
          {played.state === "none" ? t.start : t.again}
        </button>
        {running && (
          <div class="form" data-rehearsal="running">
            <p>
              {t.running({
                fans: played.fans.toLocaleString(chosen),
                percent: Math.floor(played.progress * 100).toLocaleString(chosen),
              })}
            </p>
            <progress class="long" max={1} value={played.progress} aria-label={t.progress} />
            <button type="button" class="button quiet" data-action="cancel-rehearsal" onClick={() => void cancel()}>
              {t.cancel}
            </button>
          </div>
        )}
        {played.state === "cancelled" && (
          <p class="note" role="status" data-rehearsal="cancelled">
            {t.cancelled({
              fans: played.fans.toLocaleString(chosen),
              percent: Math.floor(played.progress * 100).toLocaleString(chosen),
            })}
          </p>
        )}
        {played.state === "interrupted" && <Alert text={t.interrupted} />}
        {trouble !== null && (
          <Alert text={notReady ? t.notReady : sentenceOf(trouble)}>
            {notReady && (
              <a class="button quiet" href={`${editPath(id)}#check`}>
                {t.toCheck}
              </a>
            )}
          </Alert>
        )}
      </form>
      {played.state === "done" && played.result !== null && <Result fans={played.fans} result={played.result} />}
    </div>
  );
}

void mountPage(RehearsalPage, [rehearsalText, organizerText]);
