/**
 * Everything that is due by now, decided before any command of a batch and after it: phases, sessions, holds, orders,
 * graces, and then admission: while both limits permit and somebody present waits, no slot stays free.
 */
import { phaseByClock } from "./admission/phases.ts";
import { beaconDue, drawBefore } from "./admission/drawing.ts";
import { lanesCounted, performanceChanged } from "./admission/report.ts";
import { graceEnd } from "./admission/standing.ts";
import { STANDING } from "./admission/line.ts";
import { apply } from "./apply.ts";
import { holdEnded, type Change } from "./changes.ts";
import type { Order } from "./contract.ts";
import { accountExpired } from "./orders/refund.ts";
import { abandonAttempt, move, orderChanges } from "./orders/rules.ts";
import { SEAT } from "./seats/board.ts";
import { boardsOnSale, freeSeats, type DueSubject, type PerformanceState } from "./state.ts";

/** Facts of one commit, folded into memory as they are decided. */
export class Work {
  readonly state: PerformanceState;
  readonly changes: Change[] = [];
  /** Orders as this commit leaves them. */
  readonly orders = new Map<string, Order>();
  /** Id of the command that is being decided; events say what they came of. */
  cause: string | undefined;

  constructor(state: PerformanceState) {
    this.state = state;
  }

  add(...changes: readonly Change[]): void {
    for (const change of changes) {
      apply(this.state, change);
      const { cause } = this;
      this.changes.push(change.kind === "event" && cause !== undefined ? { ...change, cause } : change);
      if (change.kind === "order") this.orders.set(change.order.id, change.order);
    }
  }
}

/** At most this many people are passed over in one commit; the next one goes on. */
const PASS_OVER_MAX = 20_000;

export function advance(work: Work, now: number): void {
  for (let due = work.state.deadlines.takeDue(now); due !== null; due = work.state.deadlines.takeDue(now)) {
    expire(work, due.subject, now);
  }
  movePhase(work, now);
  sellOut(work);
  admit(work, now);
}

function movePhase(work: Work, now: number): void {
  const { state } = work;
  if (state.settings === null) return;
  const asked = phaseByClock(state.settings, state.phase, now);
  if (asked === state.phase) return;
  const { phase, changes } = drawBefore(state, asked, now);
  work.add(...changes);
  if (phase !== state.phase)
    work.add(performanceChanged(state, { phase }, now), ...lanesCounted(state, phase, now), {
      kind: "phase",
      phase,
      at: state.clock,
    });
}

/** When something is due next, or null: the alarm's time. */
export function nextDue(state: PerformanceState, now: number): number | null {
  const times = [state.deadlines.earliest, beaconDue(state, now), isSwept(state) ? null : now];
  if (state.settings !== null && state.phase === "open" && state.line.waiting + state.line.returned > 0) {
    if (state.presenceUnknownUntil > now) times.push(state.presenceUnknownUntil);
    times.push(state.history.nextAllowance(state.settings.ratePerMinute, now));
  }
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Have all orders of every cancelled or moved date been told? The object asks itself to go on (orders/dates.ts). */
export function isSwept(state: PerformanceState): boolean {
  for (const { sweptTo } of state.dates.values()) if (sweptTo !== null) return false;
  return true;
}

function expire(work: Work, subject: DueSubject, now: number): void {
  const { state } = work;
  switch (subject.kind) {
    case "phase":
      return; // decided below, every time: a phase may also wait for something else than the clock
    case "session": {
      const session = state.sessions.get(subject.number);
      if (session === undefined || session.until > now) return;
      // A missed show-up is forgiven once: the person keeps the place for the grace, but has to come back explicitly.
      const missed = session.member === null && !state.line.missed.has(subject.number);
      work.add({ kind: "session-ended", number: subject.number, reason: missed ? "missed" : "deadline", at: now });
      return;
    }
    case "hold": {
      const hold = state.holds.get(subject.number);
      if (hold !== undefined && hold.expiresAt <= now) work.add(holdEnded(hold, "expired"));
      return;
    }
    case "order":
      return expireOrder(work, subject.id, now);
    case "return": {
      const returning = state.returns.get(subject.id);
      if (returning !== undefined && returning.at <= now) work.add({ kind: "returned", returning });
      return;
    }
    case "refund-account": {
      const account = state.refundAccounts.get(subject.key);
      const order = account === undefined ? undefined : state.openOrders.get(account.orderId);
      if (account !== undefined && order !== undefined && account.until <= now)
        work.add(...accountExpired(order, account, now));
      return;
    }
    case "grace": {
      const end = graceEnd(state, subject.number);
      // The grace stands still while sales are paused; resuming arms it again.
      if (end !== null && end <= now && state.pausedAt === null) work.add({ kind: "lapsed", number: subject.number });
      return;
    }
    default:
      subject satisfies never;
  }
}

/** The time to pay is over. An attempt the provider was asked about is left to its answer: unknown is not failure. */
function expireOrder(work: Work, id: string, now: number): void {
  const order = work.state.openOrders.get(id);
  if (order === undefined || order.payBy > now) return;
  if (order.status !== "pending" && order.status !== "paying") return;
  if (order.attempts.at(-1)?.status === "confirming") return;
  const expired = move(order, "expire", now);
  if (expired === null) throw new Error(`order ${id} cannot expire from ${order.status}`);
  work.add(...orderChanges(abandonAttempt(expired, now), order, now));
}

/** Sold out when no seat is free; open again as soon as one is. */
function sellOut(work: Work): void {
  const { state } = work;
  if (state.boards.size === 0 || (state.phase !== "open" && state.phase !== "soldout")) return;
  const phase = freeSeats(state) === 0 && allSold(state) ? "soldout" : "open";
  if (phase !== state.phase)
    work.add(performanceChanged(state, { phase }, state.clock), ...lanesCounted(state, phase, state.clock), {
      kind: "phase",
      phase,
      at: state.clock,
    });
}

/**
 * Held or paying seats may still come back any moment: they do not end a sale. Those that return at a published time do, for
 * until then there is nothing to be admitted for; the frame says when it is.
 */
function allSold(state: PerformanceState): boolean {
  for (const board of boardsOnSale(state)) {
    for (const grade of Object.keys(board.plan.prices)) {
      if ([SEAT.held, SEAT.paying, SEAT.awaitingDeposit].some((status) => board.count(grade, status) > 0)) return false;
    }
  }
  // Seats that were granted to somebody wait for them.
  for (const { codeHash, scheduleId, seats } of state.blocks.values()) {
    const board = state.boards.get(scheduleId);
    if (codeHash !== null && seats.some((position) => board?.status[position] === SEAT.blocked)) return false;
  }
  return true;
}

/** Gives free slots to the next present people, in order, passing over the absent. */
function admit(work: Work, now: number): void {
  const { state } = work;
  const settings = state.settings;
  if (settings === null || state.phase !== "open" || state.presenceUnknownUntil > now) return;
  let slots = Math.min(settings.capacity - state.sessions.size, state.history.allowance(settings.ratePerMinute, now));
  const line = state.line;
  const fronts = line.lanes.map((lane) => lane.front);
  let passedOver = 0;
  /** The next of the lane who is there, or -1; the absent are passed over on the way. */
  const nextIn = (lane: number): number => {
    const returned = line.firstReturned(lane, now);
    if (returned >= 0) return returned;
    // Everybody of the lane is away: they keep their places, nobody gains by passing them.
    if (!line.mayAdmit(lane, now)) return -1;
    for (let front = fronts[lane] ?? 0; front < line.roster.size && passedOver < PASS_OVER_MAX;) {
      const candidate = line.numberAt(front);
      front += 1;
      fronts[lane] = front;
      if (line.standing(candidate) !== STANDING.waiting || line.laneOf(candidate) !== lane) continue;
      if (state.revoked.size > 0 && state.revoked.has(line.roster.entry(candidate))) {
        work.add({ kind: "lapsed", number: candidate });
      } else if (line.isPresent(candidate, now)) {
        return candidate;
      } else {
        work.add({ kind: "passed-over", number: candidate, at: now });
        passedOver += 1;
      }
    }
    return -1;
  };
  const hopeful = new Set(line.lanes.keys());
  while (slots > 0 && hopeful.size > 0) {
    const lane = state.turns.next(hopeful);
    const number = nextIn(lane);
    if (number < 0) {
      hopeful.delete(lane);
      continue;
    }
    work.add({ kind: "admitted", number, at: now, until: now + settings.showUpSeconds * 1_000 });
    slots -= 1;
  }
  for (const [lane, to] of fronts.entries()) if (to !== line.lane(lane).front) work.add({ kind: "front", lane, to });
}
