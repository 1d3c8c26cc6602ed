/** Many worlds, one after the other. A campaign that never met what it is there for has shown nothing, and fails. */
import { floors, houseFloors, metBy, metInHouse } from "./floors.ts";
import { House } from "./house/house.ts";
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

/** Every so many seeds it is a whole house instead of one object: that takes ten times as long. */
const HOUSE_EVERY = 50;

export async function campaign({ seeds, firstSeed, ...length }: CampaignOptions): Promise<CampaignResult> {
  const met: Record<string, number> = {};
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const failure = await play(seed, length, met);
    if (failure !== null) return { failure, met };
  }
  return { failure: null, met };
}

/** One sale; what it met is added up. */
export async function play(seed: number, length: Length, met: Record<string, number>): Promise<Failure | null> {
  const sale = seed % HOUSE_EVERY === 0 ? new House(seed, length) : new World(seed, length);
  let step = 0;
  try {
    await sale.open();
    for (; step < length.steps; step++) await sale.step();
    await sale.settle();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { seed, step, sentence, violated: error instanceof Violation, history: sale.history.lines() };
  } finally {
    sale.close();
  }
  addUp(met, sale instanceof House ? metInHouse(sale) : metBy(sale));
  return null;
}

export function addUp(met: Record<string, number>, found: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(found)) met[name] = (met[name] ?? 0) + count;
}

/** Things that were met too rarely, as sentences. */
export function vacuous(met: Readonly<Record<string, number>>): readonly string[] {
  const rare = (all: Readonly<Record<string, number>>, sales: number, of: string): readonly string[] =>
    Object.entries(all).flatMap(([name, floor]) =>
      (met[name] ?? 0) < floor * sales ? [`${name}: only ${met[name] ?? 0} in ${sales} ${of}`] : [],
    );
  return [...rare(floors, met["sales"] ?? 0, "sales"), ...rare(houseFloors, met["houses"] ?? 0, "houses")];
}
