/** What must always be true of one performance: design section 11, as far as one object can show it. */
import { STANDING } from "../../durable-objects/performance/admission/line.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import { holdsSeats, seatStatusOf } from "../../durable-objects/performance/orders/machine.ts";
import { SEAT } from "../../durable-objects/performance/seats/board.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import type { Order } from "../../durable-objects/performance/contract.ts";

export class Violation extends Error {}

function must(condition: boolean, sentence: string): void {
  if (!condition) throw new Violation(sentence);
}

/** Every order there ever was, by id. */
export type Orders = ReadonlyMap<string, Order>;

/** Holds at the end of every commit that touched a seat, a hold or an order. */
export function checkState(state: PerformanceState, allOrders: Orders): void {
  checkSeats(state, allOrders);
  const limit = state.settings?.maxSeatsPerMember ?? 0;
  const counted = new Map<string, number>();
  for (const hold of state.holds.values())
    counted.set(hold.member, (counted.get(hold.member) ?? 0) + hold.seats.length);
  for (const order of allOrders.values()) {
    if (holdsSeats(order.status)) counted.set(order.member, (counted.get(order.member) ?? 0) + order.seats.length);
  }
  for (const [member, seats] of counted) must(seats <= limit, `${member} has ${seats} seats, more than ${limit}`);
  must(sameCounts(counted, state.seatsOfMember), "seats per member differ from holds and orders");
}

/** Every seat in exactly one state, held by exactly one hold or order, and the counts add up. */
function checkSeats(state: PerformanceState, allOrders: Orders): void {
  for (const board of state.boards.values()) {
    const claimed = new Uint8Array(board.size);
    const statuses = new Uint8Array(board.size).fill(SEAT.free);
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
      if (order.scheduleId !== board.plan.id || !holdsSeats(order.status)) continue;
      for (const seat of order.seats)
        claim(board.position(seat.id) ?? -1, seatStatusOf(order.status), order.holdNumber);
    }
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

/** What storage has of the orders is what was committed last. */
export function checkStored(orders: Orders, stored: ReadonlyMap<string, string>): void {
  must(stored.size === orders.size, `${stored.size} orders in storage, ${orders.size} were committed`);
  for (const order of orders.values())
    must(stored.get(order.id) === JSON.stringify(order), `order ${order.id} in storage is not the one committed last`);
}

/** While both limits permit and somebody present waits, no slot stays free. Time alone can break it: asked at every step. */
export function checkIdleSlots(state: PerformanceState): void {
  const { settings, line, clock } = state;
  if (settings === null || state.phase !== "open" || state.presenceUnknownUntil > clock) return;
  if (state.sessions.size >= settings.capacity || state.history.allowance(settings.ratePerMinute, clock) === 0) return;
  must(line.firstReturned(clock) < 0, "a slot is free and somebody who came back waits");
  for (let place = line.front; place < line.roster.size; place++) {
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
    for (let place = line.front; place < line.placeOf(number); place++) {
      const other = line.numberAt(place);
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
    return standing === STANDING.left && line.placeOf(number) < line.front
      ? "over"
      : standing === STANDING.ended
        ? "over"
        : standing;
  });
  const boards = Array.from(state.boards.values(), (board) => [
    board.plan.id,
    board.version,
    board.status.join(""),
    board.holder.join(","),
  ]);
  return JSON.stringify({
    phase: state.phase,
    settings: state.settings,
    notice: state.notice,
    draw: state.draw,
    stateVersion: state.stateVersion,
    front: line.front,
    waiting: line.waiting,
    standings,
    passedOver: sorted(line.passedOver),
    missed: Array.from(line.missed).toSorted((a, b) => a - b),
    sessions: sorted(state.sessions),
    holds: sorted(state.holds),
    orders: sorted(state.openOrders),
    seats: sorted(state.seatsOfMember),
    counts: sorted(new Map(Array.from(state.ordersByStatus).filter(([, count]) => count !== 0))),
    boards,
    next: [state.nextHold, state.nextEvent, state.admittedTotal],
  });
}

function sorted<Key, Value>(map: ReadonlyMap<Key, Value>): unknown {
  return Array.from(map, ([key, value]) => [key, value]).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function sameCounts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
