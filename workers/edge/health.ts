/**
 * Whether what we need answers. The route is public, so each part is looked at once in a while per isolate however often it is
 * asked for, by one request at a time; and all that is said of a part is one word of three.
 */
import type { Signal } from "../../durable-objects/in-time.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import { avoids, guarded } from "../calls/guard.ts";
import type { Dependency } from "../calls/dependencies.ts";
import type { Environment } from "../environment.ts";
import { mailIsOn } from "../mail/mail.ts";
import { payments } from "../payments/providers.ts";
import { pingRecords } from "../records/catalogue.ts";
import { isRecordsUnavailable, withRecords } from "../records/database.ts";
import { readMeter } from "../watch/metrics/collect.ts";

/** `down`: it does not answer. `degraded`: it answers, but calls of it have just failed. */
export const states = ["ok", "degraded", "down"] as const;
export type State = (typeof states)[number];
/** What is not used (a provider that is off, mail without settings) is not there. */
export const parts = ["performances", "postgres", "events", "meter", "toss", "stripe", "mail", "beacon"] as const;
export type Part = (typeof parts)[number];
export type Parts = Partial<Record<Part, State>>;

const OWN_DEADLINE_MS = 2_000;
const OWN_EVERY_MS = 5_000;
/** Other people's servers. */
const OTHERS_DEADLINE_MS = 3_000;
const OTHERS_EVERY_MS = 30_000;
/** Nobody sells under this name: the object answers that it was never published, and keeps nothing. */
const NO_PERFORMANCE = "00000000-0000-4000-8000-000000000000";

/** `down` where nothing can be sold, which is while objects do not answer: everything else can be gone for a while. */
export function overall(found: Parts, paymentsAreSet: boolean): State {
  if (found.performances !== "ok") return "down";
  return paymentsAreSet && Object.values(found).every((state) => state === "ok") ? "ok" : "degraded";
}

export async function lookAtParts(env: Environment): Promise<Parts> {
  const book = bookOf(env);
  const looks: Partial<Record<Part, Promise<State>>> = {
    performances: book.state("performances", OWN_EVERY_MS, () => askPerformance(env)),
    postgres: book.state("postgres", OWN_EVERY_MS, () => askPostgres(env)),
    events: Promise.resolve(hasQueue(env) ? "ok" : "down"),
    meter: book.state("meter", OWN_EVERY_MS, () => answers(() => readMeter(env, OWN_DEADLINE_MS))),
  };
  const { on } = payments(env);
  if (on.has("toss"))
    looks.toss = book.state("toss", OTHERS_EVERY_MS, () => askProvider(env, "toss", env.TOSS_API_URL));
  if (on.has("stripe"))
    looks.stripe = book.state("stripe", OTHERS_EVERY_MS, () => askProvider(env, "stripe", env.STRIPE_API_URL));
  // Nothing can be asked of a mail service but to send one: how the last ones fared is the answer.
  if (mailIsOn(env)) looks.mail = Promise.resolve(avoids(env, "mail") ? "down" : "ok");
  const relays = relaysOf(env);
  if (relays.length > 0) looks.beacon = book.state("beacon", OTHERS_EVERY_MS, () => askRelays(env, relays));
  const found = await Promise.all(
    parts.map(async (part): Promise<readonly (readonly [Part, State])[]> => {
      const state = await looks[part];
      return state === undefined ? [] : [[part, state]];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function answers(ask: () => Promise<unknown>): Promise<State> {
  try {
    await ask();
    return "ok";
  } catch {
    return "down";
  }
}

function askPerformance(env: Environment): Promise<State> {
  const asking = { deadlineMs: OWN_DEADLINE_MS, regardless: true };
  return answers(() => askPerformanceAgain(env, NO_PERFORMANCE, (object) => object.facts(), asking));
}

async function askPostgres(env: Environment): Promise<State> {
  try {
    await withRecords(env, pingRecords, { deadlineMs: OWN_DEADLINE_MS, regardless: true });
    return "ok";
  } catch (error) {
    if (isRecordsUnavailable(error)) return "down";
    throw error;
  }
}

/** Whether it takes messages is found out by sending some, and that is work: the outbox's age says it (`OutboxStuck`). */
function hasQueue(env: Partial<Environment>): boolean {
  return typeof env.EVENTS?.sendBatch === "function";
}

async function askProvider(env: Environment, provider: "toss" | "stripe", url: string): Promise<State> {
  if (!(await isAnswered(env, provider, url))) return "down";
  return avoids(env, provider) ? "degraded" : "ok";
}

function relaysOf({ BEACON_URLS = "" }: Partial<Environment>): readonly string[] {
  return BEACON_URLS.split(",").flatMap((relay) => (relay.trim() === "" ? [] : [relay.trim()]));
}

/** One relay is enough for a draw. */
async function askRelays(env: Environment, relays: readonly string[]): Promise<State> {
  const answered = await Promise.all(relays.map((relay) => isAnswered(env, "beacon", relay)));
  return answered.includes(true) ? "ok" : "down";
}

/**
 * Anything that is no trouble of the server's is an answer: nobody signs in for this, so that it is cheap. It has a breaker of
 * its own, because it must neither open nor close the one that stands before payments.
 */
async function isAnswered(env: Environment, dependency: Dependency, url: string): Promise<boolean> {
  const ask = async (signal: Signal): Promise<number> => {
    const answer = await fetch(url, { method: "HEAD", redirect: "manual", signal: signal() });
    await answer.body?.cancel();
    return answer.status;
  };
  const isTrouble = (status: number): boolean => status >= 500 && status !== 501;
  try {
    const asking = { deadlineMs: OTHERS_DEADLINE_MS, which: `health ${url}`, regardless: true, isTrouble };
    return !isTrouble(await guarded(env, dependency, ask, asking));
  } catch {
    return false;
  }
}

interface Entry {
  state: State;
  /** When the look that found it began. */
  at: number;
}

/** A look whose request was given up is taken for lost after this, and the next one looks. */
const LOST_MS = 10_000;
/** How often who came before anything was found looks into the book. */
const WAIT_MS = 50;

/**
 * What was found last, per isolate, and by one request at a time: who comes while somebody looks is told what was found before,
 * or waits for the first word. It cannot wait for the look itself, because a request may not wait for what another one asks.
 */
export class Book {
  readonly #found = new Map<Part, Entry>();
  readonly #looking = new Map<Part, number>();

  async state(part: Part, everyMs: number, look: () => Promise<State>): Promise<State> {
    for (;;) {
      const now = Date.now();
      const known = this.#found.get(part);
      if (known !== undefined && isRecent(now, known.at, everyMs)) return known.state;
      const began = this.#looking.get(part);
      if (began === undefined || !isRecent(now, began, LOST_MS)) return this.#look(part, now, look);
      if (known !== undefined) return known.state;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }

  async #look(part: Part, now: number, look: () => Promise<State>): Promise<State> {
    this.#looking.set(part, now);
    try {
      const state = await look();
      this.#found.set(part, { state, at: now });
      return state;
    } finally {
      this.#looking.delete(part);
    }
  }
}

/** A clock that was set back makes nothing older or younger than it can be. */
function isRecent(now: number, at: number, forMs: number): boolean {
  return now >= at && now - at < forMs;
}

const books = new WeakMap<object, Book>();

function bookOf(env: object): Book {
  let book = books.get(env);
  if (book === undefined) books.set(env, (book = new Book()));
  return book;
}
