/** Many worlds, one after the other. A campaign that never met what it is there for has shown nothing, and fails. */
import { World } from "./world.ts";

export interface CampaignOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly steps: number;
  readonly progress?: (done: number, total: number) => void;
}

export interface CampaignResult {
  readonly failure: { seed: number; step: number; sentence: string; history: readonly string[] } | null;
  readonly met: Readonly<Record<string, number>>;
  /** Things that were met too rarely, as sentences. */
  readonly vacuous: readonly string[];
}

/** At least this many of each per sale, on average. */
const floors: Readonly<Record<string, number>> = {
  crashes: 5,
  "seat conflicts": 0.5,
  "orders placed": 0.5,
  "payments begun": 0.2,
  "refunds asked for": 0.01,
  "answers lost after the charge": 0.05,
  "declined payments": 0.02,
  "confirms repeated": 0.05,
  "messages dropped": 0.5,
  "messages doubled": 0.5,
  "stale messages": 0.1,
  "clock steps back": 0.5,
  "holds expired before the order": 0.1,
};

export function campaign({ seeds, firstSeed, steps, progress }: CampaignOptions): CampaignResult {
  const met: Record<string, number> = Object.fromEntries(Object.keys(floors).map((name) => [name, 0]));
  for (let index = 0; index < seeds; index++) {
    const seed = firstSeed + index;
    const world = new World(seed);
    let step = 0;
    try {
      for (; step < steps; step++) world.step();
      world.settle();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      return { failure: { seed, step, sentence, history: world.history.slice(-25) }, met, vacuous: [] };
    }
    add(met, world);
    progress?.(index + 1, seeds);
  }
  const vacuous = Object.entries(floors).flatMap(([name, floor]) =>
    (met[name] ?? 0) < floor * seeds ? [`${name}: only ${met[name]} in ${seeds} sales`] : [],
  );
  return { failure: null, met, vacuous };
}

function add(met: Record<string, number>, world: World): void {
  const { provider, records } = world;
  const found: Record<string, number> = {
    crashes: world.met.crashes,
    "seat conflicts": world.met.conflicts,
    "orders placed": world.met.accepted["place-order"] ?? 0,
    "payments begun": world.met.accepted["begin-payment"] ?? 0,
    "refunds asked for": world.met.accepted["settle-refund"] ?? 0,
    "answers lost after the charge": provider.met.lostAfterCharge,
    "declined payments": provider.met.declined,
    "confirms repeated": provider.met.repeated,
    "messages dropped": records.met.dropped,
    "messages doubled": records.met.doubled,
    "stale messages": records.met.stale,
    "clock steps back": world.met.clockSteps,
    "holds expired before the order": world.met.refusals["hold-not-found"] ?? 0,
  };
  for (const [name, count] of Object.entries(found)) met[name] = (met[name] ?? 0) + count;
}
