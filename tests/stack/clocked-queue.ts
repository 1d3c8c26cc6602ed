/**
 * The event queue on a clock that a test moves: what is put back comes again when its delay is over, what was tried too often is
 * a dead letter, and what a dying isolate had in its hands counts as tried. What is done with a message is the consumer's.
 */
import type { End, Tried } from "./delivery.ts";

/** As wrangler.toml has them. */
const BATCH = 100;
const MAX_RETRIES = 20;
const RETRY_DELAY_SECONDS = 5;

interface Waiting extends Tried {
  readonly dueAt: number;
}

export class ClockedQueue {
  readonly met = { tries: 0, putBack: 0, letGo: 0, deaths: 0, mostTries: 0 };
  /** Tried once more than allowed. */
  dead: unknown[] = [];
  #waiting: Waiting[] = [];

  get depth(): number {
    return this.#waiting.length;
  }

  send(bodies: readonly unknown[], now: number): void {
    for (const body of bodies) this.#waiting.push({ body, attempts: 1, dueAt: now });
  }

  /**
   * Hands over everything that is due. `dies`: is the isolate that gets this message about to die?
   * `applied`: does an acknowledged message mean that it was applied? Otherwise the consumer let it go.
   */
  async deliver(
    now: number,
    hand: (messages: readonly Tried[]) => Promise<readonly End[]>,
    { dies, applied }: { readonly dies: (body: unknown) => boolean; readonly applied: boolean },
  ): Promise<void> {
    const due = this.#waiting.filter(({ dueAt }) => dueAt <= now);
    this.#waiting = this.#waiting.filter(({ dueAt }) => dueAt > now);
    for (const message of due.filter(({ body }) => dies(body))) {
      this.met.deaths += 1;
      this.#again(message, now, RETRY_DELAY_SECONDS);
    }
    const alive = due.filter(({ body }) => !dies(body));
    for (let from = 0; from < alive.length; from += BATCH) {
      const batch = alive.slice(from, from + BATCH);
      const ends = await hand(batch);
      for (const [index, message] of batch.entries()) {
        this.met.tries += 1;
        this.met.mostTries = Math.max(this.met.mostTries, message.attempts);
        const seconds = /^retry in (\d+) s$/.exec(ends[index] ?? "forgotten")?.[1];
        if (seconds !== undefined) {
          this.met.putBack += 1;
          this.#again(message, now, Number(seconds));
        } else if (!applied) this.met.letGo += 1;
      }
    }
  }

  #again({ body, attempts }: Waiting, now: number, seconds: number): void {
    if (attempts > MAX_RETRIES) this.dead.push(body);
    else this.#waiting.push({ body, attempts: attempts + 1, dueAt: now + seconds * 1_000 });
  }
}
