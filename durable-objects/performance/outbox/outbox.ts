/**
 * Events on their way to the records. A row commits with the change it reports and is deleted only when the records say
 * that its number is applied: a message that was sent can still be lost, and what is not reported is sent again.
 * When each row was sent last is memory only; after a restart everything left is sent once more, which changes nothing.
 */
import { integer, rows, text, type Sql } from "../storage/sql.ts";
import { NotAsked, type Guard } from "../../guard.ts";
import { log } from "../../log.ts";
import { causesOf, type EventEnvelope } from "../events.ts";

/** Limits of the event queue: 100 messages and 256 KB a batch, with room for what the platform adds. */
const BATCH_MESSAGES_MAX = 100;
const BATCH_BYTES_MAX = 200_000;
const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 300_000;
/** Up to this share of a pause is left out, so that objects that lost their messages together do not send again together. */
const SPREAD = 0.25;
/** While the records are down no more than this many are sent and resent; the rest waits in storage. */
const OUTSTANDING_MAX = 2_000;

interface Sent {
  readonly nextAt: number;
  readonly tries: number;
}

export class Outbox {
  readonly #sql: Sql;
  /** Sent and not yet reported. */
  readonly #sent = new Map<number, Sent>();
  #sentUpTo = 0;
  #depth = 0;
  /** No retry is due before. */
  #retryAt = Number.POSITIVE_INFINITY;
  #busy = false;
  /** The event queue is not asked for a moment: until then nothing is due. `since`, so that a clock set back makes it no longer. */
  #pause: { readonly since: number; readonly until: number } | null = null;
  readonly #chance: () => number;

  /** `depth`: rows there are; 0 for an object without tables. `chance` in [0, 1) spreads the tries of many objects. */
  constructor(sql: Sql, depth: number, chance: () => number) {
    this.#sql = sql;
    this.#chance = chance;
    this.#depth = depth;
  }

  /** Rows that committed with the last change. */
  added(count: number): void {
    this.#depth += count;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Sends everything that is due; one run at a time. A failure leaves the rows for the next try. */
  async drain(now: () => number, send: (events: readonly EventEnvelope[]) => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let events = this.take(now()); events.length > 0; events = this.take(now())) {
        await send(events).catch((error: unknown) => {
          if (error instanceof NotAsked) this.#notSent(events, now(), error.waitMs);
          throw error;
        });
      }
    } finally {
      this.#busy = false;
    }
  }

  /**
   * Takes the events whose turn it is, at most one queue batch: new ones in order, then those nobody has reported for too
   * long. From here on they count as sent, and the next try is due later, unless nobody was asked to take them.
   */
  take(now: number): readonly EventEnvelope[] {
    const events = this.#due(now);
    for (const event of events) this.#noteSent(event.seq, now);
    return events;
  }

  #due(now: number): readonly EventEnvelope[] {
    if (this.#pause !== null && now >= this.#pause.since && now < this.#pause.until) return [];
    this.#pause = null;
    // Whatever was sent is still there until it is reported: with as many rows as that there are no others.
    if (this.#depth > this.#sent.size && this.#sent.size < OUTSTANDING_MAX) {
      const query = "SELECT body FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?";
      const fresh = this.#read(query, this.#sentUpTo, BATCH_MESSAGES_MAX);
      if (fresh.length > 0) return fresh;
    }
    if (now < this.#retryAt) return [];
    const again: number[] = [];
    this.#retryAt = Number.POSITIVE_INFINITY;
    for (const [seq, { nextAt }] of this.#sent) {
      if (nextAt <= now && again.length < BATCH_MESSAGES_MAX) again.push(seq);
      this.#retryAt = Math.min(this.#retryAt, nextAt);
    }
    if (again.length === 0) return [];
    return this.#read(
      "SELECT body FROM outbox WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
      JSON.stringify(again),
    );
  }

  /** Answers when the events happened that were still here. */
  applied(numbers: readonly number[]): readonly number[] {
    const query = "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?)) RETURNING at";
    const times = rows(this.#sql, query, JSON.stringify(numbers)).map((row) => integer(row, "at"));
    this.#depth -= times.length;
    for (const seq of numbers) this.#sent.delete(seq);
    return times;
  }

  /** When something has to be sent, or null when nothing is left. */
  nextAt(): number | null {
    // A run is under way and takes the rest; whoever started it asks again at its end. An alarm meanwhile would only spin.
    if (this.#depth === 0 || this.#busy) return null;
    const earliest = this.#pause?.until ?? 0;
    if (this.#depth > this.#sent.size && this.#sent.size < OUTSTANDING_MAX) return earliest;
    return Number.isFinite(this.#retryAt) ? Math.max(this.#retryAt, earliest) : null;
  }

  /** When the oldest unreported event happened. */
  oldestAt(): number | null {
    if (this.#depth === 0) return null;
    const row = rows(this.#sql, "SELECT at FROM outbox ORDER BY seq LIMIT 1")[0];
    return row === undefined ? null : integer(row, "at");
  }

  #read(query: string, ...bindings: (string | number)[]): readonly EventEnvelope[] {
    const events: EventEnvelope[] = [];
    let size = 0;
    for (const row of rows(this.#sql, query, ...bindings)) {
      const body = text(row, "body");
      size += body.length * 3; // UTF-8 takes at most three bytes for a UTF-16 unit
      if (events.length > 0 && size > BATCH_BYTES_MAX) break;
      events.push(JSON.parse(body) as EventEnvelope);
    }
    return events;
  }

  /** They have not left: they are due as soon as the event queue is asked again, and the try does not count. */
  #notSent(events: readonly EventEnvelope[], now: number, waitMs: number): void {
    this.#pause = { since: now, until: now + waitMs };
    this.#retryAt = 0;
    for (const { seq } of events) {
      const sent = this.#sent.get(seq);
      if (sent !== undefined) this.#sent.set(seq, { nextAt: 0, tries: sent.tries - 1 });
    }
  }

  #noteSent(seq: number, now: number): void {
    const tries = this.#sent.get(seq)?.tries ?? 0;
    const nextAt = now + Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS) * (1 - SPREAD * this.#chance());
    this.#sent.set(seq, { nextAt, tries: tries + 1 });
    this.#sentUpTo = Math.max(this.#sentUpTo, seq);
    this.#retryAt = Math.min(this.#retryAt, nextAt);
  }
}

export interface EventQueue {
  sendBatch(messages: Iterable<{ body: EventEnvelope }>): Promise<unknown>;
}

const SEND_MS = 15_000;

/** @throws NotAsked when nobody was asked to take them, and whatever else when they may not have been taken: then they are sent again, and change nothing where they had been. */
export async function sendEvents(guard: Guard, queue: EventQueue, events: readonly EventEnvelope[]): Promise<void> {
  await guard.ask("event-queue", SEND_MS, () => queue.sendBatch(events.map((body) => ({ body }))));
  logSent(events);
}

/** One line for each batch that was handed to the event queue: its numbers, and nothing of what they say. */
export function logSent(events: readonly EventEnvelope[]): void {
  const [first] = events;
  if (first === undefined) return;
  const { performanceId, seq: from } = first;
  const to = events.at(-1)?.seq ?? from;
  log("info", "outbox", "sent", { performanceId, events: events.length, from, to, commandIds: causesOf(events) });
}
