/**
 * When the draw happens: the list is sealed a minute before opening, the beacon's round is waited for (not for ever), and
 * the phase opens in the same commit in which the order is drawn.
 */
import type { Change } from "../changes.ts";
import type { DrawView, Phase } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import type { PerformanceState } from "../state.ts";
import { roundTime, verifiedRandomness } from "./beacon.ts";
import { commitmentOf, drawSeed, listRoot, NO_BEACON, SEGMENT_ENTRIES } from "./draw.ts";
import { BEACON_WAIT_MS } from "./phases.ts";
import { GENERAL } from "./turns.ts";

/** What has to happen before the phase the clock asks for, and the phase that is possible until it has. */
export function drawBefore(
  state: PerformanceState,
  asked: Phase,
  now: number,
): { readonly phase: Phase; readonly changes: readonly Change[] } {
  const { draw, settings } = state;
  if (draw === null || settings === null || draw.drawn !== null) return { phase: asked, changes: [] };
  if (asked !== "sealed" && asked !== "open") return { phase: asked, changes: [] };
  const changes: Change[] = [];
  const sealed = draw.sealed ?? { n: state.line.roster.size, root: rootOf(state), at: now };
  if (draw.sealed === null) changes.push({ kind: "sealed", ...sealed });
  if (asked === "sealed") return { phase: asked, changes };
  const waits = settings.beacon !== null && draw.beacon === null && now < settings.openAt + BEACON_WAIT_MS;
  if (waits) return { phase: "sealed", changes };
  const randomness = draw.beacon?.randomness ?? NO_BEACON;
  const { performanceId } = state;
  const seed = drawSeed({ performanceId, secret: draw.secret, beacon: randomness, root: sealed.root, n: sealed.n });
  changes.push({ kind: "drawn", seed, randomness, at: now });
  return { phase: asked, changes };
}

/** A round of the beacon as somebody handed it over. Only the named round with a good signature counts, and only once. */
export function takeBeacon(context: RuleContext, signature: string): Decision {
  const { draw, settings } = context.state;
  const done = { ok: true, kind: "done" } as const;
  if (draw === null || settings?.beacon == null || draw.sealed === null) return refuse("not-open-yet");
  if (draw.beacon !== null || draw.drawn !== null) return accept(done);
  const { chain, round } = settings.beacon;
  const randomness = verifiedRandomness(chain, round, signature);
  return randomness === null ? refuse("settings-invalid") : accept(done, { kind: "beacon", signature, randomness });
}

const BEACON_RETRY_MS = 2_000;

/** When to ask for the beacon's round (again), or null when nothing waits for it. */
export function beaconDue(state: PerformanceState, now: number): number | null {
  const { draw, settings } = state;
  if (settings?.beacon == null || draw === null || draw.sealed === null) return null;
  if (draw.beacon !== null || draw.drawn !== null) return null;
  const due = Math.max(settings.openAt, roundTime(settings.beacon.chain, settings.beacon.round));
  return due > now ? due : now + BEACON_RETRY_MS;
}

/** What anybody may know at this moment: the commitment at once, the list when it is sealed, the secret after the draw. */
export function viewDraw(state: PerformanceState): DrawView {
  const { draw, settings, performanceId } = state;
  const sealed = draw?.sealed ?? null;
  const drawn = draw?.drawn ?? null;
  return {
    performanceId,
    method: draw === null ? "arrival" : "draw",
    verification: settings?.verification ?? null,
    lanes: settings?.lanes ?? GENERAL,
    commitment: draw === null ? null : commitmentOf(draw.secret),
    beacon: settings?.beacon ?? null,
    beaconUntil: settings?.beacon == null ? null : settings.openAt + BEACON_WAIT_MS,
    sealed: sealed === null ? null : { ...sealed, segments: Math.ceil(sealed.n / SEGMENT_ENTRIES) },
    drawn:
      draw === null || drawn === null
        ? null
        : { secret: draw.secret, signature: draw.beacon?.signature ?? null, ...drawn },
  };
}

/** One segment of the sealed list, or null. */
export function segmentOf(state: PerformanceState, index: number): Uint8Array | null {
  const n = state.draw?.sealed?.n ?? 0;
  const from = index * SEGMENT_ENTRIES;
  if (!Number.isSafeInteger(index) || index < 0 || from >= n) return null;
  return segmentBytes(state, from, Math.min(from + SEGMENT_ENTRIES, n));
}

function rootOf(state: PerformanceState): string {
  return listRoot(state.performanceId, segmentsOf(state));
}

/** One after the other: a million entries at once would be 16 MB more at the busiest moment. */
function* segmentsOf(state: PerformanceState): Generator<Uint8Array> {
  const { size } = state.line.roster;
  for (let from = 0; from < size; from += SEGMENT_ENTRIES) {
    yield segmentBytes(state, from, Math.min(from + SEGMENT_ENTRIES, size));
  }
}

/** Entries, and where there is more than one lane behind them a byte for the lane of each: the root covers both. */
function segmentBytes({ line }: PerformanceState, from: number, to: number): Uint8Array {
  const entries = line.roster.bytes(from, to);
  if (line.lanes.length === 1) return entries;
  const segment = new Uint8Array(entries.length + to - from);
  segment.set(entries);
  segment.set(line.lanesOf(from, to), entries.length);
  return segment;
}
