/** Holding seats: all or nothing, within the member's limit, until a deadline that adding seats never moves. */
import { boardOf } from "../apply.ts";
import { sessionUnderPass } from "../admission/standing.ts";
import { holdEnded, type HoldFact } from "../changes.ts";
import type { HoldView, HoldWish } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled, type PerformanceState } from "../state.ts";
import { Access, accessibleReleased } from "./access.ts";
import { choose, countOf } from "./wish.ts";

/** No request names more: a limit on everything. */
const SEATS_PER_REQUEST_MAX = 100;

export interface HoldRequest extends HoldWish {
  readonly entry: string;
  readonly member: string;
  readonly epoch: number;
  readonly scheduleId: string;
}

export function hold(context: RuleContext, request: HoldRequest): Decision {
  const { state, now } = context;
  const settings = state.settings;
  if (settings === null) return refuse("not-published");
  const session = sessionUnderPass(state, request, now);
  if (session === null) return refuse("session-ended");
  if (state.phase === "paused") return refuse("performance-paused");
  if (state.phase === "closed") return refuse("performance-closed");
  const board = state.boards.get(request.scheduleId);
  if (board === undefined) return refuse("unknown-schedule");
  if (isCancelled(state, request.scheduleId)) return refuse("schedule-cancelled");
  const count = countOf(request);
  if (count === 0) return refuse("no-seats");
  const { maxSeatsPerMember: limit } = settings;
  if (count > SEATS_PER_REQUEST_MAX) return refuse("seat-limit-reached", { limit });
  const before = request.addTo === undefined ? null : ownHold(state, request.member, request.addTo);
  if (request.addTo !== undefined && before?.scheduleId !== request.scheduleId) return refuse("hold-not-found");
  const access = new Access(state, board, request, now);
  const chosen = choose(request, access, settings.noSingleSeats);
  if (!chosen.ok) return refuse(chosen.refusal.code, withRelease(context, chosen.refusal));
  const already = state.seatsOfMember.get(request.member) ?? 0;
  if (already + count > limit) return refuse("seat-limit-reached", { limit, have: already });
  const { positions, why } = chosen;
  if (before !== null) {
    const grown: HoldFact = { ...before, seats: [...before.seats, ...positions] };
    return accept(
      { ok: true, kind: "hold", hold: viewHold(state, grown), why },
      { kind: "hold-grown", hold: grown, added: positions },
    );
  }
  const fact: HoldFact = {
    number: state.nextHold,
    member: request.member,
    scheduleId: request.scheduleId,
    seats: positions,
    firstAt: now,
    expiresAt: Math.min(deadlineOf(state, request.member, now + settings.holdSeconds * 1_000), session.until),
  };
  return accept({ ok: true, kind: "hold", hold: viewHold(state, fact), why }, { kind: "held", hold: fact });
}

/** Seats of the accessible pool: the rule that will free them is part of the answer. */
function withRelease(
  { state, now }: RuleContext,
  { code, evidence }: { code: string; evidence?: Readonly<Record<string, unknown>> },
) {
  if (code !== "seats-accessible-only" || accessibleReleased(state, now)) return evidence;
  const at = state.settings?.accessibleReleaseAt ?? null;
  return { ...evidence, releasedAt: at === null ? null : new Date(at).toISOString() };
}

/** The time runs from the first seat: further seats share the earliest deadline the member already has. */
function deadlineOf(state: PerformanceState, member: string, fresh: number): number {
  let deadline = fresh;
  for (const number of state.holdsOfMember.get(member) ?? []) {
    deadline = Math.min(deadline, state.holds.get(number)?.expiresAt ?? fresh);
  }
  return deadline;
}

export function release(context: RuleContext, member: string, holdId: string): Decision {
  const fact = ownHold(context.state, member, holdId);
  if (fact === null) return refuse("hold-not-found");
  return accept({ ok: true, kind: "done" }, holdEnded(fact, "released"));
}

export function listHolds(context: RuleContext, member: string): Decision {
  const holds: HoldView[] = holdsOf(context.state, member).map((fact) => viewHold(context.state, fact));
  return accept({ ok: true, kind: "holds", holds });
}

export function holdsOf(state: PerformanceState, member: string): readonly HoldFact[] {
  return Array.from(state.holdsOfMember.get(member) ?? [], (number) => state.holds.get(number)).filter(
    (fact) => fact !== undefined,
  );
}

/** A hold of this member by its public id ("h" and its number); somebody else's does not exist for them. */
export function ownHold(state: PerformanceState, member: string, holdId: string): HoldFact | null {
  if (!/^h[1-9]\d{0,9}$/.test(holdId)) return null;
  const fact = state.holds.get(Number(holdId.slice(1)));
  return fact !== undefined && fact.member === member ? fact : null;
}

function viewHold(state: PerformanceState, fact: HoldFact): HoldView {
  const board = boardOf(state, fact.scheduleId);
  const seats = fact.seats.map((position) => board.describe(position));
  return {
    id: `h${fact.number}`,
    scheduleId: fact.scheduleId,
    seats,
    amount: seats.reduce((sum, seat) => sum + seat.price, 0),
    currency: state.settings?.currency ?? "",
    expiresAt: fact.expiresAt,
  };
}
