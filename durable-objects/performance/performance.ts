/**
 * The Performance object: one per performance, the authority over its queue, sessions, seats, holds and open orders.
 * No rule lives here. It loads, runs a batch, writes it in one transaction, and tells whoever has to know.
 */
import { DurableObject } from "cloudflare:workers";
import { segmentOf, viewDraw } from "./admission/drawing.ts";
import { publish } from "./admission/publish.ts";
import { statusOf } from "./admission/status.ts";
import { isSwept, nextDue } from "./advance.ts";
import { apply } from "./apply.ts";
import { askProviders } from "./asking.ts";
import { runBatch } from "./batch.ts";
import { BatchOrder } from "./batch-order.ts";
import type { Change } from "./changes.ts";
import type {
  Batch,
  BatchReply,
  BlockView,
  CallFigures,
  Command,
  DrawView,
  EmptyReply,
  Figures,
  IdentityView,
  OrderPage,
  PerformanceContract,
  PerformanceFacts,
  PersonalNews,
  PresenceReport,
  PublishReply,
  PublishRequest,
  QueueSegment,
  RebuildReply,
  RebuildStep,
  Reply,
  RestoreReply,
  SaleCopy,
  ScheduleView,
  SegmentKind,
  SeatSnapshot,
} from "./contract.ts";
import { figuresOf } from "./figures.ts";
import { emptyIfOver, newSecret, planRestore, replyWithout, requireThere, takeStep } from "./keeping.ts";
import { questionsAbout, Recovery } from "./orders/recovery.ts";
import { tellLobbies } from "./personal-news.ts";
import { logDecided } from "./batch-log.ts";
import { sendEvents, type EventQueue, type Outbox } from "./outbox/outbox.ts";
import { viewBlocks, viewSchedule } from "./seats/blocks.ts";
import { SeatNews } from "./seats/news.ts";
import type { PerformanceState } from "./state.ts";
import { readOrdersAfter, readStoredOrder } from "./storage/load.ts";
import { copySegment, takeCopy } from "./storage/copy.ts";
import type { Life } from "./storage/life.ts";
import { factsOf, writeEntryKey } from "./storage/rest.ts";
import { pageOfOrders } from "./storage/pages.ts";
import { keptReplies, purgeReplies } from "./storage/replies.ts";
import { save } from "./storage/save.ts";
import { migrateTables } from "./storage/tables.ts";
import { wake } from "./storage/wake.ts";
import { signatureDue } from "./beacon-relay.ts";
import { Tally } from "./tally.ts";
import { Watchers } from "./watchers.ts";
import { Alarm } from "../alarm.ts";
import { Guard, NotAsked } from "../guard.ts";
import { errorFields, log } from "../log.ts";
import { batchName, type LobbyContract } from "../lobby/contract.ts";

/** The bindings an object needs; the Worker's environment has them. */
export interface PerformanceEnvironment {
  readonly LOBBY: { getByName(name: string): Pick<LobbyContract, "news" | "seatNews"> };
  /** Relays of the public beacon, comma separated. */
  readonly BEACON_URLS: string;
  readonly EVENTS: EventQueue;
}

/** Provider calls of one alarm run; the next run takes the rest. */
const RECOVERIES_AT_ONCE = 6;
/** An alarm set for a moment that has come may stall the chain: always a little later. */
const ALARM_MARGIN_MS = 1;
const ALARM_RETRY_MS = 1_000;
const PURGE_EVERY_MS = 3_600_000;
const STALE: Reply = { ok: false, refusal: { code: "stale-batch" } };

export class Performance extends DurableObject<PerformanceEnvironment> implements PerformanceContract {
  #state: PerformanceState;
  #life: Life;
  #outbox: Outbox;
  #recovery = new Recovery();
  readonly #seatNews = new SeatNews();
  readonly #tally = new Tally(Date.now());
  readonly #guard = new Guard(this.#tally.calls);
  readonly #watchers: Watchers;
  readonly #order = new BatchOrder();
  #incarnation = Date.now();
  readonly #lobbiesReported = new Set<string>();
  readonly #alarm: Alarm;
  #purgedAt = 0;
  #calls = 0;

  constructor(ctx: DurableObjectState, env: PerformanceEnvironment) {
    super(ctx, env);
    this.#watchers = new Watchers(this.#guard, env.LOBBY);
    this.#alarm = new Alarm(ctx.storage);
    ({ life: this.#life, state: this.#state, outbox: this.#outbox } = wake(ctx));
    this.#wake();
  }

  #wake(): void {
    this.#recovery = new Recovery();
    for (const order of this.#state.openOrders.values()) this.#recovery.note(order, Date.now());
    if (!this.#published) return;
    void this.ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.learn();
      this.#arm();
    });
  }

  /** After storage has become another: as if the object had just started. */
  #startAgain(): void {
    ({ life: this.#life, state: this.#state, outbox: this.#outbox } = wake(this.ctx));
    this.#incarnation = Math.max(Date.now(), this.#incarnation + 1);
    this.#lobbiesReported.clear();
    this.#alarm.over();
    this.#wake();
  }

  get #published(): boolean {
    return this.#life === "live";
  }

  publish(request: PublishRequest): Promise<PublishReply> {
    requireThere(this.#life);
    if (this.#life === "emptied") return Promise.resolve({ ok: false, refusal: { code: "performance-closed" } });
    const now = Math.max(Date.now(), this.#state.clock);
    const { changes, reply } = publish(this.#state, request, now, newSecret);
    if (!reply.ok) return Promise.resolve(reply);
    const sql = this.ctx.storage.sql;
    this.#orAbort(() => {
      const firstEvent = this.#state.nextEvent;
      for (const change of changes) apply(this.#state, change);
      this.ctx.storage.transactionSync(() => {
        if (!this.#published) {
          migrateTables(sql);
          writeEntryKey(sql, crypto.getRandomValues(new Uint8Array(32)));
        }
        save(sql, this.#state, changes, firstEvent);
      });
    });
    this.#life = "live";
    this.#afterCommit(changes, []);
    return Promise.resolve(reply);
  }

  execute(batch: Batch): Promise<BatchReply> {
    this.#calls += 1;
    if (batch.lobby !== null) {
      const key = `${batch.lobby.role}/${batch.lobby.index}`;
      const { stale, restarted } = this.#order.note(key, batch);
      if (stale) return Promise.resolve(this.#withoutCommit(batch, () => STALE));
      if (restarted && batch.lobby.role === "queue") {
        this.#state.line.forgive(batch.lobby.index, this.#state.settings?.lobbies ?? 1, Date.now());
      }
      if (batch.presence?.full === true) this.#reported(key);
      if (batch.report !== undefined) this.#tally.report(key, batch.report, Date.now());
      if (batch.lobby.role === "booking") this.#watchers.seen(batch.lobby.index, Date.now());
    }
    const life = this.#life;
    requireThere(life);
    if (life !== "live") return Promise.resolve(this.#withoutCommit(batch, (command) => replyWithout(life, command)));
    const replies = this.#commit(batch.commands, batch.presence ?? null, batchName(batch));
    return Promise.resolve({ incarnation: this.#incarnation, replies, status: statusOf(this.#state, Date.now()) });
  }

  facts(): Promise<PerformanceFacts> {
    requireThere(this.#life);
    return Promise.resolve(factsOf(this.ctx.storage.sql, this.#state, this.#life === "emptied"));
  }

  schedule(scheduleId: string): Promise<ScheduleView | null> {
    return Promise.resolve(viewSchedule(this.#state, scheduleId));
  }

  seats(scheduleId: string): Promise<SeatSnapshot | null> {
    this.#advance();
    return Promise.resolve(this.#state.boards.get(scheduleId)?.snapshot() ?? null);
  }

  blocks(scheduleId: string): Promise<readonly BlockView[] | null> {
    this.#advance();
    return Promise.resolve(viewBlocks(this.#state, scheduleId));
  }

  figures(calls?: CallFigures): Promise<Figures> {
    requireThere(this.#life);
    if (calls !== undefined) this.#tally.calls.add(calls);
    const outbox = { depth: this.#outbox.depth, oldest: this.#outbox.oldestAt() };
    return Promise.resolve(figuresOf(this.#state, outbox, this.#calls, this.#tally, Date.now()));
  }

  orders(after: string, limit: number): Promise<OrderPage> {
    this.#advance();
    return Promise.resolve(pageOfOrders(this.ctx.storage.sql, this.#state, after, limit, this.#outbox.oldestAt()));
  }

  identities(): Promise<IdentityView> {
    return Promise.resolve(this.#state.identities.view(this.#state.settings?.verification ?? null));
  }

  draw(): Promise<DrawView | null> {
    this.#advance();
    return Promise.resolve(this.#life === "emptied" ? null : viewDraw(this.#state));
  }

  drawSegment(index: number): Promise<Uint8Array | null> {
    return Promise.resolve(segmentOf(this.#state, index));
  }

  applied(numbers: readonly number[]): Promise<void> {
    if (this.#published) {
      for (const at of this.#outbox.applied(numbers)) this.#tally.applied(at, Date.now());
      this.ctx.waitUntil(this.#drain()); // there may be room for more now
    }
    return Promise.resolve();
  }

  async poke(): Promise<void> {
    if (!this.#published) return;
    this.#commit(isSwept(this.#state) ? [] : [{ kind: "sweep" }], null);
    await Promise.all([this.#recover(), this.#drain(), this.#askBeacon()]);
  }

  override async alarm(): Promise<void> {
    this.#alarm.over();
    try {
      this.#commit(isSwept(this.#state) ? [] : [{ kind: "sweep" }], null);
      this.#purge();
      await Promise.all([this.#recover(), this.#drain(), this.#askBeacon()]);
    } catch (error) {
      report("alarm", error);
      await this.#alarm.set(Date.now() + ALARM_RETRY_MS);
    } finally {
      this.#arm();
    }
  }

  copy(mark: string | null): Promise<SaleCopy | null> {
    return Promise.resolve(this.#published ? takeCopy(this.ctx.storage.sql, this.#state, mark, Date.now()) : null);
  }

  copySegment(kind: SegmentKind, number: number): Promise<QueueSegment | null> {
    return Promise.resolve(this.#published ? copySegment(this.ctx.storage.sql, kind, number) : null);
  }

  async empty(keepMs: number, really: boolean): Promise<EmptyReply> {
    this.#advance();
    const reply = await emptyIfOver(this.ctx.storage, this.#state, this.#outbox.depth, { keepMs, really });
    if (reply.ok && reply.at !== null && this.#life !== "emptied") this.#startAgain();
    return reply;
  }

  rebuild(step: RebuildStep): Promise<RebuildReply> {
    if (step.do === "restart") this.ctx.abort("it was told to start again");
    const reply = this.#orAbort(() => takeStep(this.ctx.storage, this.#state, step, Date.now(), newSecret));
    if (step.do === "begin" || step.do === "finish") this.#startAgain();
    return Promise.resolve(reply);
  }

  restore(to: { readonly at: number } | { readonly bookmark: string }): Promise<RestoreReply> {
    return planRestore(this.ctx.storage, to);
  }

  #withoutCommit(batch: Batch, reply: (command: Command) => Reply): BatchReply {
    const replies = batch.commands.map(reply);
    return { incarnation: this.#incarnation, replies, status: statusOf(this.#state, Date.now()) };
  }

  /** After a restart admission waits until every lobby has said whom it has (or has had the time to). */
  #reported(lobby: string): void {
    if (this.#state.presenceUnknownUntil === 0 || !lobby.startsWith("queue/")) return;
    this.#lobbiesReported.add(lobby);
    if (this.#lobbiesReported.size >= (this.#state.settings?.lobbies ?? 1)) this.#state.presenceUnknownUntil = 0;
  }

  #commit(commands: readonly Command[], presence: PresenceReport | null, from: string | null = null): readonly Reply[] {
    const sql = this.ctx.storage.sql;
    const firstEvent = this.#state.nextEvent;
    const result = this.#orAbort(() => {
      const batch = runBatch(this.#state, commands, presence, {
        now: Date.now(),
        newId: () => crypto.randomUUID().replaceAll("-", "").slice(0, 24),
        readOrder: (id) => readStoredOrder(sql, id),
        ordersAfter: (scheduleId, after, limit) => readOrdersAfter(sql, scheduleId, after, limit),
        keptReplies: (ids) => keptReplies(sql, this.#state.replies, ids),
        report: (command, error) => report(`rule ${command.kind}`, error),
      });
      if (batch.changes.length > 0) {
        this.ctx.storage.transactionSync(() => save(sql, this.#state, batch.changes, firstEvent));
      }
      return batch;
    });
    this.#tally.batch(this.#state, commands, result.replies, result.changes);
    for (const [index, command] of commands.entries()) {
      if (command.kind === "recheck" && result.replies[index]?.ok) this.#recovery.hurry(command.orderId, Date.now());
    }
    const events = this.#state.nextEvent - firstEvent;
    logDecided(this.#state.performanceId, from, commands, result.replies, { from: firstEvent, events });
    this.#afterCommit(result.changes, result.news);
    return result.replies;
  }

  /** Memory may never be ahead of storage: whatever throws between the two makes the object start again. */
  #orAbort<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      report("commit", error);
      this.ctx.abort("a commit failed; the object starts again from storage");
      throw error;
    }
  }

  /** Outgoing calls wait for the write to be durable (output gate), so nobody hears of what could still be lost. */
  #afterCommit(changes: readonly Change[], news: readonly PersonalNews[]): void {
    const now = Date.now();
    for (const change of changes) if (change.kind === "order") this.#recovery.note(change.order, now);
    if (news.length > 0) this.ctx.waitUntil(tellLobbies(this.#guard, this.env.LOBBY, this.#state, news));
    if (this.#seatNews.note(this.#state, changes)) this.#watchers.push(this.#state, this.#seatNews, now, this.ctx);
    const events = changes.filter((change) => change.kind === "event").length;
    this.#outbox.added(events);
    if (events > 0) this.ctx.waitUntil(this.#drain());
    this.#arm();
  }

  async #drain(): Promise<void> {
    try {
      await this.#outbox.drain(Date.now, (events) => sendEvents(this.#guard, this.env.EVENTS, events));
    } catch (error) {
      // Nobody was asked, which is counted; the alarm asks again.
      if (!(error instanceof NotAsked)) report("outbox", error);
    }
    this.#arm();
  }

  /** The draw waits for a public round: any relay may hand it over, the rule verifies it. */
  async #askBeacon(): Promise<void> {
    const signature = await signatureDue(this.#guard, this.#state, this.env.BEACON_URLS, Date.now());
    if (signature !== null) this.#commit([{ kind: "beacon", signature }], null);
  }

  /** Brings the state up to the moment, for reads. */
  #advance(): void {
    requireThere(this.#life);
    if (this.#published) this.#commit([], null);
  }

  async #recover(): Promise<void> {
    const { sql } = this.ctx.storage;
    const questions = this.#recovery
      .take(Date.now(), RECOVERIES_AT_ONCE, Math.random)
      .flatMap(({ orderId, tries, hinted }) => {
        const order = this.#state.openOrders.get(orderId) ?? readStoredOrder(sql, orderId);
        if (order === null) return [];
        const asked = { now: Date.now(), tries, hinted, accounts: this.#state.refundAccounts };
        return questionsAbout(order, asked).map((question) => ({ question, asked: order.version }));
      });
    await askProviders(this.ctx, this.#guard, questions, (answer) => this.#commit([answer], null));
  }

  /** Replies past their day go in one scan, so at most once an hour. */
  #purge(): void {
    if (!this.#published || this.#state.clock - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = this.#state.clock;
    purgeReplies(this.ctx.storage.sql, this.#state.replies, this.#state.clock);
  }

  /** Only ever moved to something earlier; the handler arms the next one at its end. */
  #arm(): void {
    if (!this.#published) return;
    const times = [nextDue(this.#state, Date.now()), this.#outbox.nextAt(), this.#recovery.nextAt()];
    const known = times.filter((time) => time !== null);
    if (known.length === 0) return;
    const now = Date.now();
    const at = Math.max(Math.min(...known), now) + ALARM_MARGIN_MS;
    if (!this.#alarm.comes(now, at)) void this.#alarm.set(at);
  }
}

function report(at: string, error: unknown): void {
  log("error", `performance ${at}`, "failed", errorFields(error));
}
