/** What must always be true of one performance: design section 11, as far as one object can show it. */
import { STANDING } from "../../durable-objects/performance/admission/line.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type { Roster } from "../../durable-objects/performance/admission/roster.ts";
import { SEAT } from "../../durable-objects/performance/seats/board.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import type { Order, OrderStatus } from "../../durable-objects/performance/contract.ts";
import { must, Violation } from "./violation.ts";

/** Every order there ever was, by id. */
export type Orders = ReadonlyMap<string, Order>;

/** What the seats of an order are; null where it has none any more. */
const SEAT_OF: Record<OrderStatus, number | null> = {
  pending: SEAT.held,
  paying: SEAT.paying,
  "awaiting-deposit": SEAT.awaitingDeposit,
  paid: SEAT.sold,
  cancelling: SEAT.sold,
  expired: null,
  failed: null,
  cancelled: null,
};

/** Holds at the end of every commit that touched a seat, a hold or an order. */
export function checkState(state: PerformanceState, allOrders: Orders): void {
  checkSeats(state, allOrders);
  checkTimes(state);
  checkLine(state);
  const limit = state.settings?.maxSeatsPerMember ?? 0;
  const counted = new Map<string, number>();
  for (const hold of state.holds.values())
    counted.set(hold.member, (counted.get(hold.member) ?? 0) + hold.seats.length);
  for (const order of allOrders.values()) {
    if (SEAT_OF[order.status] === null) continue;
    const own = order.seats.filter(({ id }) => !gone(order).has(id));
    counted.set(order.member, (counted.get(order.member) ?? 0) + own.length);
  }
  for (const [member, seats] of counted) must(seats <= limit, `${member} has ${seats} seats, more than ${limit}`);
  must(sameCounts(counted, state.seatsOfMember), "seats per member differ from holds and orders");
}

/** Seats whose money has gone back: no longer their order's. */
function gone(order: Order): ReadonlySet<string> {
  return new Set(order.cancellations.flatMap(({ seats, settledAt }) => (settledAt === null ? [] : seats)));
}

/** Every seat in exactly one state, held by exactly one hold or order, and the counts add up. */
function checkSeats(state: PerformanceState, allOrders: Orders): void {
  for (const board of state.boards.values()) {
    const claimed = new Uint8Array(board.size);
    // What nobody holds is free, or in the block it belongs to.
    const statuses = Uint8Array.from(board.block, (block) => (block === 0 ? SEAT.free : SEAT.blocked));
    const holders = new Int32Array(board.size);
    const claim = (position: number, status: number, holder: number): void => {
      if (claimed[position] !== 0) throw new Violation(`seat ${board.seatId(position)} is claimed twice`);
      claimed[position] = 1;
      statuses[position] = status;
      holders[position] = holder;
    };
    for (const hold of state.holds.values()) {
      if (hold.scheduleId === board.plan.id) for (const position of hold.seats) claim(position, SEAT.held, hold.number);
    }
    for (const order of allOrders.values()) {
      const status = SEAT_OF[order.status];
      if (order.scheduleId !== board.plan.id || status === null) continue;
      for (const seat of order.seats)
        if (!gone(order).has(seat.id)) claim(board.position(seat.id) ?? -1, status, order.holdNumber);
    }
    for (const { scheduleId, seats } of state.returns.values())
      if (scheduleId === board.plan.id) for (const position of seats) claim(position, SEAT.returning, 0);
    let free = 0;
    for (let position = 0; position < board.size; position++) {
      const want = statuses[position];
      if (board.status[position] !== want || board.holder[position] !== holders[position]) {
        const found = `${board.status[position]}/${board.holder[position]}`;
        throw new Violation(`seat ${board.seatId(position)} is ${found}, not ${want}/${holders[position]}`);
      }
      if (want === SEAT.free) free += 1;
    }
    const grades = Object.keys(board.plan.prices).map((grade) => board.count(grade, SEAT.free));
    must(grades.reduce((sum, count) => sum + count, 0) === free, "free seats by grade do not add up");
  }
}

/** Nothing outlives its deadline, and nothing gets more time than it was promised. */
function checkTimes({ settings, clock, holds, sessions, openOrders }: PerformanceState): void {
  if (settings === null) return;
  for (const hold of holds.values()) {
    must(hold.expiresAt > clock, `hold ${hold.number} is past its time`);
    must(hold.seats.length > 0, `hold ${hold.number} holds nothing`);
    must(hold.expiresAt <= hold.firstAt + settings.holdSeconds * 1_000, `hold ${hold.number} lasts too long`);
  }
  const longest = (settings.showUpSeconds + settings.bookingSeconds) * 1_000;
  for (const session of sessions.values()) {
    must(session.until > clock, `the session of number ${session.number} is past its time`);
    must(session.until <= session.admittedAt + longest, `the session of number ${session.number} lasts too long`);
  }
  for (const order of openOrders.values()) {
    const waits =
      order.status === "pending" || (order.status === "paying" && order.attempts.at(-1)?.status === "begun");
    must(!waits || order.payBy > clock, `order ${order.id} is past its time to pay`);
  }
}

/** Spelled out once for each roster: a number's entry is written when it is given, and never again. */
const entriesOf = new WeakMap<Roster, string[]>();

/** One place per member; who is admitted has a session, and who has one is admitted; the counts are those of the line. */
function checkLine({ line, sessions, settings, phase, boards, dates }: PerformanceState): void {
  const places = new Map<string, number>();
  const { roster } = line;
  let entries = entriesOf.get(roster);
  if (entries === undefined) entriesOf.set(roster, (entries = []));
  let waiting = 0;
  for (let number = 0; number < line.roster.size; number++) {
    const standing = line.standing(number);
    if (standing === STANDING.waiting) waiting += 1;
    must((standing === STANDING.admitted) === sessions.has(number), `number ${number}: session and standing differ`);
    must((standing === STANDING.passedOver) === line.passedOver.has(number), `number ${number}: absent and not`);
    if (standing === STANDING.left || standing === STANDING.ended) continue;
    const entry = (entries[number] ??= roster.entry(number));
    must(!places.has(entry), `one person has the numbers ${places.get(entry)} and ${number}`);
    places.set(entry, number);
  }
  must(waiting === line.waiting, `${waiting} wait, counted are ${line.waiting}`);
  if (settings === null || (phase !== "open" && phase !== "soldout")) return;
  const takesPlace = Array.from(boards.values()).filter(({ plan }) => (dates.get(plan.id)?.cancelled ?? null) === null);
  const left = takesPlace.some((board) => board.status.some((status) => !OVER.has(status)));
  must(
    left === (phase === "open"),
    left ? "sold out, and there are seats" : "every seat is sold, and the sale goes on",
  );
}

const OVER: ReadonlySet<number> = new Set([SEAT.sold, SEAT.blocked, SEAT.returning]);

/** What storage has of the orders is what was committed last. */
export function checkStored(orders: Orders, stored: ReadonlyMap<string, string>): void {
  must(stored.size === orders.size, `${stored.size} orders in storage, ${orders.size} were committed`);
  for (const order of orders.values())
    must(stored.get(order.id) === jsonOf(order), `order ${order.id} in storage is not the one committed last`);
}

/** A committed order is never changed, only followed by its next version: written out once each. */
const written = new WeakMap<Order, string>();

function jsonOf(order: Order): string {
  let json = written.get(order);
  if (json === undefined) written.set(order, (json = JSON.stringify(order)));
  return json;
}

/** While both limits permit and somebody present waits, no slot stays free. Time alone can break it: asked at every step. */
export function checkIdleSlots(state: PerformanceState): void {
  const { settings, line, clock } = state;
  if (settings === null || state.phase !== "open" || state.presenceUnknownUntil > clock) return;
  if (state.sessions.size >= settings.capacity || state.history.allowance(settings.ratePerMinute, clock) === 0) return;
  for (const lane of line.lanes.keys()) {
    must(line.firstReturned(lane, clock) < 0, "a slot is free and somebody who came back waits");
  }
  for (let place = Math.min(...line.lanes.map((lane) => lane.front)); place < line.roster.size; place++) {
    const number = line.numberAt(place);
    const waits = line.standing(number) === STANDING.waiting && line.isPresent(number, clock);
    must(!waits, `a slot is free and number ${number}, present, waits`);
  }
}

export interface Limits {
  readonly capacity: number;
  readonly ratePerMinute: number;
}

/**
 * The admissions of one commit, against both limits and the order. The limits may change in the middle of a commit: each
 * admission is judged by those of its moment. Answers the limits after it.
 */
export function checkAdmissions(
  state: PerformanceState,
  changes: readonly Change[],
  times: number[],
  before: Limits,
): Limits {
  let limits = before;
  let capacity = before.capacity;
  let admitted = 0;
  const { line } = state;
  for (let old = times[0]; old !== undefined && old <= state.clock - 600_000; old = times[0]) times.shift();
  for (const change of changes) {
    if (change.kind === "limits") {
      limits = { capacity: change.capacity, ratePerMinute: change.ratePerMinute };
      capacity = Math.max(capacity, change.capacity);
    }
    if (change.kind !== "admitted") continue;
    const { at, number } = change;
    admitted += 1;
    times.push(at);
    const recent = times.filter((time) => time > at - 60_000).length;
    must(recent <= limits.ratePerMinute, `${recent} admissions in 60 s, rate ${limits.ratePerMinute}`);
    // Who was seen present at this very commit and is in front must not still be waiting.
    const lane = line.laneOf(number);
    for (let place = line.lane(lane).front; place < line.placeOf(number); place++) {
      const other = line.numberAt(place);
      if (line.laneOf(other) !== lane) continue;
      const overtaken = line.standing(other) === STANDING.waiting && line.isPresent(other, at);
      must(!overtaken, `number ${number} was admitted before ${other}, who was present`);
    }
  }
  if (admitted > 0) must(state.sessions.size <= capacity, `${state.sessions.size} sessions, capacity ${capacity}`);
  return limits;
}

/** Everything storage must bring back after a crash: all but presence. */
export function digest(state: PerformanceState): string {
  const { line } = state;
  const standings = Array.from({ length: line.roster.size }, (_, number) => {
    const standing = line.standing(number);
    // Behind the front everything that is over looks the same in storage.
    return standing === STANDING.left && line.placeOf(number) < line.lane(line.laneOf(number)).front
      ? "over"
      : standing === STANDING.ended
        ? "over"
        : standing;
  });
  const boards = Array.from(state.boards.values(), (board) => [
    board.plan.id,
    board.version,
    board.chartVersion,
    Buffer.from(board.status).toString("latin1"),
    hexOf(board.holder),
    hexOf(board.block),
    board.chartVersion > 1 ? board.plan.chart : null,
  ]);
  return JSON.stringify({
    phase: state.phase,
    settings: state.settings,
    notice: state.notice,
    draw: state.draw,
    stateVersion: state.stateVersion,
    fronts: line.lanes.map((lane) => lane.front),
    turns: state.turns.stored(line.lanes.length),
    waiting: line.waiting,
    standings,
    passedOver: sorted(line.passedOver),
    missed: Array.from(line.missed).toSorted((a, b) => a - b),
    sessions: sorted(state.sessions),
    holds: sorted(state.holds),
    orders: sorted(state.openOrders),
    dates: sorted(state.dates),
    refundAccounts: sorted(state.refundAccounts),
    returns: sorted(state.returns),
    seats: sorted(state.seatsOfMember),
    counts: sorted(new Map(Array.from(state.ordersByStatus).filter(([, count]) => count !== 0))),
    boards,
    identities: [state.identities.size, sorted(state.identities.batches), state.identities.verifier],
    blocks: [sorted(state.blocks), state.nextBlock, state.accessibleReleased],
    next: [state.nextHold, state.nextEvent, state.admittedTotal],
  });
}

function hexOf({ buffer, byteOffset, byteLength }: Int32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

function sorted<Key, Value>(map: ReadonlyMap<Key, Value>): unknown {
  return Array.from(map, ([key, value]) => [key, value]).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function sameCounts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
