/**
 * Publication: the object takes over settings and charts from the draft in Postgres. Repeating it changes nothing; a
 * different one may still change settings and add schedules, but neither the number of lobbies nor a loaded chart.
 */
import type { Change } from "../changes.ts";
import type { LanePlan, PerformanceSettings, PublishReply, PublishRequest } from "../contract.ts";
import type { PerformanceState } from "../state.ts";
import { placesOf } from "../seats/chart.ts";
import { sameChart } from "../seats/chart-change.ts";
import { phaseByClock } from "./phases.ts";
import { performanceChanged } from "./report.ts";

const BOOKING_LOBBIES_MAX = 6;
const LOBBIES_MAX = 200;

export function publish(
  state: PerformanceState,
  request: PublishRequest,
  now: number,
  newSecret: () => string,
): { readonly changes: readonly Change[]; readonly reply: PublishReply } {
  const problem = invalidSetting(request.settings);
  if (problem !== null) return declined("settings-invalid", { setting: problem });
  const before = state.settings;
  const { settings } = request;
  if (before !== null) {
    if (before.lobbies !== settings.lobbies || before.bookingLobbies !== settings.bookingLobbies) {
      return declined("published-differently", { setting: "lobbies" });
    }
    // What people were promised about the order stays as it was promised.
    if (JSON.stringify(before.lanes) !== JSON.stringify(settings.lanes)) {
      return declined("published-differently", { setting: "lanes" });
    }
    if (before.verification !== settings.verification) {
      return declined("published-differently", { setting: "verification" });
    }
    const promised = JSON.stringify([before.beacon, before.gatherAt === null]);
    if (promised !== JSON.stringify([settings.beacon, settings.gatherAt === null])) {
      return declined("published-differently", { setting: "gatherAt" });
    }
    for (const plan of request.schedules) {
      const board = state.boards.get(plan.id);
      if (board !== undefined && !sameChart(board.plan.chart, plan.chart)) {
        return declined("published-differently", { schedule: plan.id });
      }
    }
  }
  const schedules = request.schedules.filter((plan) => !state.boards.has(plan.id));
  const unchanged = before !== null && schedules.length === 0 && JSON.stringify(before) === JSON.stringify(settings);
  const phase = phaseByClock(settings, state.phase === "unpublished" ? "scheduled" : state.phase, now);
  const changes: Change[] = unchanged ? [] : [{ kind: "published", settings, schedules }];
  if (state.draw === null && settings.gatherAt !== null) changes.push({ kind: "draw-committed", secret: newSecret() });
  if (phase !== state.phase || !unchanged) {
    const { capacity, ratePerMinute } = settings;
    changes.push(performanceChanged(state, { phase, capacity, ratePerMinute }, now), { kind: "phase", phase, at: now });
  }
  const seats = request.schedules.reduce((sum, { chart }) => sum + placesOf(chart), 0);
  return { changes, reply: { ok: true, phase, schedules: request.schedules.length, seats } };
}

function declined(
  code: "settings-invalid" | "published-differently",
  evidence: Record<string, unknown>,
): { readonly changes: readonly Change[]; readonly reply: PublishReply } {
  return { changes: [], reply: { ok: false, refusal: { code, evidence } } };
}

/** The name of the first setting that makes no sense, or null. */
function invalidSetting(settings: PerformanceSettings): string | null {
  const whole: readonly (readonly [keyof PerformanceSettings, number, number])[] = [
    ["capacity", 0, 1_000_000],
    ["ratePerMinute", 0, 1_000_000],
    ["showUpSeconds", 5, 600],
    ["bookingSeconds", 10, 3_600],
    ["holdSeconds", 5, 3_600],
    ["paymentSeconds", 10, 540],
    ["depositMinutes", 10, 43_200],
    ["maxSeatsPerMember", 1, 100],
    ["releaseEverySeconds", 0, 604_800],
    ["releaseJitterSeconds", 0, 86_400],
    ["absenceGraceSeconds", 0, 86_400],
    ["rejoinSeconds", 0, 86_400],
    ["queueLimitFactor", 0, 1_000],
    ["lobbies", 1, LOBBIES_MAX],
    ["bookingLobbies", 1, BOOKING_LOBBIES_MAX],
    ["openAt", 0, Number.MAX_SAFE_INTEGER],
    ["closeAt", settings.openAt + 1, Number.MAX_SAFE_INTEGER],
  ];
  for (const [name, least, most] of whole) {
    const value = settings[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) return name;
  }
  if (typeof settings.noSingleSeats !== "boolean") return "noSingleSeats";
  const freed = settings.accessibleReleaseAt;
  if (freed !== null && !(Number.isSafeInteger(freed) && freed >= 0)) return "accessibleReleaseAt";
  if (!areLanes(settings.lanes)) return "lanes";
  if (![null, "codes", "verifier"].includes(settings.verification)) return "verification";
  if (settings.gatherAt !== null && !(settings.gatherAt < settings.openAt)) return "gatherAt";
  return /^[A-Z]{3}$/.test(settings.currency) ? null : "currency";
}

const LANES_MAX = 4;

/** The general lane first, each under a name of its own, all shares together 100 %. */
function areLanes(lanes: readonly LanePlan[]): boolean {
  const names = new Set(lanes.map((lane) => lane.id));
  const shares = lanes.every(({ share }) => Number.isSafeInteger(share) && share >= 1 && share <= 100);
  const whole = lanes.reduce((sum, { share }) => sum + share, 0) === 100;
  const named = lanes.every(({ id }) => /^[a-z][a-z0-9-]{0,29}$/.test(id));
  return (
    lanes[0]?.id === "general" && lanes.length <= LANES_MAX && names.size === lanes.length && shares && whole && named
  );
}
