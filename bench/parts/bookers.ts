/**
 * Five hundred people choose seats at the same time, each with a connection and a socket of their own: how long a hold takes
 * as they see it, and when the others see it. Clients, edge, lobbies and object share one machine.
 */
import { z } from "zod";
import { seeded } from "../../tests/simulation/random.ts";
import { Bookers, type Booker } from "../bookers.ts";
import { seatId } from "../load/stadium.ts";
import { percentile, shown, type Measured } from "../report.ts";
import { costOf, performanceId, withBench, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const BOOKERS = 500;
/** Each of them holds two seats every five seconds, and gives them back after one: faster than people choose, and keeps on. */
const EVERY_MS = 5_000;
const KEPT_MS = 1_000;
const WARM_ROUNDS = 1;
const AT_ONCE_ROUNDS = 5;
/** Sockets whose every frame is read; the others are told the same, and counted. */
const OBSERVERS = 10;
const HEARD_WITHIN_MS = 5_000;
const HELD = 2;
const HALL = { sections: 40, rows: 25, seats: 50 } as const;

interface Pair {
  readonly section: number;
  /** The first of two neighbours, as deltas number them: by their place in the section. */
  readonly seat: number;
  readonly ids: readonly [string, string];
}

const Delta = z.object({ type: z.literal("seats"), changes: z.array(z.tuple([z.number(), z.number(), z.number()])) });

export const bookers: Study = {
  figures: [
    { name: "hold_p99_ms_500_bookers", unit: "ms", target: 150, better: "lower" },
    { name: "delta_p99_ms", unit: "ms", target: 250, better: "lower" },
  ],
  measure: (lab) => withBench((bench) => measure(bench, lab)),
};

async function measure(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const id = performanceId(1);
  await bench.ask("publish", { id, ...HALL, bookingLobbies: 2 }, z.looseObject({ seats: z.number() }));
  lab.say(`${BOOKERS} bookers come in`);
  const inside = await Bookers.inside(bench, id, BOOKERS);
  try {
    const news = new News();
    for (const booker of inside.everybody) await inside.watch(booker, (frame) => news.hear(booker, frame));
    const pairs = shuffledPairs();
    // Every pair is held once at most, so that what is told of a seat is told of one hold.
    const rounds = Math.min(lab.seconds + 1, Math.floor(pairs.length / BOOKERS) - AT_ONCE_ROUNDS - WARM_ROUNDS);
    lab.say(`${rounds} holds each, one in ${EVERY_MS} ms`);
    const sale = new Sale(inside, pairs);
    await sale.everybodySteadily(WARM_ROUNDS); // the code was still being compiled
    sale.done.length = 0;
    const cost = await costOf(bench, () => sale.everybodySteadily(rounds));
    const steady = [...sale.done];
    const deltas = await news.delaysOf(steady);
    lab.say("everybody at once");
    const together: number[] = [];
    for (let round = 0; round < AT_ONCE_ROUNDS; round++) together.push(...(await sale.everybodyAtOnce()));
    if (inside.alive !== BOOKERS) throw new Error(`${BOOKERS - inside.alive} of ${BOOKERS} sockets were closed`);
    const took = steady.map(({ askedAt, answeredAt }) => answeredAt - askedAt);
    return {
      hold_p99_ms_500_bookers: {
        value: percentile(took, 0.99),
        note:
          `${BOOKERS} bookers with a connection and a socket each, each holds two seats every five seconds and gives them back after ` +
          `one: ${steady.length} holds, median ${shown(percentile(took, 0.5))} ms; runtime busy for ` +
          `${shown(cost.cpuMs / cost.milliseconds)} of one core; all ${BOOKERS} at the same instant: median ` +
          `${shown(percentile(together, 0.5))} ms, p99 ${shown(percentile(together, 0.99))} ms`,
      },
      delta_p99_ms: {
        value: percentile(deltas.afterAnswer, 0.99),
        note:
          `from the answer of a hold to the frame at each of ${OBSERVERS} other bookers' sockets, 0 where the frame came first; median ` +
          `${shown(percentile(deltas.afterAnswer, 0.5))} ms; from the request on: median ${shown(percentile(deltas.afterRequest, 0.5))} ms, ` +
          `p99 ${shown(percentile(deltas.afterRequest, 0.99))} ms; ${news.frames} frames to ${BOOKERS} sockets in all`,
      },
    };
  } finally {
    inside.end();
  }
}

interface Done {
  readonly booker: Booker;
  readonly pair: Pair;
  readonly askedAt: number;
  readonly answeredAt: number;
}

class Sale {
  readonly done: Done[] = [];
  readonly #inside: Bookers;
  readonly #pairs: readonly Pair[];
  #next = 0;

  constructor(inside: Bookers, pairs: readonly Pair[]) {
    this.#inside = inside;
    this.#pairs = pairs;
  }

  /** Everybody holds and gives back at a pace of their own, one thing at a time, all of them evenly spread. */
  async everybodySteadily(rounds: number): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(
      this.#inside.everybody.map(async (booker, index) => {
        for (let round = 0; round < rounds; round++) {
          await until(startedAt + (round + index / BOOKERS) * EVERY_MS);
          const holdId = await this.#hold(booker);
          await until(performance.now() + KEPT_MS);
          await this.#inside.release(booker, holdId);
        }
      }),
    );
  }

  /** How long each of them waited for the answer. */
  async everybodyAtOnce(): Promise<number[]> {
    const before = this.done.length;
    const holds = await Promise.all(
      this.#inside.everybody.map(async (booker) => ({ booker, holdId: await this.#hold(booker) })),
    );
    await Promise.all(holds.map(({ booker, holdId }) => this.#inside.release(booker, holdId)));
    return this.done.slice(before).map(({ askedAt, answeredAt }) => answeredAt - askedAt);
  }

  async #hold(booker: Booker): Promise<string> {
    const pair = this.#pairs[this.#next];
    if (pair === undefined) throw new Error("there are no seats left");
    this.#next += 1;
    const askedAt = performance.now();
    const holdId = await this.#inside.hold(booker, pair.ids);
    this.done.push({ booker, pair, askedAt, answeredAt: performance.now() });
    return holdId;
  }
}

async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** What the observers heard, and when. */
class News {
  frames = 0;
  /** By observer: when a seat was said to be held, the latest time. */
  readonly #heard = new Map<number, Map<string, number>>();

  hear(booker: Booker, frame: string): void {
    this.frames += 1;
    const every = BOOKERS / OBSERVERS;
    if (booker.number % every !== 0 || !frame.startsWith('{"type":"seats"')) return;
    const at = performance.now();
    let heard = this.#heard.get(booker.number);
    if (heard === undefined) this.#heard.set(booker.number, (heard = new Map()));
    for (const [section, seat, status] of Delta.parse(JSON.parse(frame)).changes) {
      if (status === HELD) heard.set(`${section}/${seat}`, at);
    }
  }

  /** Milliseconds of each hold at each observer but the one who holds. Whatever was not told is an error. */
  async delaysOf(done: readonly Done[]): Promise<{ readonly afterAnswer: number[]; readonly afterRequest: number[] }> {
    const until = performance.now() + HEARD_WITHIN_MS;
    const missing = (): number => {
      let count = 0;
      for (const { pair } of done) for (const heard of this.#heard.values()) if (!heard.has(keyOf(pair))) count += 1;
      return count;
    };
    while (missing() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.#heard.size !== OBSERVERS || missing() > 0) {
      throw new Error(`${missing()} holds were not told to one of ${this.#heard.size} sockets`);
    }
    const [afterAnswer, afterRequest]: [number[], number[]] = [[], []];
    for (const { booker, pair, askedAt, answeredAt } of done) {
      for (const [observer, heard] of this.#heard) {
        const at = heard.get(keyOf(pair));
        if (at === undefined || observer === booker.number) continue;
        afterAnswer.push(Math.max(0, at - answeredAt));
        afterRequest.push(at - askedAt);
      }
    }
    return { afterAnswer, afterRequest };
  }
}

const keyOf = ({ section, seat }: Pair): string => `${section}/${seat}`;

function shuffledPairs(): readonly Pair[] {
  const random = seeded(500);
  const pairs: Pair[] = [];
  for (let section = 0; section < HALL.sections; section++) {
    for (let row = 0; row < HALL.rows; row++) {
      for (let n = 0; n + 1 < HALL.seats; n += 2) {
        pairs.push({
          section,
          seat: row * HALL.seats + n,
          ids: [seatId(section, row, n), seatId(section, row, n + 1)],
        });
      }
    }
  }
  for (let last = pairs.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [pairs[last], pairs[other]];
    if (a !== undefined && b !== undefined) [pairs[last], pairs[other]] = [b, a];
  }
  return pairs;
}
