/**
 * Commands on their way to the Performance object: natural batching, at most one batch in flight. Commands of bookers go at
 * once; joins and looks wait until lobbies x 5 ms have passed since the last call, so that the object sees about 200 such
 * calls a second at most, however many fans or lobbies there are.
 *
 * The outcome of a failed call is unknown: the *same* batch is sent again on a new stub, and every command in it is
 * idempotent. Batches carry (incarnation, sequence), so that a late one cannot undo a later one.
 */
import { ENTRY_BYTES, entryBytes } from "../performance/admission/entry.ts";
import type {
  RefusedJoin,
  Refusal,
  Batch,
  BatchReply,
  Command,
  LobbyAddress,
  PresenceReport,
  Reply,
  StatusFrame,
} from "../performance/contract.ts";
import type { CallOutcome } from "../guard.ts";
import type { LobbyReport } from "../performance/figures-contract.ts";
import { TooLate } from "../in-time.ts";
import { log } from "../log.ts";
import { batchName } from "./contract.ts";
import type { Gauge } from "./gauge.ts";
import type { Pause } from "./pause.ts";

const BATCH_COMMANDS_MAX = 500;
/** Beyond it the lobby is overloaded: better a clear "try again" than a queue nobody can wait for. */
export const BUFFER_MAX = 20_000;
const CALL_TIMEOUT_MS = 15_000;
const TRIES_MAX = 4;
const PAUSE_AFTER_JOINS_MS = 5;

/** A call to the object on a fresh stub. */
export type Call = (batch: Batch) => Promise<BatchReply>;

interface Waiting {
  readonly at: number;
  readonly command: Command;
  readonly answer: (reply: Reply | null) => void;
}

interface WaitingJoin {
  readonly at: number;
  readonly entry: string;
  readonly answer: (reply: Reply | null) => void;
}

export interface CourierOptions {
  readonly performanceId: string;
  readonly address: LobbyAddress;
  readonly lobbies: () => number;
  readonly call: Call;
  readonly now: () => number;
  /** A pause that can be cut short: a pending timer keeps an object from hibernating. */
  readonly pause: (ms: number) => Pause;
  readonly random: () => number;
  /** Presence to report with the next batch, taken once; null when there is none. */
  readonly presence: () => PresenceReport | null;
  /** What this lobby has to say about itself, or null when it said so a moment ago. */
  readonly report: () => LobbyReport | null;
  readonly gauge: Pick<Gauge, "answered" | "calls" | "shed" | "repeated">;
  readonly onReply: (incarnation: number, status: StatusFrame) => void;
}

export class Courier {
  readonly #options: CourierOptions;
  readonly #incarnation: number;
  #sequence = 0;
  #urgent: Waiting[] = [];
  #patient: Waiting[] = [];
  #joins: WaitingJoin[] = [];
  #pumping = false;
  #patience: Pause | null = null;
  #lastCallAt = 0;
  /** Somebody asked for a call even if nothing waits (a tick). */
  #ticks: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#incarnation = options.now();
  }

  get waiting(): number {
    return this.#urgent.length + this.#patient.length + this.#joins.length;
  }

  /** The reply, or null when the object could not be reached in time or too many are waiting already. */
  submit(command: Command, urgent: boolean): Promise<Reply | null> {
    if (this.waiting >= BUFFER_MAX) return this.#shed();
    return new Promise((answer) => {
      (urgent ? this.#urgent : this.#patient).push({ at: this.#options.now(), command, answer });
      if (urgent) this.#patience?.cancel(); // somebody who books does not wait for those who join
      this.#start();
    });
  }

  join(entry: string): Promise<Reply | null> {
    if (this.waiting >= BUFFER_MAX) return this.#shed();
    return new Promise((answer) => {
      this.#joins.push({ at: this.#options.now(), entry, answer });
      this.#start();
    });
  }

  /** A call with whatever waits, presence included; resolves when it has been answered or given up. */
  tick(): Promise<void> {
    return new Promise((done) => {
      this.#ticks.push(done);
      this.#start();
    });
  }

  #shed(): Promise<null> {
    this.#options.gauge.shed();
    return Promise.resolve(null);
  }

  #start(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#pump().finally(() => {
      this.#pumping = false;
      if (this.waiting > 0 || this.#ticks.length > 0) this.#start();
    });
  }

  async #pump(): Promise<void> {
    while (this.waiting > 0 || this.#ticks.length > 0) {
      if (this.#urgent.length === 0) {
        const pause = this.#lastCallAt + this.#options.lobbies() * PAUSE_AFTER_JOINS_MS - this.#options.now();
        if (pause > 0) {
          this.#patience = this.#options.pause(Math.min(pause, 1_000));
          await this.#patience.over;
          this.#patience = null;
        }
      }
      await this.#send();
    }
  }

  async #send(): Promise<void> {
    const urgent = this.#urgent.splice(0, BATCH_COMMANDS_MAX);
    const patient = this.#patient.splice(0, BATCH_COMMANDS_MAX - urgent.length);
    const joins = this.#joins.splice(0, BATCH_COMMANDS_MAX);
    const ticks = this.#ticks.splice(0);
    const waiting = [...urgent, ...patient];
    const commands = waiting.map((one) => one.command);
    if (joins.length > 0) commands.push(packed(joins));
    const presence = this.#options.presence();
    const report = this.#options.report();
    this.#sequence += 1;
    const batch: Batch = {
      lobby: this.#options.address,
      incarnation: this.#incarnation,
      sequence: this.#sequence,
      commands,
      ...(presence === null ? {} : { presence }),
      ...(report === null ? {} : { report }),
    };
    const sentAt = this.#options.now();
    const reply = await this.#deliver(batch);
    const now = this.#options.now();
    this.#log(batch, now - sentAt, reply !== null);
    for (const { at } of waiting) this.#options.gauge.answered(now - at);
    for (const { at } of joins) this.#options.gauge.answered(now - at);
    for (const [index, one] of waiting.entries()) one.answer(reply?.replies[index] ?? null);
    answerJoins(joins, reply?.replies[waiting.length] ?? null);
    for (const done of ticks) done();
    if (reply !== null) this.#options.onReply(reply.incarnation, reply.status);
  }

  /** Who books may want to be followed; a crowd that joins and looks leaves no lines. */
  #log(batch: Batch, ms: number, answered: boolean): void {
    const commandIds = batch.commands.flatMap(({ cause }) => cause ?? []);
    if (commandIds.length === 0) return;
    const { performanceId } = this.#options;
    const outcome = answered ? "answered" : "given up";
    log("info", "lobby", "sent", { performanceId, batch: batchName(batch) ?? undefined, commandIds, outcome, ms });
  }

  async #deliver(batch: Batch): Promise<BatchReply | null> {
    for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
      this.#lastCallAt = this.#options.now();
      const startedAt = this.#lastCallAt;
      const count = (outcome: CallOutcome): void =>
        this.#options.gauge.calls.ended("performance", outcome, (this.#options.now() - startedAt) / 1_000);
      try {
        const reply = await this.#inTime(this.#options.call(batch));
        count("ok");
        return reply;
      } catch (error) {
        count(error instanceof TooLate ? "late" : "failed");
        if (attempt === TRIES_MAX) return null;
        this.#options.gauge.repeated();
        const least = isOverloaded(error) ? 1_000 : 50 * 2 ** attempt;
        await this.#options.pause(least * (1 + this.#options.random())).over;
      }
    }
    return null;
  }

  async #inTime(call: Promise<BatchReply>): Promise<BatchReply> {
    const deadline = this.#options.pause(CALL_TIMEOUT_MS);
    const late = deadline.over.then((): never => {
      throw new TooLate("performance");
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      deadline.cancel();
    }
  }
}

function packed(joins: readonly WaitingJoin[]): Command {
  const entries = new Uint8Array(joins.length * ENTRY_BYTES);
  for (const [index, join] of joins.entries()) entries.set(entryBytes(join.entry), index * ENTRY_BYTES);
  return { kind: "join", entries };
}

function answerJoins(joins: readonly WaitingJoin[], reply: Reply | null): void {
  for (const [index, join] of joins.entries()) {
    if (reply === null || !reply.ok) join.answer(reply);
    else if (reply.kind === "joined") {
      const refused = reply.refused.find(([at]) => at === index);
      const number = reply.numbers[index];
      if (refused !== undefined) join.answer({ ok: false, refusal: refusalOf(refused) });
      else if (number === undefined) join.answer(null);
      else {
        const lanes = reply.lanes === null ? null : Uint8Array.of(reply.lanes[index] ?? 0);
        join.answer({ ok: true, kind: "joined", numbers: Uint32Array.of(number), lanes, refused: [] });
      }
    } else join.answer(null);
  }
}

function refusalOf([, code, retryAfterSeconds]: RefusedJoin): Refusal {
  return retryAfterSeconds === undefined ? { code } : { code, evidence: { retryAfterSeconds } };
}

function isOverloaded(error: unknown): boolean {
  return typeof error === "object" && error !== null && "overloaded" in error && error.overloaded === true;
}
