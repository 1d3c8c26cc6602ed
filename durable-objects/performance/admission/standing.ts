/** What the line says of one person, in the words of the contract. */
import type { Standing } from "../contract.ts";
import type { PerformanceState, Session } from "../state.ts";
import { entryBytes } from "./entry.ts";
import { STANDING } from "./line.ts";

const NO_STANDING: Standing = { state: "none", number: null, place: null, lane: 0, until: null };

/** The latest number of an entry, or -1. */
export function numberOf(state: PerformanceState, entry: string): number {
  return state.line.roster.find(entryBytes(entry));
}

/** Before the draw those who take part in it have no place yet; whoever came after the list was sealed follows behind. */
function placeOf(state: PerformanceState, number: number): number | null {
  const { draw, line } = state;
  if (draw === null || draw.drawn !== null) return line.placeOf(number);
  return draw.sealed !== null && number >= draw.sealed.n ? number : null;
}

/** `number` below 0: somebody who never joined. Who has left, and may come back, has no standing either. */
export function standingOf(state: PerformanceState, number: number): Standing {
  if (number < 0) return NO_STANDING;
  const place = placeOf(state, number);
  const lane = state.line.laneOf(number);
  const session = state.sessions.get(number);
  if (session !== undefined) {
    return { state: session.member === null ? "admitted" : "entered", number, place, lane, until: session.until };
  }
  switch (state.line.standing(number)) {
    case STANDING.waiting:
      return { state: "waiting", number, place, lane, until: null };
    case STANDING.passedOver:
      return { state: "passed-over", number, place, lane, until: graceEnd(state, number) };
    case STANDING.left:
      return isRevoked(state, number) ? ended(state, number) : NO_STANDING;
    default:
      return ended(state, number);
  }
}

function ended(state: PerformanceState, number: number): Standing {
  const over = { state: "ended", number, place: null, lane: state.line.laneOf(number), until: null } as const;
  return isRevoked(state, number) ? { ...over, revoked: true } : over;
}

function isRevoked({ revoked, line }: PerformanceState, number: number): boolean {
  return revoked.size > 0 && revoked.has(line.roster.entry(number));
}

/** The live session of an entry at `now`: a deadline is decided by comparing times, not by whether the alarm came. */
export function liveSession(state: PerformanceState, entry: string, now: number): Session | null {
  const session = state.sessions.get(numberOf(state, entry));
  return session !== undefined && session.until > now ? session : null;
}

/** As `liveSession`, for a command under a pass: one that was issued before a wave was revoked opens nothing. */
export function sessionUnderPass(
  state: PerformanceState,
  pass: { readonly entry: string; readonly epoch: number },
  now: number,
): Session | null {
  return pass.epoch === state.epoch ? liveSession(state, pass.entry, now) : null;
}

/** Until when the place of somebody who was passed over is kept; null: nobody passed them over. */
export function graceEnd(state: PerformanceState, number: number): number | null {
  const passed = state.line.passedOver.get(number);
  if (passed === undefined || state.settings === null) return null;
  return passed.at + state.settings.absenceGraceSeconds * 1_000;
}
