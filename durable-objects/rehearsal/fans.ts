/** People who do not exist: who comes when, wants how many seats, and how long each of them takes. From a seed alone. */
export type Random = () => number;

/** mulberry32: small, fast, and the same everywhere. Nothing here is a secret. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Seconds until something that happens on average after `mean` seconds. */
export const after = (random: Random, mean: number): number => -Math.log(1 - random()) * mean;

/** Before the opening, as far as anybody may join: most of the crowd; the others within the first minutes. */
export function arrival(random: Random, gatherSeconds: number): number {
  if (gatherSeconds > 0 && random() < 0.75) return -gatherSeconds * random();
  return random() < 0.7 ? after(random, 20) : after(random, 600);
}

export function seatsWanted(random: Random, most: number): number {
  const chance = random();
  return Math.min(most, chance < 0.35 ? 1 : chance < 0.85 ? 2 : chance < 0.93 ? 3 : 4);
}

/** One in ten goes away without a word before it is their turn. */
export const leavesAfter = (random: Random): number | null => (random() < 0.1 ? after(random, 600) : null);
export const showsUpAfter = (random: Random): number => 3 + after(random, 8);
export const choosesIn = (random: Random): number => 15 + after(random, 45);
export const paysIn = (random: Random): number => 20 + after(random, 40);
/** Of those who have seats in their hands, some do not buy. */
export const buys = (random: Random): boolean => random() < 0.92;

/** The 16 bytes a fan is known by in the queue, as hex, and the member id; both are the fan's index. */
export const entryOfFan = (index: number): string => index.toString(16).padStart(32, "0");
export const fanOfEntry = (entry: string): number => Number.parseInt(entry, 16);
export const memberOfFan = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
