/** The event queue's side: batches for the consumer, and what it did with each message and told the objects. */
import { expect } from "vitest";
import type { Environment } from "../../workers/environment.ts";
import { consumeNotices } from "../../workers/records/notices/consume.ts";
import { consume, consumeDeadLetters } from "../../workers/records/consume.ts";

export type End = "acked" | `retry in ${number} s` | "forgotten";

/** What a rule of so many seconds may come to: never longer, and at most a quarter shorter (workers/records/pause.ts). */
export function retryWithin(seconds: number): unknown {
  return expect.toSatisfy((end: unknown) => {
    const told = Number(/^retry in (\d+) s$/.exec(String(end))?.[1] ?? Number.NaN);
    return told <= seconds && told >= Math.floor(seconds * 0.75);
  });
}

/** A message and how often it has been handed over, this time included. */
export interface Tried {
  readonly body: unknown;
  readonly attempts: number;
}

const firstTry = (body: unknown): Tried => ({ body, attempts: 1 });

export class Delivery {
  /** Messages for the notices' queue. */
  readonly notices: unknown[] = [];
  /** Numbers reported as applied, per performance. */
  readonly reported = new Map<string, number[]>();
  readonly #env: Environment;

  constructor(settings: Readonly<Record<string, unknown>>) {
    const getByName = (performanceId: string) => ({
      applied: (numbers: readonly number[]): Promise<void> => {
        this.reported.set(performanceId, [...(this.reported.get(performanceId) ?? []), ...numbers]);
        return Promise.resolve();
      },
    });
    const sendBatch = (messages: Iterable<{ readonly body: unknown }>): Promise<void> => {
      this.notices.push(...Array.from(messages, ({ body }) => body));
      return Promise.resolve();
    };
    // The consumer uses Postgres and this one call of the objects; everything else of the Worker is not here.
    this.#env = { ...settings, PERFORMANCE: { getByName }, NOTICES: { sendBatch } } as unknown as Environment;
  }

  /** What became of each body. */
  deliver(...bodies: readonly unknown[]): Promise<readonly End[]> {
    return this.#hand("ticketping-events", bodies.map(firstTry), consume);
  }

  /** The same for messages that may have been tried before. */
  deliverAgain(...messages: readonly Tried[]): Promise<readonly End[]> {
    return this.#hand("ticketping-events", messages, consume);
  }

  deliverDead(...bodies: readonly unknown[]): Promise<readonly End[]> {
    return this.#hand("ticketping-events-dead", bodies.map(firstTry), consumeDeadLetters);
  }

  deliverNotices(...bodies: readonly unknown[]): Promise<readonly End[]> {
    return this.#hand("ticketping-notices", bodies.map(firstTry), consumeNotices);
  }

  async #hand(
    queue: string,
    tried: readonly Tried[],
    consumer: (batch: MessageBatch, env: Environment) => Promise<void>,
  ): Promise<readonly End[]> {
    const ends: End[] = tried.map(() => "forgotten");
    const messages = tried.map(({ body, attempts }, index) => ({
      id: `message-${index}`,
      timestamp: new Date(),
      attempts,
      // As the queue does: a copy, never the sender's own object.
      body: structuredClone(body),
      ack: () => void (ends[index] = "acked"),
      retry: (options?: QueueRetryOptions) => void (ends[index] = `retry in ${options?.delaySeconds ?? 0} s`),
    }));
    const nothing = (): void => undefined;
    const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } };
    await consumer({ queue, messages, metadata, ackAll: nothing, retryAll: nothing }, this.#env);
    return ends;
  }
}
