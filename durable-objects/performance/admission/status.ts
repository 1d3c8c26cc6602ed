/** The frame every lobby shows everybody: one for all, so that waiting costs the object nothing per person. */
import type { StatusFrame } from "../contract.ts";
import { SEAT } from "../seats/board.ts";
import type { PerformanceState } from "../state.ts";
import { waitOf } from "./flow.ts";

/** The first places from the front are exact; beyond, points this far apart (in ratio) keep the error under 1 %. */
const EXACT_PLACES = 100;
const POINT_RATIO = 1.25;

export function statusOf(state: PerformanceState, now: number): StatusFrame {
  const { settings, line } = state;
  return {
    phase: state.phase,
    now: Math.max(now, state.clock),
    gatherAt: settings?.gatherAt ?? null,
    openAt: settings?.openAt ?? 0,
    closeAt: settings?.closeAt ?? 0,
    joined: line.roster.size,
    draw: state.draw === null ? null : { n: state.draw.sealed?.n ?? null, seed: state.draw.drawn?.seed ?? null },
    front: line.front,
    waiting: line.waiting,
    sessions: state.sessions.size,
    capacity: settings?.capacity ?? 0,
    ratePerMinute: settings?.ratePerMinute ?? 0,
    ahead: aheadPoints(state),
    present: line.presentWaiting(Math.max(now, state.clock)),
    flowPerMinute: state.history.recent(state.clock),
    waits: waitPoints(state, Math.max(now, state.clock)),
    seatsLeft: seatsLeft(state),
    notice: state.notice,
    seatsVersion: seatsVersion(state),
  };
}

function aheadPoints(state: PerformanceState): [number, number][] {
  const { line } = state;
  const places: number[] = [];
  const last = line.roster.size;
  for (let distance = 0; line.front + distance <= last;) {
    const place = line.front + distance;
    places.push(place);
    distance = distance < EXACT_PLACES ? distance + 1 : Math.ceil(distance * POINT_RATIO);
  }
  if (places.at(-1) !== last) places.push(last);
  const aheads = line.aheads(places);
  return places.map((place, index) => [place, aheads[index] ?? 0]);
}

/** The wait of whoever has 0, 1, 2, 4 … people ahead; between two points it is the line between them. */
function waitPoints(state: PerformanceState, now: number): [number, number, number][] {
  const { settings, line, phase } = state;
  if (settings === null || phase === "paused" || phase === "soldout" || phase === "closed") return [];
  const { capacity, ratePerMinute, bookingSeconds, openAt } = settings;
  const pace = {
    capacity,
    permittedIn: (n: number) => state.history.permittedIn(n, ratePerMinute, now) / 1_000,
    free: capacity - state.sessions.size,
    slotSeconds: state.flow.slotSeconds(now, () => agesOf(state, now), bookingSeconds),
    admissionsPerTurn: state.flow.admissionsPerTurn(line.waiting === 0 ? 1 : line.presentWaiting(now) / line.waiting),
  };
  const untilOpen = Math.max(0, Math.ceil((openAt - now) / 1_000));
  const most = line.waiting + line.returnedCount;
  const points: [number, number, number][] = [];
  for (let ahead = 0; ; ahead = ahead === 0 ? 1 : Math.min(most, ahead * 2)) {
    const wait = waitOf(ahead, pace);
    if (wait === null) return [];
    points.push([ahead, untilOpen + wait[0], untilOpen + wait[1]]);
    if (ahead >= most) return points;
  }
}

function* agesOf(state: PerformanceState, now: number): Generator<number> {
  for (const session of state.sessions.values()) yield now - session.admittedAt;
}

function seatsLeft(state: PerformanceState): Record<string, number> {
  const left: Record<string, number> = {};
  for (const board of state.boards.values()) {
    for (const grade of Object.keys(board.plan.prices))
      left[grade] = (left[grade] ?? 0) + board.count(grade, SEAT.free);
  }
  return left;
}

function seatsVersion(state: PerformanceState): number {
  let version = 0;
  for (const board of state.boards.values()) version += board.version;
  return version;
}
