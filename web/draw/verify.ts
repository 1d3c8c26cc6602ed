/**
 * Computes a draw again from public data, step by step; the same checks as the script that comes with the sources.
 * A step that cannot be done says so and the others go on: one difference must not hide another.
 */
import {
  commitmentOf,
  drawOrder,
  drawSeed,
  listRoot,
  NO_BEACON,
  placesOf,
} from "../../durable-objects/performance/admission/draw.ts";
import { dueAt, type DrawFacts, type DrawnFacts, type SealedFacts, type SigningKey } from "../calls/draw.ts";
import { download, entriesOf, entryAt, hasTwice, joined, laneAt } from "./list.ts";
import { isSigned, readReceipt } from "./receipt.ts";
import type { Finding, Mark, Own, Remark, Step } from "./steps.ts";

export interface Sources {
  readonly facts: DrawFacts;
  readonly receipt: string | null;
  readonly segment: (index: number) => Promise<Uint8Array>;
  readonly keys: () => Promise<readonly SigningKey[]>;
}

export interface Telling {
  /** A step begins. */
  readonly begins: (step: Step) => void;
  /** How much of the list has arrived, from 0 to 1. */
  readonly progress: (done: number) => void;
  readonly finds: (finding: Finding) => void;
  /** Lets the browser draw before a long computation. */
  readonly breathe: () => Promise<void>;
}

export async function verify(sources: Sources, telling: Telling): Promise<Own | null> {
  return new Verification(sources, telling).run();
}

class Verification {
  readonly #sources: Sources;
  readonly #telling: Telling;
  /** The list with its lanes, where there is more than one. */
  #segments: readonly Uint8Array[] | null = null;

  constructor(sources: Sources, telling: Telling) {
    this.#sources = sources;
    this.#telling = telling;
  }

  async run(): Promise<Own | null> {
    await this.#checkSecret();
    const randomness = await this.#checkBeacon();
    await this.#checkTiming();
    const list = await this.#checkList();
    const seed = await this.#checkSeed(randomness);
    const places = await this.#checkOrder(seed);
    return this.#checkReceipt(list, places);
  }

  async #begin(step: Step): Promise<void> {
    this.#telling.begins(step);
    await this.#telling.breathe();
  }

  #find(step: Step, mark: Mark, remark?: Remark): void {
    this.#telling.finds(remark === undefined ? { step, mark } : { step, mark, remark });
  }

  #compare(step: Step, fits: boolean): void {
    this.#find(step, fits ? "fits" : "differs");
  }

  async #checkSecret(): Promise<void> {
    const { drawn, commitment } = this.#sources.facts;
    await this.#begin("secret");
    if (drawn === null) return this.#find("secret", "open", "notDrawn");
    this.#compare("secret", commitmentOf(drawn.secret) === commitment);
  }

  /** The randomness that has to have been used, or null where that is not known. */
  async #checkBeacon(): Promise<string | null> {
    const { beacon, drawn } = this.#sources.facts;
    await this.#begin("beacon");
    if (drawn === null) {
      this.#find("beacon", "open", "notDrawn");
      return null;
    }
    if (beacon === null || drawn.signature === null) {
      if (drawn.randomness === NO_BEACON) this.#find("beacon", "careful", beacon === null ? "noBeacon" : "lateBeacon");
      else this.#compare("beacon", false);
      return NO_BEACON;
    }
    const { QUICKNET, verifiedRandomness } = await import("../../durable-objects/performance/admission/beacon.ts");
    const randomness = verifiedRandomness(beacon.chain, beacon.round, drawn.signature);
    const { hash, publicKey } = beacon.chain;
    if (randomness === null || randomness !== drawn.randomness) this.#compare("beacon", false);
    else if (hash === QUICKNET.hash && publicKey === QUICKNET.publicKey) this.#find("beacon", "fits");
    else this.#find("beacon", "careful", "unknownChain");
    return randomness;
  }

  /** A round that was public while the list was still open would have let somebody choose the list to suit it. */
  async #checkTiming(): Promise<void> {
    const { beacon, sealed } = this.#sources.facts;
    await this.#begin("timing");
    if (beacon === null) return this.#find("timing", "open");
    if (sealed === null) return this.#find("timing", "open", "notDrawn");
    if (sealed.at < dueAt(beacon)) this.#find("timing", "fits");
    else this.#find("timing", "careful", "earlyRound");
  }

  async #checkList(): Promise<Uint8Array | null> {
    const { facts, segment } = this.#sources;
    const { sealed } = facts;
    const laned = facts.lanes.length > 1;
    await this.#begin("list");
    if (sealed === null) {
      for (const step of ["list", "distinct", "root"] as const) this.#find(step, "open", "notDrawn");
      return null;
    }
    let segments: readonly Uint8Array[] | null;
    try {
      const { progress } = this.#telling;
      segments = await download({ n: sealed.n, count: sealed.segments, laned, read: segment, progress });
    } catch {
      this.#find("list", "broken", "unreachable");
      this.#lack("distinct", "root");
      return null;
    }
    this.#compare("list", segments !== null);
    if (segments === null) {
      this.#lack("distinct", "root");
      return null;
    }
    if (laned) this.#segments = segments;
    const list = joined(entriesOf(segments, laned));
    await this.#begin("distinct");
    this.#compare("distinct", !hasTwice(list));
    await this.#begin("root");
    this.#compare("root", listRoot(facts.performanceId, segments) === sealed.root);
    return list;
  }

  #lack(...steps: readonly Step[]): void {
    for (const step of steps) this.#find(step, "open", "needsOther");
  }

  async #checkSeed(beacon: string | null): Promise<string | null> {
    const { performanceId, sealed, drawn } = this.#sources.facts;
    await this.#begin("seed");
    if (drawn === null || sealed === null) {
      this.#find("seed", "open", "notDrawn");
      return null;
    }
    if (beacon === null) {
      this.#lack("seed");
      return null;
    }
    const fits = seedOf(performanceId, sealed, drawn, beacon) === drawn.seed;
    this.#compare("seed", fits);
    return fits ? drawn.seed : null;
  }

  async #checkOrder(seed: string | null): Promise<Uint32Array | null> {
    const { sealed, drawn } = this.#sources.facts;
    await this.#begin("order");
    if (drawn === null || sealed === null) {
      this.#find("order", "open", "notDrawn");
      return null;
    }
    if (seed === null) {
      this.#lack("order");
      return null;
    }
    const places = placesOf(drawOrder(seed, sealed.n));
    this.#find("order", "fits");
    return places;
  }

  async #checkReceipt(list: Uint8Array | null, places: Uint32Array | null): Promise<Own | null> {
    const { facts, keys, receipt } = this.#sources;
    await this.#begin("receipt");
    const say = (mark: Mark, remark?: Remark): null => {
      this.#find("receipt", mark, remark);
      return null;
    };
    if (receipt === null) return say("open", "noReceipt");
    const read = readReceipt(receipt);
    if (read === null) return say("differs", "badReceipt");
    try {
      if (!(await isSigned(read, await keys()))) return say("differs", "badReceipt");
    } catch {
      return say("broken", "unreachable");
    }
    if (read.performance !== facts.performanceId) return say("differs", "otherShow");
    if (facts.sealed === null) return say("open", "notDrawn");
    const { number, joinedAt } = read;
    if (number >= facts.sealed.n) {
      say("fits");
      return { number, place: number, joinedAt, late: true };
    }
    if (list === null) return say("open", "needsOther");
    if (entryAt(list, number) !== read.entry) return say("differs", "otherEntry");
    if (this.#segments !== null && laneAt(this.#segments, number) !== read.lane) return say("differs", "otherEntry");
    if (facts.drawn !== null && places === null) return say("open", "needsOther");
    say("fits");
    return { number, place: places?.[number] ?? null, joinedAt, late: false };
  }
}

/** Null: a part has the wrong width, so nothing follows from it. */
function seedOf(
  performanceId: string,
  { root, n }: SealedFacts,
  { secret }: DrawnFacts,
  beacon: string,
): string | null {
  try {
    return drawSeed({ performanceId, secret, beacon, root, n });
  } catch {
    return null;
  }
}
