/** The frame every lobby shows everybody: one for all, so that waiting costs the object nothing per person. */
import type { LanePlan, LaneStatus, StatusFrame } from "../contract.ts";
import { SEAT } from "../seats/board.ts";
import { boardsOnSale, type PerformanceState } from "../state.ts";
import { waitOf } from "./flow.ts";
import { GENERAL } from "./turns.ts";

/** The first places from the front are exact; beyond, points this far apart (in ratio) keep the error under 1 %. */
const EXACT_PLACES = 100;
const POINT_RATIO = 1.25;

/** As of `now`, or of the latest moment seen if that is later. */
export function statusOf(state: PerformanceState, now: number): StatusFrame {
  const { settings, line } = state;
  const moment = Math.max(now, state.clock);
  const lanes = (settings?.lanes ?? GENERAL).map((plan, lane) => laneStatus(state, plan, lane, moment));
  const general = lanes[0];
  if (general === undefined) throw new Error("there is always a general lane");
  return {
    phase: state.phase,
    now: moment,
    gatherAt: settings?.gatherAt ?? null,
    openAt: settings?.openAt ?? 0,
    closeAt: settings?.closeAt ?? 0,
    joined: line.roster.size,
    draw: state.draw === null ? null : { n: state.draw.sealed?.n ?? null, seed: state.draw.drawn?.seed ?? null },
    front: general.front,
    ahead: general.ahead,
    waits: general.waits,
    lanes: lanes.length > 1 ? lanes : [],
    waiting: line.waiting,
    sessions: state.sessions.size,
    capacity: settings?.capacity ?? 0,
    ratePerMinute: settings?.ratePerMinute ?? 0,
    present: line.presentWaiting(moment),
    flowPerMinute: state.history.recent(state.clock),
    seatsLeft: seatsLeft(state),
    notice: state.notice,
    seatsReturnAt: seatsReturnAt(state),
    seatsVersion: seatsVersion(state),
  };
}

function laneStatus(state: PerformanceState, plan: LanePlan, lane: number, now: number): LaneStatus {
  const { front, waiting } = state.line.lane(lane);
  const admitted = state.turns.admitted(lane);
  return { ...plan, front, waiting, admitted, ahead: aheadPoints(state, lane), waits: waitPoints(state, lane, now) };
}

function aheadPoints({ line }: PerformanceState, lane: number): [number, number][] {
  const { front } = line.lane(lane);
  const places: number[] = [];
  const last = line.roster.size;
  for (let distance = 0; front + distance <= last;) {
    const place = front + distance;
    places.push(place);
    distance = distance < EXACT_PLACES ? distance + 1 : Math.ceil(distance * POINT_RATIO);
  }
  if (places.at(-1) !== last) places.push(last);
  const aheads = line.aheads(places, lane);
  return places.map((place, index) => [place, aheads[index] ?? 0]);
}

/** The wait of whoever has 0, 1, 2, 4 … people ahead; between two points it is the line between them. */
function waitPoints(state: PerformanceState, index: number, now: number): [number, number, number][] {
  const { settings, line, phase } = state;
  if (settings === null || phase === "paused" || phase === "soldout" || phase === "closed") return [];
  const { capacity, ratePerMinute, bookingSeconds, openAt } = settings;
  const lane = line.lane(index);
  const pace = {
    capacity,
    free: capacity - state.sessions.size,
    permittedIn: (n: number) => state.history.permittedIn(n, ratePerMinute, now) / 1_000,
    slotSeconds: state.flow.slotSeconds(now, () => agesOf(state, now), bookingSeconds),
    admissionsPerTurn: state.flow.admissionsPerTurn(lane.waiting === 0 ? 1 : lane.present(now) / lane.waiting),
    share: shareOf(state, index),
  };
  const untilOpen = Math.max(0, Math.ceil((openAt - now) / 1_000));
  const most = lane.waiting + lane.returned;
  const points: [number, number, number][] = [];
  for (let ahead = 0; ; ahead = ahead === 0 ? 1 : Math.min(most, ahead * 2)) {
    const wait = waitOf(ahead, pace);
    if (wait === null) return [];
    points.push([ahead, untilOpen + wait[0], untilOpen + wait[1]]);
    if (ahead >= most) return points;
  }
}

/** The part of the admissions a lane gets now: lanes nobody waits in leave theirs to the others. */
function shareOf({ settings, line }: PerformanceState, index: number): number {
  const lanes = settings?.lanes ?? GENERAL;
  const own = lanes[index]?.share ?? 100;
  const busy = lanes.filter((_, lane) => lane === index || line.lane(lane).waiting + line.lane(lane).returned > 0);
  return own / busy.reduce((sum, lane) => sum + lane.share, 0);
}

function* agesOf(state: PerformanceState, now: number): Generator<number> {
  for (const session of state.sessions.values()) yield now - session.admittedAt;
}

function seatsLeft(state: PerformanceState): Record<string, number> {
  const left: Record<string, number> = {};
  for (const board of boardsOnSale(state)) {
    for (const grade of Object.keys(board.plan.prices))
      left[grade] = (left[grade] ?? 0) + board.count(grade, SEAT.free);
  }
  return left;
}

/** When seats that were given back can be had again: the published time, and not the moment. */
function seatsReturnAt(state: PerformanceState): number | null {
  let earliest: number | null = null;
  for (const { publishedAt } of state.returns.values()) earliest = Math.min(earliest ?? publishedAt, publishedAt);
  return earliest;
}

function seatsVersion(state: PerformanceState): number {
  let version = 0;
  for (const board of state.boards.values()) version += board.version;
  return version;
}
