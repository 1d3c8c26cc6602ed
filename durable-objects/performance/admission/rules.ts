/** Rules of the line for one person: join, leave, look, enter. */
import { holdEnded, type Change } from "../changes.ts";
import type { RefusedJoin } from "../contract.ts";
import { unsoldSeats, type PerformanceState } from "../state.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { holdsOf } from "../seats/rules.ts";
import { ENTRY_BYTES } from "./entry.ts";
import { STANDING } from "./line.ts";
import { joinRefusal } from "./phases.ts";
import { liveSession, numberOf, standingOf } from "./standing.ts";

/**
 * Joins of a whole batch, packed 16 bytes each. Idempotent by state: who has a place keeps its number; who left while
 * gathering gets it back; everybody else gets the next one. Joining is explicit: it also ends an absence. Whoever had a
 * number before gets a new one once per cooldown: nobody fills the roster alone, or tries numbers until one suits.
 */
export function join(context: RuleContext, entries: Uint8Array): Decision {
  const { state, now } = context;
  const refusal = joinRefusal(state.phase);
  if (refusal !== null) return refuse(refusal);
  const line = state.line;
  const needsIdentity = state.settings !== null && state.settings.verification !== null;
  const count = Math.floor(entries.length / ENTRY_BYTES);
  const numbers = new Uint32Array(count);
  const lanes = line.lanes.length > 1 ? new Uint8Array(count) : null;
  const changes: Change[] = [];
  const fresh = new Uint8Array(entries.length);
  const freshLanes = new Uint8Array(count);
  let freshCount = 0;
  /** The same person twice in one batch (two tabs, a retry) is one place. A slot holds the fresh entry's index + 1. */
  const twins = new Int32Array(2 << Math.ceil(Math.log2(count + 1)));
  const refused: RefusedJoin[] = [];
  let room = roomLeft(state);
  for (let index = 0; index < count; index++) {
    const offset = index * ENTRY_BYTES;
    const known = line.roster.find(entries, offset);
    const standing = known < 0 ? null : line.standing(known);
    const revives = standing === STANDING.left && state.phase === "gathering" && !isRevoked(state, entries, offset);
    if (revives) changes.push({ kind: "revived", number: known, at: now });
    if (standing === STANDING.passedOver) changes.push({ kind: "came-back", number: known, at: now });
    if (standing === null || standing === STANDING.ended || (standing === STANDING.left && !revives)) {
      const obstacle =
        needsIdentity && !state.identities.has(entries, offset)
          ? "verification-required"
          : room <= 0
            ? "queue-limit-reached"
            : isRevoked(state, entries, offset)
              ? "member-revoked"
              : null;
      if (obstacle !== null) {
        refused.push([index, obstacle]);
        continue;
      }
      const cooling = known < 0 ? 0 : coolingSeconds(state, hexOf(entries, offset), now);
      if (cooling > 0) {
        refused.push([index, "rejoined-too-soon", cooling]);
        continue;
      }
      let slot = twinSlot(twins, fresh, entries, offset);
      const twin = (twins[slot] ?? 0) - 1;
      if (twin >= 0) {
        numbers[index] = line.roster.size + twin;
        if (lanes !== null) lanes[index] = freshLanes[twin] ?? 0;
        continue;
      }
      if (known >= 0) changes.push({ kind: "rejoined", entry: hexOf(entries, offset), at: now });
      freshLanes[freshCount] = laneFor(state, entries, offset);
      if (lanes !== null) lanes[index] = freshLanes[freshCount] ?? 0;
      fresh.set(entries.subarray(offset, offset + ENTRY_BYTES), freshCount * ENTRY_BYTES);
      numbers[index] = line.roster.size + freshCount;
      freshCount += 1;
      twins[slot] = freshCount;
      room -= 1;
    } else {
      numbers[index] = known;
      if (lanes !== null) lanes[index] = line.laneOf(known);
    }
  }
  if (freshCount > 0) {
    const joined = fresh.slice(0, freshCount * ENTRY_BYTES);
    changes.push({ kind: "joined", entries: joined, lanes: freshLanes.slice(0, freshCount), at: now });
  }
  return accept({ ok: true, kind: "joined", numbers, lanes, refused }, ...changes);
}

/** Open addressing over the fresh entries of one batch: the slot where this entry is, or would go. */
function twinSlot(table: Int32Array, fresh: Uint8Array, entries: Uint8Array, offset: number): number {
  const mask = table.length - 1;
  for (
    let slot = (((entries[offset + 14] ?? 0) << 8) | (entries[offset + 15] ?? 0)) & mask;
    ;
    slot = (slot + 1) & mask
  ) {
    const at = (table[slot] ?? 0) - 1;
    if (at < 0) return slot;
    let same = 0;
    while (same < ENTRY_BYTES && fresh[at * ENTRY_BYTES + same] === entries[offset + same]) same += 1;
    if (same === ENTRY_BYTES) return slot;
  }
}

/** How many more may join before too many wait for the seats that are left. */
function roomLeft(state: PerformanceState): number {
  const factor = state.settings?.queueLimitFactor ?? 0;
  return factor === 0 ? Number.POSITIVE_INFINITY : Math.floor(unsoldSeats(state) * factor) - state.line.waiting;
}

function isRevoked(state: PerformanceState, entries: Uint8Array, offset: number): boolean {
  if (state.revoked.size === 0) return false;
  return state.revoked.has(hexOf(entries, offset));
}

/** The lane somebody was invited to, or the general one. */
function laneFor({ invited }: PerformanceState, entries: Uint8Array, offset: number): number {
  return invited.size === 0 ? 0 : (invited.get(hexOf(entries, offset)) ?? 0);
}

/** Seconds until this entry may have another new number. */
function coolingSeconds(state: PerformanceState, entry: string, now: number): number {
  const latest = state.rejoined.get(entry);
  if (latest === undefined) return 0;
  return Math.ceil((latest + (state.settings?.rejoinSeconds ?? 0) * 1_000 - now) / 1_000);
}

function hexOf(entries: Uint8Array, offset: number): string {
  return Buffer.from(entries.subarray(offset, offset + ENTRY_BYTES)).toString("hex");
}

/** Leaves the line, or gives up the slot: the next person is admitted in the same commit. */
export function leave(context: RuleContext, entry: string): Decision {
  const { state, now } = context;
  const number = numberOf(state, entry);
  const done = { ok: true, kind: "done" } as const;
  if (number < 0) return accept(done);
  const session = state.sessions.get(number);
  if (session !== undefined) {
    const changes: Change[] = [{ kind: "session-ended", number, reason: "left", at: now }];
    for (const hold of holdsOf(state, session.member ?? "")) changes.push(holdEnded(hold, "released"));
    return accept(done, ...changes);
  }
  const standing = state.line.standing(number);
  if (standing === STANDING.waiting) return accept(done, { kind: "left", number });
  if (standing === STANDING.passedOver) return accept(done, { kind: "lapsed", number });
  return accept(done);
}

export function look(context: RuleContext, entry: string): Decision {
  return accept({ ok: true, kind: "standing", standing: standingOf(context.state, numberOf(context.state, entry)) });
}

/** Turns an admission into a booking session: extends it once to the booking time. Repeating changes nothing. */
export function enter(context: RuleContext, entry: string, member: string): Decision {
  const { state, now } = context;
  if (state.settings === null) return refuse("not-published");
  if (state.revoked.has(entry)) return refuse("member-revoked");
  const number = numberOf(state, entry);
  if (number < 0) return refuse("not-in-queue");
  const session = liveSession(state, entry, now);
  if (session === null) {
    const ended = state.line.standing(number) === STANDING.ended;
    return ended ? refuse("session-ended") : refuse("not-admitted-yet", { number, phase: state.phase });
  }
  if (session.member !== null) {
    return accept({ ok: true, kind: "session", session: { number, until: session.until, epoch: state.epoch } });
  }
  const until = now + state.settings.bookingSeconds * 1_000;
  return accept(
    { ok: true, kind: "session", session: { number, until, epoch: state.epoch } },
    { kind: "entered", number, member, until },
  );
}
