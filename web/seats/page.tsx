/** Choosing seats: only for those who were let in. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  listSchedules,
  readPerformance,
  readPlan,
  type HallPlan,
  type PerformanceDetail,
  type Schedule,
} from "../calls/performances.ts";
import { leaveQueue, lookAtQueue } from "../calls/queue.ts";
import { titleIn } from "../format/title.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { performanceText } from "../i18n/ko/performance.ts";
import { language } from "../i18n/language.ts";
import { Confirm } from "../page/confirm.tsx";
import { Countdown } from "../page/countdown.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { Moment } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { Best } from "./best.tsx";
import { Booking } from "./booking.ts";
import { keepHold, keptHold } from "./kept.ts";
import { type KeptOrder, readKept } from "./kept-order.tsx";
import { Plan } from "./plan.tsx";
import { SessionOver } from "./session-over.tsx";
import { Summary } from "./summary.tsx";

const query = new URLSearchParams(location.search);
const id = query.get("performance") ?? "";
const waitingPath = `/waiting?performance=${encodeURIComponent(id)}`;
const schedulePath = (scheduleId: string): string =>
  `/seats?performance=${encodeURIComponent(id)}&schedule=${encodeURIComponent(scheduleId)}`;

function SeatsPage(): JSX.Element {
  const t = useStore(seatsText);
  const words = useStore(performanceText);
  useTitle(t.title);
  // Kept by the browser as it was left, mid-order perhaps: what is held and ordered now is another matter.
  useEffect(() => {
    const returned = (event: PageTransitionEvent): void => {
      if (event.persisted) location.reload();
    };
    addEventListener("pageshow", returned);
    return () => removeEventListener("pageshow", returned);
  }, []);
  return id === "" ? <Alert text={words.missing} /> : <Entrance />;
}

/** Let in no more, but something was held or ordered here: that is not passed over in silence. */
interface Outside {
  readonly kept: KeptOrder | null;
}

interface Entered {
  readonly show: PerformanceDetail;
  readonly schedules: readonly Schedule[];
  readonly until: number;
}

function Entrance(): JSX.Element {
  const loaded = useLoad<Entered | Outside | null>(async () => {
    const [show, schedules, standing] = await Promise.all([readPerformance(id), listSchedules(id), lookAtQueue(id)]);
    if (standing.state !== "entered") {
      const queues = standing.state !== "ended" && standing.state !== "none";
      const kept = queues ? null : await readKept(id);
      if (kept !== null || (!queues && keptHold(id) !== null)) return { kept };
      location.replace(waitingPath);
      return null;
    }
    return { show, schedules, until: standing.until ?? 0 };
  });
  return (
    <WhenLoaded of={loaded}>
      {(found) =>
        found !== null &&
        ("show" in found ? <Choosing {...found} /> : <SessionOver performanceId={id} first={found.kept} />)
      }
    </WhenLoaded>
  );
}

function Choosing({ show, schedules, until }: Entered): JSX.Element {
  const named = schedules.find((schedule) => schedule.id === query.get("schedule"));
  const schedule = named ?? (schedules.length === 1 ? schedules[0] : undefined);
  if (schedule === undefined || schedule.cancelled) return <ScheduleChoice show={show} schedules={schedules} />;
  return <Floor show={show} schedule={schedule} several={schedules.length > 1} until={until} />;
}

function ScheduleChoice({ show, schedules }: Pick<Entered, "show" | "schedules">): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const some = schedules.some(({ cancelled }) => !cancelled);
  return (
    <section class="card narrow">
      <p class="faint">{titleIn(show, chosen)}</p>
      <h1>{some ? t.chooseSchedule : t.noSchedule}</h1>
      <ul class="choices">
        {schedules.map((schedule) => (
          <li key={schedule.id}>
            <ScheduleLine schedule={schedule} />
          </li>
        ))}
      </ul>
      {!some && <LeaveButton />}
    </section>
  );
}

function ScheduleLine({ schedule }: { readonly schedule: Schedule }): JSX.Element {
  const words = useStore(performanceText);
  const inside = (
    <>
      <strong>
        <Moment at={schedule.startsAt} zone={schedule.timeZone} />
      </strong>
      <span class="faint">{schedule.hallName}</span>
    </>
  );
  return schedule.cancelled ? (
    <div class="choice">
      {inside} <span class="badge">{words.dateCancelled}</span>
    </div>
  ) : (
    <a class="choice" href={schedulePath(schedule.id)} data-schedule-id={schedule.id}>
      {inside}
    </a>
  );
}

interface Planned {
  readonly plan: HallPlan;
  /** Seats picked on the plan before it; null: it is the first. */
  readonly picked: readonly string[] | null;
}

const AGAIN_MS = 1_000;

/** The plan of this version of the chart or a newer one; asked again while it cannot be had. Null: nobody waits for it any more. */
async function newPlan(scheduleId: string, version: number, wanted: () => boolean): Promise<HallPlan | null> {
  while (wanted()) {
    const plan = await readPlan(id, scheduleId, version).catch(() => null);
    if (plan !== null && plan.chartVersion >= version) return plan;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return null;
}

interface FloorProps {
  readonly show: PerformanceDetail;
  readonly schedule: Schedule;
  readonly several: boolean;
  readonly until: number;
}

function Floor({ show, schedule, several, until }: FloorProps): JSX.Element {
  const plan = useLoad<Planned>(async () => ({ plan: await readPlan(id, schedule.id), picked: null }));
  const [booking, setBooking] = useState<Booking | null>(null);
  const ready = plan.state === "ready" ? plan : null;
  const { value: planned = null, set: setPlan } = ready ?? {};
  useEffect(() => {
    if (planned === null) return;
    let current = true;
    const created = new Booking({
      performanceId: id,
      schedule,
      plan: planned.plan,
      limit: show.maxSeatsPerMember,
      noSingleSeats: show.noSingleSeats,
      sessionUntil: until,
      picked: planned.picked,
      onChart: (version, picked) =>
        void newPlan(schedule.id, version, () => current).then(
          (found) => found !== null && current && setPlan?.({ plan: found, picked }),
        ),
    });
    setBooking(created);
    return () => {
      current = false;
      created.end();
    };
  }, [planned, setPlan, schedule, show, until]);
  return (
    <WhenLoaded of={plan}>
      {() => booking !== null && <Desk show={show} schedule={schedule} several={several} booking={booking} />}
    </WhenLoaded>
  );
}

type DeskProps = Omit<FloorProps, "until"> & { readonly booking: Booking };

function Desk({ show, schedule, several, booking }: DeskProps): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { sessionUntil, over, live } = useStore(booking.state);
  if (over) return <SessionOver performanceId={id} first={null} />;
  return (
    <>
      <div class="desk-head">
        <div>
          <p class="faint">{titleIn(show, chosen)}</p>
          <h1>{t.title}</h1>
          <p class="desk-when">
            <Moment at={schedule.startsAt} zone={schedule.timeZone} />
          </p>
          <p class="desk-when">
            {schedule.hallName}{" "}
            {several && <a href={`/seats?performance=${encodeURIComponent(id)}`}>{t.otherSchedule}</a>}
          </p>
        </div>
        <div class="desk-side">
          <Countdown to={sessionUntil} label={t.sessionEnds} spoken onEnd={() => booking.sessionOver()} />
          <p class="desk-contact" data-live={live}>
            <span class="dot" aria-hidden="true" />
            {live ? t.live : t.polling}
          </p>
          <LeaveButton />
        </div>
      </div>
      {isEmpty(booking.options.plan) ? (
        <p class="empty" role="status">
          {t.noSeats}
        </p>
      ) : (
        <div class="desk">
          <Plan booking={booking} />
          <Best booking={booking} />
          <Summary booking={booking} />
        </div>
      )}
    </>
  );
}

/** A hall in which there is nothing to sit on and nowhere to stand. */
function isEmpty({ chart: { sections, zones = [] } }: HallPlan): boolean {
  return zones.length === 0 && sections.every(({ rows }) => rows.every(({ seats }) => seats.length === 0));
}

function LeaveButton(): JSX.Element {
  const t = useStore(seatsText);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  async function leave(): Promise<void> {
    setBusy(true);
    await leaveQueue(id).catch(() => undefined);
    keepHold(id, null);
    location.replace(`/performance?id=${encodeURIComponent(id)}`);
  }
  return (
    <>
      <button type="button" class="plain" data-action="leave" onClick={() => setAsking(true)}>
        {t.leave}
      </button>
      <Confirm
        open={asking}
        title={t.leaveTitle}
        text={t.leaveText}
        keep={t.stay}
        go={t.leave}
        action="leave"
        busy={busy}
        onKeep={() => setAsking(false)}
        onGo={() => void leave()}
      />
    </>
  );
}

void mountPage(SeatsPage, [seatsText, performanceText]);
