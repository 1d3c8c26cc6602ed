/** Making a performance, step by step. Every step can be left at any time: what is written is saved. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { listHalls, readDraft } from "../../calls/organizer.ts";
import { timeOfDay } from "../../format/time-of-day.ts";
import { calendarText } from "../../i18n/ko/calendar.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { organizerText } from "../../i18n/ko/organizer.ts";
import { language } from "../../i18n/language.ts";
import { Alert, useLoad, WhenLoaded } from "../../page/load.tsx";
import { mountPage } from "../../page/mount.tsx";
import { useTitle } from "../../page/now.ts";
import { sentenceOf } from "../../page/sentence.ts";
import { speak } from "../../page/speak.ts";
import { PhaseBadge } from "../phase-badge.tsx";
import { Basics } from "./basics.tsx";
import { Check } from "./check.tsx";
import { Dates } from "./dates.tsx";
import { Desk, textOf } from "./desk.ts";
import { Prices } from "./prices.tsx";
import { Sale } from "./sale.tsx";
import { stepOf, steps, type Step } from "./steps.ts";
import { Together } from "./together.tsx";
import { Venue } from "./venue.tsx";

const id = new URLSearchParams(location.search).get("id") ?? "";

function EditPage(): JSX.Element {
  const t = useStore(editText);
  const words = useStore(organizerText);
  useTitle(t.title);
  return (
    <>
      <p>
        <a class="back" href="/organizer">
          ← {words.back}
        </a>
      </p>
      {id === "" ? <Alert text={words.missing} /> : <Loading />}
    </>
  );
}

function Loading(): JSX.Element {
  const loaded = useLoad(async () => {
    const [whole, halls] = await Promise.all([readDraft(id), listHalls()]);
    return new Desk(whole, halls);
  });
  return <WhenLoaded of={loaded}>{(desk) => <Editing desk={desk} />}</WhenLoaded>;
}

function useStep(): Step {
  const [step, setStep] = useState(() => stepOf(location.hash));
  useEffect(() => {
    const follow = (): void => setStep(stepOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return step;
}

const contents = { basics: Basics, venue: Venue, dates: Dates, prices: Prices, sale: Sale, check: Check } as const;

function Editing({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const { values, publishedAt } = useStore(desk.state);
  const step = useStep();
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const before = useRef(step);
  useEffect(() => () => desk.end(), [desk]);
  useEffect(() => {
    // On a narrow window the steps do not all fit beside each other: the one that is open is in sight.
    const current = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (list.current !== null && current != null)
      list.current.scrollLeft = current.offsetLeft - list.current.offsetLeft - 48;
    if (before.current === step) return;
    before.current = step;
    heading.current?.focus();
  }, [step]);
  const Content = contents[step];
  const next = steps[steps.indexOf(step) + 1];
  const locked = publishedAt !== null && step !== "dates" && step !== "check";
  return (
    <>
      <div class="page-head console-head">
        <div>
          <PhaseBadge phase={publishedAt === null ? "unpublished" : textOf(values, "phase")} />
          <h1>{textOf(values, "title") || t.title}</h1>
        </div>
        {publishedAt === null && <SaveMark desk={desk} />}
      </div>
      <Together desk={desk} />
      <div class="edit">
        <nav class="edit-steps" aria-label={t.steps}>
          <ol ref={list}>
            {steps.map((one) => (
              <li key={one}>
                <a href={`#${one}`} aria-current={one === step ? "step" : undefined} data-step={one}>
                  {t[one]}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <section class="card edit-step" data-step-shown={step}>
          <h2 ref={heading} tabindex={-1} class="card-title">
            {t[step]}
          </h2>
          {locked && <p class="note">{t.locked}</p>}
          <fieldset class="bare" disabled={locked}>
            <Content desk={desk} />
          </fieldset>
          {next !== undefined && (
            <p class="edit-next">
              <a class="button quiet" href={`#${next}`} data-action="next">
                {t.next}: {t[next]}
              </a>
            </p>
          )}
        </section>
      </div>
    </>
  );
}

function SaveMark({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const { dirty, saving, savedAt, trouble, refused } = useStore(desk.autosave.state);
  // Said once: who writes for an hour is not told a thousand times that it is saved; only when it is not.
  const first = savedAt !== null;
  useEffect(() => {
    if (savedAt !== null) speak(t.saved({ time: timeOfDay(savedAt, chosen) }));
  }, [first, trouble === null]);
  if (trouble !== null) {
    return (
      <p class="save-mark save-bad" role="status" data-saved="no">
        {t.notSaved} {sentenceOf(trouble)}
      </p>
    );
  }
  const words = saving
    ? t.saving
    : dirty
      ? t.unsaved
      : savedAt === null
        ? ""
        : t.saved({ time: timeOfDay(savedAt, chosen) });
  return (
    <p class="save-mark" data-saved={!dirty && !saving ? "yes" : "no"} data-refused={refused.join(" ")}>
      {words}
    </p>
  );
}

void mountPage(EditPage, [editText, organizerText, calendarText]);
