/**
 * A rush: everybody has come within seconds. The answer to joining says where somebody stands; their socket only brings
 * news later. Opened at the same moment by all, sockets would take the time of those who have no place yet. So while many
 * join, the answer says when to open it: spread at random, and at once for those who may be let in within seconds.
 */

/** More joins a second than this at one lobby are a rush: it can serve several times as many. */
export const RUSH_PER_SECOND = 50;
const SPREAD_MS = 10_000;
/** Who is asked to poll this often is near the front, or inside. */
const NEAR_POLL_SECONDS = 5;

export class Rush {
  #since = 0;
  #count = 0;
  #rushUntil = 0;

  /** One more has joined. Milliseconds after which they should open their socket; `random` is of [0, 1). */
  connectAfterMs(pollAfterSeconds: number, now: number, random: number): number {
    // A clock that was put back begins a new second, too.
    if (now - this.#since >= 1_000 || now < this.#since) [this.#since, this.#count] = [now, 0];
    this.#count += 1;
    // It lasts into the next second: that one's first joiners are no fewer because they are counted from nought.
    if (this.#count > RUSH_PER_SECOND) this.#rushUntil = this.#since + 2_000;
    if (now >= this.#rushUntil || pollAfterSeconds <= NEAR_POLL_SECONDS) return 0;
    return Math.floor(random * SPREAD_MS);
  }
}
