/** Many worlds, one after the other. A campaign that never met what it is there for has shown nothing, and fails. */
import { floors, metBy } from "./floors.ts";
import { Violation } from "./violation.ts";
import { World, type Length } from "./world.ts";

/** Steps of one sale, and about how many virtual minutes they take. */
export const USUAL: Length = { steps: 2_000, minutes: 30 };

export interface CampaignOptions extends Length {
  readonly seeds: number;
  readonly firstSeed: number;
}

export interface Failure {
  readonly seed: number;
  readonly step: number;
  readonly sentence: string;
  /** An invariant did not hold, as opposed to code that threw. */
  readonly violated: boolean;
  /** The last commands before it, and what was answered. */
  readonly history: readonly string[];
}

export interface CampaignResult {
  readonly failure: Failure | null;
  /** What was met, over all sales played. */
  readonly met: Readonly<Record<string, number>>;
}

export function campaign({ seeds, firstSeed, ...length }: CampaignOptions): CampaignResult {
  const met: Record<string, number> = {};
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const failure = play(seed, length, met);
    if (failure !== null) return { failure, met };
  }
  return { failure: null, met };
}

/** One sale; what it met is added up. */
export function play(seed: number, length: Length, met: Record<string, number>): Failure | null {
  const world = new World(seed, length);
  let step = 0;
  try {
    for (; step < length.steps; step++) world.step();
    world.settle();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { seed, step, sentence, violated: error instanceof Violation, history: world.history.lines() };
  } finally {
    world.close();
  }
  addUp(met, metBy(world));
  return null;
}

export function addUp(met: Record<string, number>, found: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(found)) met[name] = (met[name] ?? 0) + count;
}

/** Things that were met too rarely, as sentences. */
export function vacuous(met: Readonly<Record<string, number>>, seeds: number): readonly string[] {
  return Object.entries(floors).flatMap(([name, floor]) =>
    (met[name] ?? 0) < floor * seeds ? [`${name}: only ${met[name] ?? 0} in ${seeds} sales`] : [],
  );
}
