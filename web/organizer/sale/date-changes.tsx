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
import { Confirm } from "../../page/confirm.tsx";
import { Labelled } from "../../page/labelled.tsx";
import { serverNow } from "../../time/clock.ts";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";

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
  const [asking, setAsking] = useState(false);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(true);
      }}
    >
      <Labelled id="cancel-date-reason" label={t.cancelReason}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            maxLength={150}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <button type="submit" class="button danger" data-action="cancel-date" disabled={act.busy || reason.trim() === ""}>
        {t.cancelDate}
      </button>
      <Said act={act} />
      <Confirm
        open={asking}
        title={t.cancelDateTitle}
        text={t.cancelDateText({ date: dateTimeText(startsAt, zone, chosen) })}
        keep={t.keep}
        go={t.cancelDate}
        action="cancel-date"
        busy={act.busy}
        onKeep={() => setAsking(false)}
        onGo={() =>
          void act
            .run(() => cancelDate(id, scheduleId, reason.trim()), t.dateCancelledNow)
            .then((done) => {
              setAsking(false);
              if (done) onCancelled();
            })
        }
      />
    </form>
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
  const [asking, setAsking] = useState(false);
  const moments = { to: momentOf(to, zone), until: momentOf(until, zone) };
  const said = (moment: number | null): string => (moment === null ? "" : dateTimeText(moment, zone, chosen));
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const fine = moments.to !== null && moments.until !== null && moments.to !== from;
        setWrong(fine ? undefined : t.timeWrong);
        setAsking(fine);
      }}
    >
      <p class="faint">{t.moveDateHint}</p>
      <Labelled id="move-to" label={t.newTime} error={wrong}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <Labelled id="move-until" label={t.freeUntil}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={until}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <button type="submit" class="button quiet" data-action="move-date" disabled={act.busy}>
        {t.moveDate}
      </button>
      <Said act={act} />
      <Confirm
        open={asking}
        title={t.moveDateTitle}
        text={t.moveDateText({ from: said(from), to: said(moments.to), until: said(moments.until) })}
        keep={t.keep}
        go={t.moveDate}
        action="move-date"
        busy={act.busy}
        onKeep={() => setAsking(false)}
        onGo={() => {
          const { to: moment, until: free } = moments;
          if (moment === null || free === null) return;
          void act
            .run(() => moveDate(id, scheduleId, moment, free), t.dateMovedNow)
            .then((done) => {
              setAsking(false);
              if (done) onMoved(moment);
            });
        }}
      />
    </form>
  );
}
