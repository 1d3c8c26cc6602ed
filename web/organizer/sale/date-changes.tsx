/** Cancelling a whole date, or moving it to another time: what it does to the orders is said before. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { cancelDate, moveDate } from "../../calls/control.ts";
import type { DraftDate } from "../../calls/organizer.ts";
import { dateTimeText } from "../../format/dates.ts";
import { momentOf, wallText } from "../../format/zoned.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { language } from "../../i18n/language.ts";
import { Labelled } from "../../page/labelled.tsx";
import { TextField } from "../../page/text-field.tsx";
import { serverNow } from "../../time/clock.ts";
import { useAct } from "./act.ts";
import { AskedForm } from "./asked-form.tsx";

const WEEK = 7 * 86_400_000;

interface Props {
  readonly id: string;
  readonly date: DraftDate;
  readonly zone: string;
  readonly onChanged: () => void;
}

export function DateChanges({ id, date, zone, onChanged }: Props): JSX.Element {
  const t = useStore(manageText);
  const chosen = useStore(language);
  const [startsAt, setStartsAt] = useState(date.startsAt);
  const [cancelled, setCancelled] = useState(date.cancelledAt !== null);
  if (cancelled) return <p data-date-cancelled={date.id}>{t.dateCancelledNow}</p>;
  return (
    <details class="date-changes">
      <summary data-action="change-date">{t.changeDate}</summary>
      <p class="faint">{dateTimeText(startsAt, zone, chosen)}</p>
      <Move
        id={id}
        scheduleId={date.id}
        from={startsAt}
        zone={zone}
        onMoved={(moment) => {
          setStartsAt(moment);
          onChanged();
        }}
      />
      <Cancel
        id={id}
        scheduleId={date.id}
        startsAt={startsAt}
        zone={zone}
        onCancelled={() => {
          setCancelled(true);
          onChanged();
        }}
      />
    </details>
  );
}

interface CancelProps {
  readonly id: string;
  readonly scheduleId: string;
  readonly startsAt: number;
  readonly zone: string;
  readonly onCancelled: () => void;
}

function Cancel({ id, scheduleId, startsAt, zone, onCancelled }: CancelProps): JSX.Element {
  const t = useStore(manageText);
  const chosen = useStore(language);
  const act = useAct();
  const [reason, setReason] = useState("");
  return (
    <AskedForm
      act={act}
      action="cancel-date"
      go={t.cancelDate}
      title={t.cancelDateTitle}
      text={t.cancelDateText({ date: dateTimeText(startsAt, zone, chosen) })}
      disabled={reason.trim() === ""}
      onGo={async () => {
        const done = await act.run(() => cancelDate(id, scheduleId, reason.trim()), t.dateCancelledNow);
        if (done) onCancelled();
      }}
    >
      <TextField id="cancel-date-reason" label={t.cancelReason} maxLength={150} value={reason} onInput={setReason} />
    </AskedForm>
  );
}

interface MoveProps {
  readonly id: string;
  readonly scheduleId: string;
  readonly from: number;
  readonly zone: string;
  readonly onMoved: (startsAt: number) => void;
}

function Move({ id, scheduleId, from, zone, onMoved }: MoveProps): JSX.Element {
  const t = useStore(manageText);
  const chosen = useStore(language);
  const act = useAct();
  const [to, setTo] = useState(wallText(from, zone));
  const [until, setUntil] = useState(() => wallText(Math.min(serverNow() + WEEK, from), zone));
  const [wrong, setWrong] = useState<string | undefined>();
  const moments = { to: momentOf(to, zone), until: momentOf(until, zone) };
  const said = (moment: number | null): string => (moment === null ? "" : dateTimeText(moment, zone, chosen));
  return (
    <AskedForm
      act={act}
      action="move-date"
      quiet
      go={t.moveDate}
      title={t.moveDateTitle}
      text={t.moveDateText({ from: said(from), to: said(moments.to), until: said(moments.until) })}
      mayAsk={() => {
        const fine = moments.to !== null && moments.until !== null && moments.to !== from;
        setWrong(fine ? undefined : t.timeWrong);
        return fine;
      }}
      onGo={async () => {
        const { to: moment, until: free } = moments;
        if (moment === null || free === null) return;
        const done = await act.run(() => moveDate(id, scheduleId, moment, free), t.dateMovedNow);
        if (done) onMoved(moment);
      }}
    >
      <p class="faint">{t.moveDateHint}</p>
      <WallTime id="move-to" label={t.newTime} error={wrong} value={to} onInput={setTo} />
      <WallTime id="move-until" label={t.freeUntil} value={until} onInput={setUntil} />
    </AskedForm>
  );
}

interface WallTimeProps {
  readonly id: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

function WallTime({ id, label, error, value, onInput }: WallTimeProps): JSX.Element {
  return (
    <Labelled id={id} label={label} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          type="datetime-local"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}
