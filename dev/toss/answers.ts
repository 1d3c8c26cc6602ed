/**
 * Idempotency as Toss Payments has it: the first answer under a key is kept for 15 days and repeated, whatever the body
 * of the repeat says. The key counts only together with the API key, the URL and the method.
 */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { transact } from "./ledger-file.ts";
import { refusalAnswer, TossRefusal, type Answer } from "./refusals.ts";

const KEPT_MS = 15 * 24 * 3_600_000;
const Stored = z.object({ status: z.number(), body: z.string() });

export interface AnswerScope {
  readonly idempotencyKey: string;
  readonly apiKey: string;
  readonly method: string;
  readonly url: string;
}

export class Answers {
  readonly #database: DatabaseSync;
  /** Scopes whose first request is still being worked on. Gone with the process, as its unfinished work is. */
  readonly #running = new Set<string>();

  constructor(ledger: DatabaseSync) {
    this.#database = ledger;
  }

  /** Runs the request unless its answer is known; a twin of a running request is told to wait. */
  async once(scope: AnswerScope | null, now: () => number, work: () => Promise<() => Answer>): Promise<Answer> {
    if (scope === null) return this.#perform(null, now(), await work());
    const stored = this.#stored(scope, now());
    if (stored) return stored;
    const name = JSON.stringify([scope.idempotencyKey, scope.apiKey, scope.method, scope.url]);
    if (this.#running.has(name)) return refusalAnswer("IDEMPOTENT_REQUEST_PROCESSING");
    this.#running.add(name);
    try {
      return this.#perform(scope, now(), await work());
    } finally {
      this.#running.delete(name);
    }
  }

  /** Does the work and keeps its answer in one step: a crash leaves both or neither. */
  #perform(scope: AnswerScope | null, now: number, effect: () => Answer): Answer {
    return transact(this.#database, () => {
      const answer = attempt(effect);
      if (scope && !isThrottle(answer)) {
        this.#database
          .prepare("insert or replace into answers values (?, ?, ?, ?, ?, ?, ?)")
          .run(
            scope.idempotencyKey,
            scope.apiKey,
            scope.method,
            scope.url,
            answer.status,
            JSON.stringify(answer.body),
            now,
          );
      }
      return answer;
    });
  }

  #stored(scope: AnswerScope, now: number): Answer | null {
    const found = this.#database
      .prepare(
        `select status, body from answers
         where idempotency_key = ? and api_key = ? and method = ? and url = ? and answered_at > ?`,
      )
      .get(scope.idempotencyKey, scope.apiKey, scope.method, scope.url, now - KEPT_MS);
    if (found === undefined) return null;
    const { status, body } = Stored.parse(found);
    const parsed: unknown = JSON.parse(body);
    return { status, body: parsed };
  }
}

function attempt(effect: () => Answer): Answer {
  try {
    return effect();
  } catch (error) {
    if (error instanceof TossRefusal) return refusalAnswer(error.code, error.message);
    throw error;
  }
}

/** "Not now" says nothing about the request, so it must not become its answer for 15 days. */
function isThrottle(answer: Answer): boolean {
  return z.object({ code: z.literal("FORBIDDEN_CONSECUTIVE_REQUEST") }).safeParse(answer.body).success;
}
