/**
 * A world's own time, randomness and platform functions, in place of the process's while the world runs. Timers and alarms
 * fire when the clock is moved; what really takes time (signatures) is done one at a time, so that one seed is one run.
 */
import type { Random } from "../random.ts";

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly work: () => void;
}

type Restore = () => void;

/** The real one, whatever is put in its place later. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Time {
  #now: number;
  #latest = 0;
  #ids = 0;
  #timers: Timer[] = [];
  #busy = 0;
  #signing: Promise<unknown> = Promise.resolve();
  readonly #verified = new WeakMap<CryptoKey, Map<string, boolean>>();
  readonly #restore: Restore[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** The latest moment there has been, whatever the clock says now. */
  get latest(): number {
    return Math.max(this.#latest, this.#now);
  }

  /** Clocks tell whole milliseconds. */
  at(moment: number, work: () => void): number {
    const at = Math.ceil(moment);
    const id = ++this.#ids;
    const index = this.#timers.findLastIndex((timer) => timer.at <= at);
    this.#timers.splice(index + 1, 0, { id, at, work });
    return id;
  }

  cancel(id: number): void {
    const index = this.#timers.findIndex((timer) => timer.id === id);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#now + ms, resolve));
  }

  /** Until nothing happens any more at this moment. */
  async drain(): Promise<void> {
    do await turn();
    while (this.#busy > 0);
  }

  /** Moves the clock; whatever is due on the way happens at its own time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#timers[0]; next !== undefined && next.at <= until; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await this.drain();
    }
    this.#now = until;
  }

  /** The wall clock is set back; timers keep their distance. */
  stepBack(ms: number): void {
    this.#latest = this.latest;
    this.#now -= ms;
    this.#timers = this.#timers.map((timer) => ({ ...timer, at: timer.at - ms }));
  }

  install(random: Random, more: Readonly<Record<string, unknown>>, onError: (line: string) => void): void {
    // eslint-disable-next-line typescript/no-this-alias
    const time = this;
    const RealDate = Date;
    class WorldDate extends RealDate {
      constructor(...parts: readonly unknown[]) {
        super(...((parts.length === 0 ? [time.now] : parts) as [number]));
      }
      static override now(): number {
        return time.now;
      }
    }
    this.#put(globalThis, {
      Date: WorldDate,
      setTimeout: (work: () => void, ms = 0) => this.at(this.#now + ms, work),
      clearTimeout: (id: number) => this.cancel(id),
      ...more,
    });
    this.#put(Math, { random: () => random.next() });
    this.#put(console, { warn: () => undefined, log: () => undefined, error: onError });
    this.#put(crypto, {
      randomUUID: () => `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`,
      getRandomValues: (bytes: Uint8Array) => {
        for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
        return bytes;
      },
    });
    const { subtle } = crypto;
    const inTurn = (
      name: "sign" | "importKey" | "digest" | "generateKey" | "deriveKey" | "encrypt" | "decrypt",
    ): unknown => {
      const real = subtle[name].bind(subtle) as (...words: unknown[]) => Promise<unknown>;
      return (...words: unknown[]) => this.#inTurn(() => real(...words));
    };
    const subtleVerify = subtle.verify.bind(subtle);
    this.#put(subtle, {
      sign: inTurn("sign"),
      verify: (...words: Parameters<SubtleCrypto["verify"]>) => this.#verify(subtleVerify, words),
      importKey: inTurn("importKey"),
      digest: inTurn("digest"),
      generateKey: inTurn("generateKey"),
      deriveKey: inTurn("deriveKey"),
      encrypt: inTurn("encrypt"),
      decrypt: inTurn("decrypt"),
    });
  }

  uninstall(): void {
    for (const restore of this.#restore.splice(0).toReversed()) restore();
  }

  /**
   * Fifty fans show the same few tokens thousands of times, and whether a signature is one's of these bytes under that key never
   * changes: asked once, it is remembered. Three quarters of a house's processor time went here.
   */
  #verify(real: SubtleCrypto["verify"], words: Parameters<SubtleCrypto["verify"]>): Promise<unknown> {
    const [, key, signature, data] = words;
    let known = this.#verified.get(key);
    if (known === undefined) this.#verified.set(key, (known = new Map()));
    const question = `${latin1(signature)} ${latin1(data)}`;
    const before = known.get(question);
    if (before !== undefined) return this.#inTurn(() => Promise.resolve(before));
    return this.#inTurn(async () => {
      const answer = await real(...words);
      known.set(question, answer);
      return answer;
    });
  }

  async #inTurn(work: () => Promise<unknown>): Promise<unknown> {
    this.#busy += 1;
    const done = this.#signing.then(work);
    this.#signing = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.#busy -= 1;
    }
  }

  #put(target: object, values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      const before = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
      this.#restore.push(() => {
        if (before === undefined) Reflect.deleteProperty(target, name);
        else Object.defineProperty(target, name, before);
      });
    }
  }
}

function latin1(bytes: ArrayBuffer | ArrayBufferView): string {
  const view =
    bytes instanceof ArrayBuffer ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.toString("latin1");
}
