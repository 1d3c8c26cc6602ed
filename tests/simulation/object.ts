/**
 * The Performance object without workerd: the same state, rules, batches and storage code, with time, randomness and
 * crashes in the simulator's hand. A crash throws memory away; what storage holds is all there is afterwards.
 */
import { publish } from "../../durable-objects/performance/admission/publish.ts";
import { statusOf } from "../../durable-objects/performance/admission/status.ts";
import { apply } from "../../durable-objects/performance/apply.ts";
import { runBatch } from "../../durable-objects/performance/batch.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type {
  Command,
  Order,
  PersonalNews,
  PresenceReport,
  PublishReply,
  PublishRequest,
  Reply,
  StatusFrame,
} from "../../durable-objects/performance/contract.ts";
import { Outbox } from "../../durable-objects/performance/outbox/outbox.ts";
import { emptyState, type PerformanceState } from "../../durable-objects/performance/state.ts";
import { load, readOrdersAfter, readStoredOrder } from "../../durable-objects/performance/storage/load.ts";
import { rows, text } from "../../durable-objects/performance/storage/sql.ts";
import { keptReplies, purgeReplies } from "../../durable-objects/performance/storage/replies.ts";
import { outboxDepth } from "../../durable-objects/performance/storage/rest.ts";
import { save } from "../../durable-objects/performance/storage/save.ts";
import { migrateTables } from "../../durable-objects/performance/storage/tables.ts";
import { seeded, type Random } from "./random.ts";
import { simulatedStorage, type SimulatedStorage } from "./sqlite.ts";

/** Where a crash strikes: before the transaction commits (nothing happened) or after it (the answer is lost). */
export type CrashPoint = "before-commit" | "after-commit";

export class Crash extends Error {}

export class SimulatedObject {
  readonly id: string;
  readonly storage: SimulatedStorage = simulatedStorage();
  state: PerformanceState;
  outbox: Outbox;
  readonly news: PersonalNews[] = [];
  readonly ruleErrors: unknown[] = [];
  /** Facts of the last commit that happened; none after a crash before it. */
  lastChanges: readonly Change[] = [];
  /** Every order there ever was, as it was committed last: what `storedOrders` must say at any time. */
  readonly orders = new Map<string, Order>();
  readonly #random: Random;
  readonly #now: () => number;

  constructor(id: string, now: () => number, random: Random = seeded(1)) {
    this.id = id;
    this.#now = now;
    this.#random = random;
    this.storage.transaction(() => migrateTables(this.storage.sql));
    this.state = emptyState(id);
    this.outbox = new Outbox(this.storage.sql, 0, () => 0.5);
  }

  publish(request: PublishRequest): PublishReply {
    const firstEvent = this.state.nextEvent;
    const { changes, reply } = publish(this.state, request, this.#now(), () => this.#random.hex(64));
    for (const change of changes) apply(this.state, change);
    this.storage.transaction(() => save(this.storage.sql, this.state, changes, firstEvent));
    this.outbox.added(changes.filter((change) => change.kind === "event").length);
    return reply;
  }

  execute(
    commands: readonly Command[],
    presence: PresenceReport | null = null,
    crash: CrashPoint | null = null,
  ): readonly Reply[] {
    const { sql } = this.storage;
    const firstEvent = this.state.nextEvent;
    const result = runBatch(this.state, commands, presence, {
      now: this.#now(),
      newId: () => this.#random.hex(24),
      readOrder: (id) => readStoredOrder(sql, id),
      ordersAfter: (scheduleId, after, limit) => readOrdersAfter(sql, scheduleId, after, limit),
      keptReplies: (ids) => keptReplies(sql, this.state.replies, ids),
      report: (_command, error) => this.ruleErrors.push(error),
    });
    this.lastChanges = crash === "before-commit" ? [] : result.changes;
    if (crash === "before-commit") {
      this.restart();
      throw new Crash(crash);
    }
    if (result.changes.length > 0) this.storage.transaction(() => save(sql, this.state, result.changes, firstEvent));
    for (const change of result.changes) if (change.kind === "order") this.orders.set(change.order.id, change.order);
    this.outbox.added(result.changes.filter((change) => change.kind === "event").length);
    if (crash === "after-commit") {
      this.restart();
      throw new Crash(crash);
    }
    this.news.push(...result.news);
    return result.replies;
  }

  /** One command that must be answered. */
  ask(command: Command): Reply {
    const reply = this.execute([command])[0];
    if (reply === undefined) throw new Error("no reply");
    return reply;
  }

  /** Bodies of all orders as storage has them, by id. */
  storedOrders(): ReadonlyMap<string, string> {
    const stored = rows(this.storage.sql, "SELECT id, body FROM orders");
    return new Map(stored.map((row) => [text(row, "id"), text(row, "body")]));
  }

  status(): StatusFrame {
    return statusOf(this.state, this.#now());
  }

  /** Once an hour: replies that are past their day go. */
  purge(): void {
    purgeReplies(this.storage.sql, this.state.replies, Math.max(this.#now(), this.state.clock));
  }

  restart(): void {
    this.state = load(this.storage.sql, this.id, this.#now());
    this.outbox = new Outbox(this.storage.sql, outboxDepth(this.storage.sql), () => 0.5);
  }
}
