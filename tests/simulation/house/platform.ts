/**
 * Objects as the platform runs them, with its troubles: one instance per name, made on demand and thrown away by a crash or
 * an eviction; calls that get lost, late or unanswered; one alarm each, which comes late, twice or never.
 */
import type { Random } from "../random.ts";
import { simulatedStorage, type SimulatedStorage } from "../sqlite.ts";
import { plainCopy } from "./plain.ts";
import { SocketEnd } from "./sockets.ts";
import type { Time } from "./time.ts";

/** How likely each trouble is; nothing happens while `calm`. */
const ODDS = {
  lost: 0.006,
  unanswered: 0.006,
  hangs: 0.001,
  commit: 0.004,
  /** An object that is being made writes little and rarely: it would hardly ever die of it. */
  commitAtStart: 0.1,
  alarmLost: 0.01,
  alarmTwice: 0.03,
} as const;
const HANG_MS = 20_000;
const ALARM_LATE_MS = 400;
/** A dead process goes no further than its next call. */
const NEVER = new Promise<never>(() => undefined);

export interface PlatformMet {
  objectCrashes: number;
  lobbyCrashes: number;
  evictions: number;
  startsFailed: number;
  callsLost: number;
  answersLost: number;
  callsLate: number;
  alarmsLost: number;
  alarmsTwice: number;
}

interface Instance {
  readonly kind: string;
  alive: boolean;
  /** Its class is still being constructed. */
  starting: boolean;
  ready: Promise<unknown>;
  object: Record<string, (...words: unknown[]) => unknown>;
}

interface Place {
  readonly kind: string;
  readonly name: string;
  readonly storage: SimulatedStorage;
  readonly sockets: { readonly end: SocketEnd; readonly tags: readonly string[] }[];
  instance: Instance | null;
  /** When the last instance was made: no two processes start within a millisecond. */
  bornAt: number;
  alarm: { at: number; timer: number } | null;
}

type Maker = (ctx: unknown, env: unknown) => object;

export class Platform {
  calm = false;
  readonly met: PlatformMet = {
    objectCrashes: 0,
    lobbyCrashes: 0,
    evictions: 0,
    startsFailed: 0,
    callsLost: 0,
    answersLost: 0,
    callsLate: 0,
    alarmsLost: 0,
    alarmsTwice: 0,
  };
  readonly #time: Time;
  readonly #random: Random;
  readonly #makers: Readonly<Record<string, Maker>>;
  readonly #env: Readonly<Record<string, unknown>>;
  readonly #places = new Map<string, Place>();

  constructor(
    time: Time,
    random: Random,
    makers: Readonly<Record<string, Maker>>,
    env: Readonly<Record<string, unknown>>,
  ) {
    this.#time = time;
    this.#random = random;
    this.#makers = makers;
    this.#env = env;
  }

  /** Objects of a class, as the Worker (`caller` null) or an instance sees them. */
  namespace(kind: string, caller: Instance | null = null): { getByName(name: string): unknown } {
    return {
      getByName: (name) =>
        new Proxy(
          {},
          {
            get:
              (_, method) =>
              (...words: unknown[]) =>
                this.#call(kind, name, String(method), words, caller),
          },
        ),
    };
  }

  storageOf(kind: string, name: string): SimulatedStorage {
    return this.#place(kind, name).storage;
  }

  names(kind: string): readonly string[] {
    return Array.from(this.#places.values()).flatMap((place) => (place.kind === kind ? place.name : []));
  }

  /** The process is gone. Sockets outlive an eviction, not a crash. */
  kill(kind: string, name: string, eviction: boolean): void {
    const place = this.#place(kind, name);
    if (place.instance === null) return;
    place.instance.alive = false;
    place.instance = null;
    if (eviction) this.met.evictions += 1;
    else if (kind === "PERFORMANCE") this.met.objectCrashes += 1;
    else this.met.lobbyCrashes += 1;
    if (!eviction) for (const { end } of place.sockets.splice(0)) end.close(1_006);
  }

  close(): void {
    for (const place of this.#places.values()) place.storage.close();
  }

  async #call(
    kind: string,
    name: string,
    method: string,
    words: readonly unknown[],
    caller: Instance | null,
  ): Promise<unknown> {
    const gone = (): boolean => caller !== null && !caller.alive;
    if (gone()) return NEVER;
    // A request that upgrades to a socket is no plain data.
    const plain = method !== "fetch";
    const sent = plain ? plainCopy(words) : words;
    await this.#travel();
    if (gone()) return NEVER;
    if (this.#strikes(ODDS.lost)) {
      this.met.callsLost += 1;
      throw passing("Network connection lost.");
    }
    if (this.#strikes(ODDS.hangs)) {
      this.met.callsLate += 1;
      await this.#time.sleep(HANG_MS);
    }
    const target = await this.#awake(this.#place(kind, name));
    const work = target.object[method];
    if (work === undefined) throw new TypeError(`${kind} has no method ${method}`);
    const result = await work.apply(target.object, [...sent]);
    if (gone()) return NEVER;
    if (!target.alive) throw passing("The object was reset.");
    if (this.#strikes(ODDS.unanswered)) {
      this.met.answersLost += 1;
      throw passing("Network connection lost.");
    }
    await this.#travel();
    if (gone()) return NEVER;
    return plain ? plainCopy(result) : result;
  }

  /** Mostly at once, sometimes slower than what was sent after it. */
  async #travel(): Promise<void> {
    if (this.#random.chance(0.3)) await this.#time.sleep(1 + this.#random.below(40));
  }

  #strikes(odds: number): boolean {
    return !this.calm && this.#random.chance(odds);
  }

  #place(kind: string, name: string): Place {
    const key = `${kind}/${name}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = { kind, name, storage: simulatedStorage(), sockets: [], instance: null, bornAt: 0, alarm: null };
      this.#places.set(key, place);
    }
    return place;
  }

  /** The instance there is, or a new one, ready to be called. */
  async #awake(place: Place): Promise<Instance> {
    while (place.instance === null && place.bornAt >= this.#time.now) await this.#time.sleep(1);
    const instance = place.instance ?? this.#start(place);
    await instance.ready;
    return instance;
  }

  #start(place: Place): Instance {
    place.bornAt = this.#time.now;
    const { kind } = place;
    const instance: Instance = { kind, alive: true, starting: true, ready: Promise.resolve(), object: {} };
    place.instance = instance;
    const env = {
      ...this.#env,
      PERFORMANCE: this.namespace("PERFORMANCE", instance),
      LOBBY: this.namespace("LOBBY", instance),
    };
    try {
      instance.object = this.#makers[kind]?.(this.#context(place, instance), env) as Instance["object"];
      instance.starting = false;
    } catch (error) {
      instance.alive = false;
      place.instance = null;
      throw error;
    }
    return instance;
  }

  #context(place: Place, instance: Instance): unknown {
    const mustLive = (): void => {
      if (!instance.alive) throw passing("The object was reset.");
    };
    const { storage } = place;
    return {
      id: { name: place.name },
      exports: { Payments: this.namespace("PAYMENTS", instance).getByName("") },
      waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
      abort: () => this.kill(place.kind, place.name, false),
      blockConcurrencyWhile: (work: () => Promise<unknown>) => (instance.ready = instance.ready.then(work)),
      storage: {
        sql: {
          exec: (...words: Parameters<SimulatedStorage["sql"]["exec"]>) => {
            mustLive();
            return storage.sql.exec(...words);
          },
        },
        transactionSync: <Result>(work: () => Result): Result => {
          mustLive();
          return this.#commit(place, instance.starting, work);
        },
        getAlarm: () => Promise.resolve(place.alarm?.at ?? null),
        setAlarm: (at: number) => {
          if (instance.alive) this.#setAlarm(place, at);
          return Promise.resolve();
        },
      },
      acceptWebSocket: (end: SocketEnd, tags: readonly string[]) => {
        mustLive();
        this.#accept(place, end, tags);
      },
      // A timer of a dead process may still run here: the sockets are those of the next one.
      getWebSockets: (tag?: string) =>
        place.sockets.flatMap(({ end, tags }) =>
          instance.alive && (tag === undefined || tags.includes(tag)) ? end : [],
        ),
      setWebSocketAutoResponse: () => undefined,
      getWebSocketAutoResponseTimestamp: (end: SocketEnd) => (end.pingedAt === null ? null : new Date(end.pingedAt)),
    };
  }

  /** A process may die before its write (nothing happened) or after it (nobody hears of it). */
  #commit<Result>(place: Place, starting: boolean, work: () => Result): Result {
    const dies = this.#strikes(starting ? ODDS.commitAtStart : ODDS.commit);
    if (dies && starting) this.met.startsFailed += 1;
    const before = dies && this.#random.chance(0.5);
    const result = place.storage.transaction(() => {
      const done = work();
      if (before) this.#die(place);
      return done;
    });
    if (dies) this.#die(place);
    return result;
  }

  #die(place: Place): never {
    this.kill(place.kind, place.name, false);
    throw passing("The process died.");
  }

  #accept(place: Place, end: SocketEnd, tags: readonly string[]): void {
    const entry = { end, tags };
    place.sockets.push(entry);
    end.onmessage = (data) => {
      if (data === "ping") {
        end.pingedAt = this.#time.now;
        return end.send("pong");
      }
      void this.#wake(place, "webSocketMessage", end, data);
    };
    end.onclose = (code) => {
      void this.#wake(place, "webSocketClose", end, code, "", true);
      place.sockets.splice(place.sockets.indexOf(entry), 1);
    };
  }

  async #wake(place: Place, method: string, ...words: unknown[]): Promise<void> {
    const instance = await this.#awake(place);
    if (instance.alive) await instance.object[method]?.(...words);
  }

  #setAlarm(place: Place, at: number): void {
    if (place.alarm !== null) this.#time.cancel(place.alarm.timer);
    const late = this.calm ? 0 : this.#random.below(ALARM_LATE_MS);
    const timer = this.#time.at(Math.max(at, this.#time.now) + late, () => void this.#ring(place));
    place.alarm = { at, timer };
  }

  async #ring(place: Place): Promise<void> {
    // A lobby's tick is its people's sign of life: where it is lost for good they count as absent, and rightly so.
    if (place.kind === "PERFORMANCE" && this.#strikes(ODDS.alarmLost)) {
      this.met.alarmsLost += 1;
      place.alarm = null;
      return;
    }
    const twice = this.#strikes(ODDS.alarmTwice);
    if (twice) this.met.alarmsTwice += 1;
    place.alarm = null;
    try {
      for (let time = 0; time < (twice ? 2 : 1); time++) await this.#wake(place, "alarm");
    } catch {
      // The platform tries again after two seconds.
      if (place.alarm === null) this.#setAlarm(place, this.#time.now + 2_000);
    }
  }
}

/** What the platform throws when asking again is safe. */
function passing(message: string): Error {
  return Object.assign(new Error(message), { retryable: true, remote: true });
}
