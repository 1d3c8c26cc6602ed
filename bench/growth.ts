/**
 * A sale on a virtual clock whose cost is counted: the object (state, rules, storage on SQLite in Node), the lobbies' couriers and
 * their presence are the production code. Everybody joins within a minute, then a minute of waiting with ten people a second
 * going in. What is counted does not depend on the machine; processor time does, and is the process's own.
 */
import { gridChart } from "../dev/demo/halls.ts";
import { Courier } from "../durable-objects/lobby/courier.ts";
import { Gauge } from "../durable-objects/lobby/gauge.ts";
import type { Pause } from "../durable-objects/lobby/pause.ts";
import { Presence } from "../durable-objects/lobby/presence.ts";
import { lobbyOf } from "../durable-objects/performance/admission/entry.ts";
import type { Batch, BatchReply } from "../durable-objects/performance/contract.ts";
import { integer, rows } from "../durable-objects/performance/storage/sql.ts";
import { PERFORMANCE_ID, publishRequest } from "../tests/simulation/charts.ts";
import { Time } from "../tests/simulation/house/time.ts";
import { SimulatedObject } from "../tests/simulation/object.ts";
import { seeded } from "../tests/simulation/random.ts";

const START = Date.UTC(2026, 10, 22);
const SLOT_MS = 5;
const ARRIVAL_MS = 60_000;
const TICK_MS = 5_000;
/** A call of the object and back, inside one data centre. */
const CALL_MS = 2;
const LEAVING_PER_SECOND = 10;
const CAPACITY = 500;

interface Meters {
  calls: number;
  cpuUs: number;
  leases: number;
  lobbyCpuUs: number;
  frames: number;
}

/** What one size of a sale cost. */
export interface Growth {
  readonly people: number;
  readonly lobbies: number;
  readonly joins: { readonly calls: number; readonly rows: number; readonly cpuMs: number };
  readonly minute: {
    readonly calls: number;
    readonly rows: number;
    readonly cpuMs: number;
    readonly leases: number;
    readonly lobbyCpuMs: number;
    readonly frames: number;
    readonly frameBytes: number;
    readonly news: number;
  };
  readonly memoryMb: number;
  readonly resumeMs: number;
}

class Audience {
  readonly meters: Meters = { calls: 0, cpuUs: 0, leases: 0, lobbyCpuUs: 0, frames: 0 };
  readonly object: SimulatedObject;
  readonly #time = new Time(START);
  readonly #random = seeded(1);
  readonly #people: number;
  readonly #couriers: readonly Courier[];
  readonly #gauges: readonly Gauge[];
  readonly #presence: readonly Presence[];
  readonly #members: readonly number[][];

  constructor(people: number, lobbies: number) {
    this.#people = people;
    this.object = new SimulatedObject(PERFORMANCE_ID, () => this.#time.now);
    const settings = { openAt: START, closeAt: START + 86_400_000, capacity: CAPACITY, ratePerMinute: 60_000, lobbies };
    this.object.publish(publishRequest({ ...settings, showUpSeconds: 600 }, gridChart(100, 50)));
    this.#presence = Array.from({ length: lobbies }, () => new Presence());
    this.#members = Array.from({ length: lobbies }, () => []);
    this.#gauges = Array.from({ length: lobbies }, () => new Gauge());
    this.#couriers = Array.from(
      { length: lobbies },
      (_, index) =>
        new Courier({
          performanceId: PERFORMANCE_ID,
          address: { role: "queue", index },
          lobbies: () => lobbies,
          call: (batch) => this.#call(batch),
          now: () => this.#time.now,
          pause: (ms) => this.#pause(ms),
          random: () => this.#random.next(),
          presence: () => this.#presence[index]?.take(this.#time.now, false) ?? null,
          report: () => this.#gauges[index]?.take(() => this.#members[index]?.length ?? 0, this.#time.now) ?? null,
          gauge: this.#gauges[index] ?? new Gauge(),
          onReply: () => undefined,
        }),
    );
  }

  async arrive(): Promise<void> {
    const slots = ARRIVAL_MS / SLOT_MS;
    let come = 0;
    for (let slot = 1; slot <= slots; slot++) {
      for (const until = Math.round((this.#people * slot) / slots); come < until; come++) this.#join();
      await this.#time.advance(SLOT_MS);
    }
    for (let left = 0; left < 200 && this.object.state.line.roster.size < this.#people; left++)
      await this.#time.advance(100);
  }

  async wait(milliseconds: number): Promise<void> {
    const until = this.#time.now + milliseconds;
    const ticks = this.#couriers.map((_, index) => this.#time.now + (index * TICK_MS) / this.#couriers.length);
    let leavingAt = this.#time.now;
    while (this.#time.now < until) {
      for (const [index, at] of ticks.entries()) {
        if (at > this.#time.now) continue;
        ticks[index] = at + TICK_MS;
        this.#tick(index);
      }
      if (leavingAt <= this.#time.now) {
        leavingAt += 1_000;
        this.#leave();
      }
      await this.#time.advance(SLOT_MS);
    }
  }

  #join(): void {
    const entry = this.#random.hex(32);
    const index = lobbyOf(entry, this.#couriers.length);
    void this.#couriers[index]?.join(entry).then((reply) => {
      const number = reply?.ok === true && reply.kind === "joined" ? reply.numbers[0] : undefined;
      if (number !== undefined) this.#members[index]?.push(number);
    });
  }

  /** As a lobby's alarm does: signs of life, one call, one frame for everybody. */
  #tick(index: number): void {
    const members = this.#members[index] ?? [];
    const before = process.cpuUsage();
    for (const number of members) this.#presence[index]?.alive(number, this.#time.now);
    this.meters.lobbyCpuUs += cpuSince(before);
    void this.#couriers[index]?.tick().then(() => (this.meters.frames += members.length));
  }

  #leave(): void {
    const { state } = this.object;
    for (const number of Array.from(state.sessions.keys()).slice(0, LEAVING_PER_SECOND)) {
      const entry = state.line.roster.entry(number);
      void this.#couriers[lobbyOf(entry, this.#couriers.length)]?.submit({ kind: "leave", entry }, true);
    }
  }

  async #call(batch: Batch): Promise<BatchReply> {
    await this.#time.sleep(CALL_MS / 2);
    const before = process.cpuUsage();
    const replies = this.object.execute(batch.commands, batch.presence ?? null);
    const status = this.object.status();
    this.meters.cpuUs += cpuSince(before);
    this.meters.calls += 1;
    this.meters.leases += batch.presence?.numbers.length ?? 0;
    await this.#time.sleep(CALL_MS / 2);
    return { incarnation: 1, replies, status };
  }

  #pause(ms: number): Pause {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#time.at(this.#time.now + ms, resolve);
    const cancel = (): void => {
      this.#time.cancel(timer);
      resolve();
    };
    return { over: promise, cancel };
  }
}

/** So many people at so many lobbies, from the first join to a start from storage. */
export async function growthOf(people: number, lobbies: number): Promise<Growth> {
  const audience = new Audience(people, lobbies);
  const { object, meters } = audience;
  const written = rowsWritten(object);
  await audience.arrive();
  if (object.state.line.roster.size !== people) throw new Error(`${object.state.line.roster.size} of ${people} joined`);
  const joins = { calls: meters.calls, rows: rowsWritten(object) - written, cpuMs: meters.cpuUs / 1_000 };
  // The first leases are all new: they settle before the minute that is counted.
  await audience.wait(45_000);
  Object.assign(meters, { calls: 0, cpuUs: 0, leases: 0, lobbyCpuUs: 0, frames: 0 } satisfies Meters);
  const [before, news] = [rowsWritten(object), object.news.length];
  await audience.wait(60_000);
  const minute = {
    calls: meters.calls,
    rows: rowsWritten(object) - before,
    cpuMs: meters.cpuUs / 1_000,
    leases: meters.leases,
    lobbyCpuMs: meters.lobbyCpuUs / 1_000,
    frames: meters.frames,
    frameBytes: JSON.stringify(object.status()).length,
    news: object.news.length - news,
  };
  const memoryMb = object.state.line.byteLength / 1_048_576;
  const start = process.cpuUsage();
  object.restart();
  const found = { people, lobbies, joins, minute, memoryMb, resumeMs: cpuSince(start) / 1_000 };
  object.storage.close();
  return found;
}

function rowsWritten(object: SimulatedObject): number {
  const row = rows(object.storage.sql, "SELECT total_changes() AS count")[0];
  return row === undefined ? 0 : integer(row, "count");
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
