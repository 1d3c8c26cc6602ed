/**
 * Signs of life on their way to the object: coalesced per person, reported with the next batch. A person's lease is
 * renewed only when it has run a third of its time, so that a crowd standing still costs a few bytes a minute each.
 */
import type { PresenceReport } from "../performance/contract.ts";

/** A socket's lease from its last sign of life. */
export const SOCKET_LEASE_SECONDS = 45;
/** What is left after the last socket closed: long enough for a reload. */
export const CLOSED_LEASE_SECONDS = 5;
const RENEW_AFTER_MS = 15_000;

export class Presence {
  readonly #pending = new Map<number, number>();
  readonly #renewed = new Map<number, number>();

  /** Somebody on a socket is there. */
  alive(number: number, now: number): void {
    if (now - (this.#renewed.get(number) ?? 0) < RENEW_AFTER_MS) return;
    this.#renewed.set(number, now);
    this.#pending.set(number, SOCKET_LEASE_SECONDS);
  }

  /** Somebody said until when: a poller until the next poll, a closed tab a few seconds. */
  lease(number: number, seconds: number): void {
    this.#renewed.delete(number);
    this.#pending.set(number, seconds);
  }

  /** Everything to report, once. */
  take(): PresenceReport | null {
    if (this.#pending.size === 0) return null;
    const report = {
      numbers: Uint32Array.from(this.#pending.keys()),
      leaseSeconds: Uint16Array.from(this.#pending.values()),
    };
    this.#pending.clear();
    return report;
  }
}
