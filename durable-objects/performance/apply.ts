/**
 * Folds one fact into memory. Nothing is decided here and nothing is refused: a fact that does not fit the state is a bug,
 * and throwing makes the object start again from storage.
 */
import { graceEnd } from "./admission/standing.ts";
import { STANDING } from "./admission/line.ts";
import { drawOrder } from "./admission/draw.ts";
import { nextPhaseChange } from "./admission/phases.ts";
import { ENTRY_BYTES, entryBytes } from "./admission/entry.ts";
import type { Change, DateState, HoldEnd, HoldFact, RefundAccount, Returning } from "./changes.ts";
import type { Block, Order, OrderStatus } from "./contract.ts";
import { heldCount, holdsSeats, isOpen, seatStatusesOf } from "./orders/machine.ts";
import { accountKey } from "./orders/refund.ts";
import { Board, SEAT } from "./seats/board.ts";
import { takeChart } from "./seats/new-chart.ts";
import type { PerformanceState, Session } from "./state.ts";

export function apply(state: PerformanceState, change: Change): void {
  switch (change.kind) {
    case "published":
      state.settings = change.settings;
      state.line.divide(change.settings.lanes.length);
      for (const plan of change.schedules) if (!state.boards.has(plan.id)) state.boards.set(plan.id, new Board(plan));
      return;
    case "phase":
      state.phase = change.phase;
      state.pausedAt = change.phase === "paused" ? (state.pausedAt ?? change.at) : null;
      state.stateVersion += 1;
      return armPhase(state);
    case "limits":
      if (state.settings === null) throw new Error("limits before publication");
      state.settings = { ...state.settings, capacity: change.capacity, ratePerMinute: change.ratePerMinute };
      state.stateVersion += 1;
      return;
    case "notice":
      state.notice = change.text;
      state.stateVersion += 1;
      return;
    case "revoked":
      state.revoked.add(change.entry);
      return;
    case "invited":
      for (const entry of change.entries) state.invited.set(entry, change.lane);
      return;
    case "claimed":
      return state.identities.add(entryBytes(change.identity), entryBytes(change.entry));
    case "code-batch":
      state.identities.batches.set(change.batch.number, change.batch);
      return;
    case "verifier":
      state.identities.verifier = change.verifier;
      return;
    case "epoch":
      state.epoch = change.epoch;
      return;
    case "rejoined":
      return noteRejoined(state, change.entry, change.at);
    case "draw-committed":
    case "sealed":
    case "beacon":
    case "drawn":
      return applyToDraw(state, change);
    case "joined":
    case "left":
    case "revived":
    case "passed-over":
    case "came-back":
    case "graces-moved":
    case "lapsed":
    case "front":
      return applyToLine(state, change);
    case "admitted":
      state.history.record(change.at, 1);
      state.flow.admit(change.at);
      if (state.line.standing(change.number) === STANDING.waiting) state.flow.turn(change.at);
      state.admittedTotal += 1;
      takeTurn(state, state.line.laneOf(change.number));
      state.line.setStanding(change.number, STANDING.admitted);
      return setSession(state, { number: change.number, admittedAt: change.at, until: change.until, member: null });
    case "entered": {
      const session = state.sessions.get(change.number);
      if (session === undefined) throw new Error(`nobody to enter at number ${change.number}`);
      return setSession(state, { ...session, member: change.member, until: change.until });
    }
    case "session-ended":
      return endSession(state, change.number, change.reason, change.at);
    case "held":
      return applyHeld(state, change.hold);
    case "hold-grown":
      return growHold(state, change.hold, change.added);
    case "block":
      return applyBlock(state, change.block, change.freed);
    case "accessible-released":
      state.accessibleReleased = true;
      return;
    case "chart-changed":
      return takeChart(state, change);
    case "hold-ended":
      return endHold(state, change.number, change.reason);
    case "order":
      return applyOrder(state, change.order, change.before);
    case "refund-account":
      return applyAccount(state, change.account, change.kept);
    case "date":
      return applyDate(state, change.scheduleId, change.date);
    case "returning":
      return applyReturning(state, change.returning);
    case "returned":
      return applyReturned(state, change.returning);
    case "event":
      state.nextEvent += 1;
      return;
    case "replied":
      return; // storage only
    default:
      change satisfies never;
  }
}

export function armPhase(state: PerformanceState): void {
  const next = state.settings === null ? null : nextPhaseChange(state.settings, state.phase);
  if (next !== null) state.deadlines.add(next, { kind: "phase" });
}

type DrawChange = Extract<Change, { kind: "draw-committed" | "sealed" | "beacon" | "drawn" }>;

function applyToDraw(state: PerformanceState, change: DrawChange): void {
  if (change.kind === "draw-committed") {
    state.draw = { secret: change.secret, sealed: null, beacon: null, drawn: null };
    return;
  }
  const draw = state.draw;
  if (draw === null) throw new Error(`${change.kind} without a draw`);
  if (change.kind === "sealed") state.draw = { ...draw, sealed: { n: change.n, root: change.root, at: change.at } };
  else if (change.kind === "beacon") {
    state.draw = { ...draw, beacon: { signature: change.signature, randomness: change.randomness } };
  } else {
    state.draw = { ...draw, drawn: { seed: change.seed, randomness: change.randomness, at: change.at } };
    state.line.draw(drawOrder(change.seed, draw.sealed?.n ?? 0));
  }
}

type LineChange = Extract<
  Change,
  { kind: "joined" | "left" | "revived" | "passed-over" | "came-back" | "graces-moved" | "lapsed" | "front" }
>;

/** A join is a sign of life of its own; the lobby reports the next ones. */
const JOIN_LEASE_MS = 45_000;

function applyToLine(state: PerformanceState, change: LineChange): void {
  const line = state.line;
  switch (change.kind) {
    case "joined":
      for (let offset = 0; offset < change.entries.length; offset += ENTRY_BYTES) {
        const lane = change.lanes[offset / ENTRY_BYTES] ?? 0;
        line.see(line.add(change.entries, offset, lane), change.at + JOIN_LEASE_MS, change.at);
      }
      return;
    case "left":
      return line.setStanding(change.number, STANDING.left);
    case "revived":
      line.setStanding(change.number, STANDING.waiting);
      return line.see(change.number, change.at + JOIN_LEASE_MS, change.at);
    case "passed-over":
      state.flow.turn(change.at);
      line.passOver(change.number, change.at, false);
      return armGrace(state, change.number);
    case "graces-moved":
      for (const [number, passed] of line.passedOver) {
        line.passedOver.set(number, { ...passed, at: passed.at + change.by });
        armGrace(state, number);
      }
      return;
    case "came-back": {
      // Explicitly back after a missed show-up: from here presence counts again.
      const passed = line.passedOver.get(change.number);
      if (passed !== undefined) line.passedOver.set(change.number, { ...passed, explicit: false });
      line.see(change.number, change.at + JOIN_LEASE_MS, change.at);
      return line.comeBack(change.number);
    }
    case "lapsed":
      line.missed.delete(change.number);
      return line.setStanding(change.number, STANDING.ended);
    case "front":
      line.lane(change.lane).front = change.to;
      return;
    default:
      change satisfies never;
  }
}

function takeTurn(state: PerformanceState, lane: number): void {
  const plan = state.settings?.lanes[lane];
  if (plan === undefined) throw new Error(`no lane ${lane}`);
  state.turns.take(lane, plan.share);
}

export function noteRejoined(state: PerformanceState, entry: string, at: number): void {
  const cooldown = (state.settings?.rejoinSeconds ?? 0) * 1_000;
  for (const [oldest, then] of state.rejoined) {
    if (then + cooldown > at) break;
    state.rejoined.delete(oldest);
  }
  state.rejoined.delete(entry);
  state.rejoined.set(entry, at);
}

export function armGrace(state: PerformanceState, number: number): void {
  const end = graceEnd(state, number);
  if (end !== null) state.deadlines.add(end, { kind: "grace", number });
}

export function setSession(state: PerformanceState, session: Session): void {
  state.sessions.set(session.number, session);
  if (session.member !== null) state.sessionOfMember.set(session.member, session.number);
  state.deadlines.add(session.until, { kind: "session", number: session.number });
}

function endSession(state: PerformanceState, number: number, reason: string, at: number): void {
  const session = state.sessions.get(number);
  if (session === undefined) throw new Error(`no session at number ${number}`);
  state.sessions.delete(number);
  state.flow.end(at, at - session.admittedAt);
  if (session.member !== null) state.sessionOfMember.delete(session.member);
  if (reason !== "missed") {
    state.line.missed.delete(number);
    return state.line.setStanding(number, STANDING.ended);
  }
  state.line.missed.add(number);
  state.line.passOver(number, at, true);
  armGrace(state, number);
}

export function applyHeld(state: PerformanceState, hold: HoldFact): void {
  const board = boardOf(state, hold.scheduleId);
  for (const position of hold.seats) board.set(position, SEAT.held, hold.number);
  board.version += 1;
  state.holds.set(hold.number, hold);
  const own = state.holdsOfMember.get(hold.member);
  if (own === undefined) state.holdsOfMember.set(hold.member, new Set([hold.number]));
  else own.add(hold.number);
  state.nextHold = Math.max(state.nextHold, hold.number + 1);
  addSeatsOf(state, hold.member, hold.seats.length);
  state.deadlines.add(hold.expiresAt, { kind: "hold", number: hold.number });
}

function endHold(state: PerformanceState, number: number, reason: HoldEnd): void {
  const hold = state.holds.get(number);
  if (hold === undefined) throw new Error(`no hold ${number}`);
  state.holds.delete(number);
  const own = state.holdsOfMember.get(hold.member);
  own?.delete(number);
  if (own?.size === 0) state.holdsOfMember.delete(hold.member);
  addSeatsOf(state, hold.member, -hold.seats.length);
  if (reason === "ordered") return; // the order that follows keeps the seats
  const board = boardOf(state, hold.scheduleId);
  for (const position of hold.seats) board.free(position);
  board.version += 1;
}

/** Seats added to a hold share its deadline, which is armed already. */
function growHold(state: PerformanceState, hold: HoldFact, added: readonly number[]): void {
  if (!state.holds.has(hold.number)) throw new Error(`no hold ${hold.number}`);
  const board = boardOf(state, hold.scheduleId);
  for (const position of added) board.set(position, SEAT.held, hold.number);
  board.version += 1;
  state.holds.set(hold.number, hold);
  addSeatsOf(state, hold.member, added.length);
}

function applyBlock(state: PerformanceState, block: Block, freed: readonly number[]): void {
  const board = boardOf(state, block.scheduleId);
  for (const position of freed) {
    board.block[position] = 0;
    if (board.status[position] === SEAT.blocked) board.free(position);
  }
  enterBlock(state, block);
  for (const position of block.seats) if (board.status[position] === SEAT.free) board.free(position);
  board.version += 1;
}

/** Takes note of a block and its seats; the state of the seats is another matter. */
export function enterBlock(state: PerformanceState, block: Block): void {
  const board = boardOf(state, block.scheduleId);
  for (const position of block.seats) board.block[position] = block.number;
  if (block.seats.length === 0) state.blocks.delete(block.number);
  else state.blocks.set(block.number, block);
  state.nextBlock = Math.max(state.nextBlock, block.number + 1);
}

function applyOrder(state: PerformanceState, order: Order, before: Order | null): void {
  const board = boardOf(state, order.scheduleId);
  for (const [seatId, status] of seatStatusesOf(order)) {
    const position = board.position(seatId);
    if (position === null) throw new Error(`order ${order.id} names an unknown seat`);
    // A late change of an order whose seats have moved on (money of a stale attempt going back) must not touch them.
    if (board.holder[position] === order.holdNumber) {
      if (status === SEAT.free) board.free(position);
      else board.set(position, status, order.holdNumber);
    }
  }
  board.version += 1;
  if (before !== null) {
    state.ordersByStatus.set(before.status, (state.ordersByStatus.get(before.status) ?? 0) - 1);
    addSeatsOf(state, order.member, -heldCount(before));
  }
  countOrder(state, order.member, order.status, heldCount(order), 1);
  if (isOpen(order)) trackOrder(state, order);
  else state.openOrders.delete(order.id);
}

export function applyAccount(state: PerformanceState, account: RefundAccount, kept: boolean): void {
  const key = accountKey(account.orderId, account.refund);
  if (!kept) return void state.refundAccounts.delete(key);
  state.refundAccounts.set(key, account);
  state.deadlines.add(account.until, { kind: "refund-account", key });
}

/** Seats on their way back have no holder: nobody's change can touch them until they are free. */
export function applyReturning(state: PerformanceState, returning: Returning): void {
  const board = boardOf(state, returning.scheduleId);
  for (const position of returning.seats) board.set(position, SEAT.returning, 0);
  board.version += 1;
  state.returns.set(returning.id, returning);
  state.deadlines.add(returning.at, { kind: "return", id: returning.id });
}

function applyReturned(state: PerformanceState, { id, scheduleId, seats }: Returning): void {
  if (!state.returns.delete(id)) throw new Error(`nothing returns as ${id}`);
  const board = boardOf(state, scheduleId);
  for (const position of seats) board.free(position);
  board.version += 1;
}

export function applyDate(state: PerformanceState, scheduleId: string, date: DateState): void {
  state.dates.set(scheduleId, date);
  const board = boardOf(state, scheduleId);
  if (date.moved !== null) board.places.plan = { ...board.plan, startsAt: date.moved.startsAt };
}

/** Counts orders of one member and status: one that changed, or (when loading) all that storage holds. */
export function countOrder(
  state: PerformanceState,
  member: string,
  status: OrderStatus,
  seats: number,
  orders: number,
): void {
  state.ordersByStatus.set(status, (state.ordersByStatus.get(status) ?? 0) + orders);
  if (holdsSeats(status)) addSeatsOf(state, member, seats);
}

export function trackOrder(state: PerformanceState, order: Order): void {
  state.openOrders.set(order.id, order);
  if (order.status === "pending" || order.status === "paying") {
    state.deadlines.add(order.payBy, { kind: "order", id: order.id });
  }
}

function addSeatsOf(state: PerformanceState, member: string, seats: number): void {
  const total = (state.seatsOfMember.get(member) ?? 0) + seats;
  if (total === 0) state.seatsOfMember.delete(member);
  else state.seatsOfMember.set(member, total);
}

export function boardOf(state: PerformanceState, scheduleId: string): Board {
  const board = state.boards.get(scheduleId);
  if (board === undefined) throw new Error(`no schedule ${scheduleId}`);
  return board;
}
