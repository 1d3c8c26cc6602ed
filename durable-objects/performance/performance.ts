/**
 * The Performance object: one per performance, the authority over its queue, sessions, seats, holds and open orders.
 * No rule lives here. It loads, runs a batch, writes it in one transaction, and tells whoever has to know.
 */
import { DurableObject } from "cloudflare:workers";
import { roundTime } from "./admission/beacon.ts";
import { beaconDue, segmentOf, viewDraw } from "./admission/drawing.ts";
import { publish } from "./admission/publish.ts";
import { statusOf } from "./admission/status.ts";
import { isSwept, nextDue } from "./advance.ts";
import { apply } from "./apply.ts";
import { runBatch } from "./batch.ts";
import type { Change } from "./changes.ts";
import type {
  Batch,
  BatchReply,
  BlockView,
  Command,
  DrawView,
  Figures,
  IdentityView,
  OrderPage,
  PerformanceContract,
  PerformanceFacts,
  PersonalNews,
  PresenceReport,
  PublishReply,
  PublishRequest,
  Reply,
  ScheduleView,
  SeatSnapshot,
} from "./contract.ts";
import type { EventEnvelope } from "./events.ts";
import { figuresOf } from "./figures.ts";
import { questionsAbout, Recovery } from "./orders/recovery.ts";
import { byLobby } from "./personal-news.ts";
import { logDecided } from "./batch-log.ts";
import { logSent, Outbox } from "./outbox/outbox.ts";
import { viewBlock } from "./seats/blocks.ts";
import { SeatNews } from "./seats/news.ts";
import { emptyState, type PerformanceState } from "./state.ts";
import { load, readOrdersAfter, readStoredOrder } from "./storage/load.ts";
import { pageOfOrders } from "./storage/pages.ts";
import { keptReplies, purgeReplies } from "./storage/replies.ts";
import { hasTables, outboxDepth, readEntryKey, writeEntryKey } from "./storage/rest.ts";
import { save } from "./storage/save.ts";
import { migrateTables } from "./storage/tables.ts";
import { answerTo, ownCause, paymentsOf } from "./asking.ts";
import { fetchSignature } from "./beacon-relay.ts";
import { Tally } from "./tally.ts";
import { Watchers } from "./watchers.ts";
import { inTime } from "../in-time.ts";
import { errorFields, log } from "../log.ts";
import { batchName, lobbyName, type LobbyContract } from "../lobby/contract.ts";

/** The bindings an object needs; the Worker's environment has them. */
export interface PerformanceEnvironment {
  readonly LOBBY: { getByName(name: string): Pick<LobbyContract, "news" | "seatNews"> };
  /** Relays of the public beacon, comma separated. */
  readonly BEACON_URLS: string;
  readonly EVENTS: { sendBatch(messages: Iterable<{ body: EventEnvelope }>): Promise<unknown> };
}

/** Provider calls of one alarm run; the next run takes the rest. */
const RECOVERIES_AT_ONCE = 6;
/** A question is up to nine requests to a provider, ten seconds each at most; the alarm does not wait for all of that. */
const PAYMENT_MS = 60_000;
const SEND_MS = 15_000;
const NEWS_MS = 10_000;
/** An alarm set for a moment that has come may stall the chain: always a little later. */
const ALARM_MARGIN_MS = 1;
const ALARM_RETRY_MS = 1_000;
const ALARM_LOST_MS = 60_000;
const PURGE_EVERY_MS = 3_600_000;

export class Performance extends DurableObject<PerformanceEnvironment> implements PerformanceContract {
  #state: PerformanceState;
  #published: boolean;
  readonly #outbox: Outbox;
  readonly #recovery = new Recovery();
  readonly #seatNews = new SeatNews();
  readonly #watchers: Watchers;
  readonly #tally = new Tally(Date.now());
  /** Per lobby the latest (incarnation, sequence): an older batch must not undo what came after it. */
  readonly #latest = new Map<string, { incarnation: number; sequence: number }>();
  readonly #incarnation = Date.now();
  readonly #lobbiesReported = new Set<string>();
  #alarmAt: number | null = null;
  #purgedAt = 0;
  #calls = 0;

  constructor(ctx: DurableObjectState, env: PerformanceEnvironment) {
    super(ctx, env);
    const sql = ctx.storage.sql;
    const id = ctx.id.name ?? "";
    // An object nobody published stays empty: asking for a performance that does not exist writes nothing.
    this.#published = hasTables(sql);
    if (this.#published) ctx.storage.transactionSync(() => migrateTables(sql));
    this.#state = this.#published ? load(sql, id, Date.now()) : emptyState(id);
    this.#outbox = new Outbox(sql, this.#published ? outboxDepth(sql) : 0);
    this.#watchers = new Watchers((index) => env.LOBBY.getByName(lobbyName(id, "booking", index)));
    for (const order of this.#state.openOrders.values()) this.#recovery.note(order, Date.now());
    if (this.#published) {
      void ctx.blockConcurrencyWhile(async () => {
        this.#alarmAt = await ctx.storage.getAlarm();
        this.#arm();
      });
    }
  }

  publish(request: PublishRequest): Promise<PublishReply> {
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
    this.#published = true;
    this.#afterCommit(changes, []);
    return Promise.resolve(reply);
  }

  execute(batch: Batch): Promise<BatchReply> {
    this.#calls += 1;
    if (batch.lobby !== null) {
      const key = `${batch.lobby.role}/${batch.lobby.index}`;
      const latest = this.#latest.get(key);
      if (latest !== undefined && isOlder(batch, latest)) return Promise.resolve(this.#refuseAll(batch, "stale-batch"));
      const { incarnation, sequence } = batch;
      if (latest !== undefined && incarnation > latest.incarnation && batch.lobby.role === "queue") {
        this.#state.line.forgive(batch.lobby.index, this.#state.settings?.lobbies ?? 1, Date.now());
      }
      this.#latest.set(key, { incarnation, sequence });
      if (batch.presence?.full === true) this.#reported(key);
      if (batch.report !== undefined) this.#tally.report(key, batch.report, Date.now());
      if (batch.lobby.role === "booking") this.#watchers.seen(batch.lobby.index, Date.now());
    }
    if (!this.#published) return Promise.resolve(this.#refuseAll(batch, "not-published"));
    const replies = this.#commit(batch.commands, batch.presence ?? null, batchName(batch));
    return Promise.resolve({ incarnation: this.#incarnation, replies, status: statusOf(this.#state, Date.now()) });
  }

  facts(): Promise<PerformanceFacts> {
    const settings = this.#state.settings;
    return Promise.resolve({
      performanceId: this.#state.performanceId,
      published: settings !== null,
      lobbies: settings?.lobbies ?? 1,
      bookingLobbies: settings?.bookingLobbies ?? 1,
      lanes: settings?.lanes ?? [],
      identities: this.#state.identities.facts(settings?.verification ?? null),
      entryKey: settings === null ? "" : readEntryKey(this.ctx.storage.sql),
    });
  }

  schedule(scheduleId: string): Promise<ScheduleView | null> {
    const board = this.#state.boards.get(scheduleId);
    const currency = this.#state.settings?.currency;
    if (board === undefined || currency === undefined) return Promise.resolve(null);
    return Promise.resolve({ ...board.plan, chartVersion: board.chartVersion, currency });
  }

  seats(scheduleId: string): Promise<SeatSnapshot | null> {
    this.#advance();
    return Promise.resolve(this.#state.boards.get(scheduleId)?.snapshot() ?? null);
  }

  blocks(scheduleId: string): Promise<readonly BlockView[] | null> {
    this.#advance();
    if (!this.#state.boards.has(scheduleId)) return Promise.resolve(null);
    const blocks = Array.from(this.#state.blocks.values()).filter((block) => block.scheduleId === scheduleId);
    return Promise.resolve(blocks.map((block) => viewBlock(this.#state, block)));
  }

  figures(): Promise<Figures> {
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

  draw(): Promise<DrawView> {
    this.#advance();
    return Promise.resolve(viewDraw(this.#state));
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
    this.#alarmAt = null;
    try {
      this.#commit(isSwept(this.#state) ? [] : [{ kind: "sweep" }], null);
      this.#purge();
      await Promise.all([this.#recover(), this.#drain(), this.#askBeacon()]);
    } catch (error) {
      report("alarm", error);
      await this.#setAlarm(Date.now() + ALARM_RETRY_MS);
    } finally {
      this.#arm();
    }
  }

  #refuseAll(batch: Batch, code: "not-published" | "stale-batch"): BatchReply {
    const replies = batch.commands.map((): Reply => ({ ok: false, refusal: { code } }));
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
    if (news.length > 0) this.#tell(news);
    if (this.#seatNews.note(this.#state, changes)) this.#watchers.push(this.#state, this.#seatNews, now, this.ctx);
    const events = changes.filter((change) => change.kind === "event").length;
    this.#outbox.added(events);
    if (events > 0) this.ctx.waitUntil(this.#drain());
    this.#arm();
  }

  #tell(news: readonly PersonalNews[]): void {
    const settings = this.#state.settings;
    if (settings === null) return;
    for (const [name, list] of byLobby(this.#state.performanceId, settings, news)) {
      // A lost push is repaired by the lobby's next tick, which sees that the front has passed somebody it thinks waits.
      this.ctx.waitUntil(
        inTime("lobby", NEWS_MS, () => this.env.LOBBY.getByName(name).news(list)).catch((error: unknown) =>
          report("news", error),
        ),
      );
    }
  }

  async #drain(): Promise<void> {
    try {
      await this.#outbox.drain(Date.now, async (events) => {
        await inTime("event queue", SEND_MS, () => this.env.EVENTS.sendBatch(events.map((body) => ({ body }))));
        logSent(events);
      });
    } catch (error) {
      report("outbox", error);
    }
    this.#arm();
  }

  /** The draw waits for a public round: any relay may hand it over, the rule verifies it. */
  async #askBeacon(): Promise<void> {
    const beacon = this.#state.settings?.beacon ?? null;
    if (beacon === null || beaconDue(this.#state, Date.now()) === null) return;
    if (roundTime(beacon.chain, beacon.round) > Date.now()) return;
    const signature = await fetchSignature(this.env.BEACON_URLS, beacon.chain.hash, beacon.round);
    if (signature !== null) this.#commit([{ kind: "beacon", signature }], null);
  }

  /** Brings the state up to the moment, for reads. */
  #advance(): void {
    if (this.#published) this.#commit([], null);
  }

  async #recover(): Promise<void> {
    const payments = paymentsOf(this.ctx);
    const { sql } = this.ctx.storage;
    const questions = this.#recovery.take(Date.now(), RECOVERIES_AT_ONCE).flatMap(({ orderId, tries, hinted }) => {
      const order = this.#state.openOrders.get(orderId) ?? readStoredOrder(sql, orderId);
      if (order === null) return [];
      const asked = { now: Date.now(), tries, hinted, accounts: this.#state.refundAccounts };
      return questionsAbout(order, asked).map((question) => ({ question, asked: order.version }));
    });
    await Promise.all(
      questions.map(async ({ question, asked }) => {
        const cause = ownCause();
        const command = await inTime("payments", PAYMENT_MS, () =>
          answerTo(payments, question, { cause, asked }),
        ).catch((error: unknown) => report("recovery", error));
        if (command !== undefined) this.#commit([command], null);
      }),
    );
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
    const at = Math.max(Math.min(...known), Date.now()) + ALARM_MARGIN_MS;
    // One that should have come long ago was lost after its retries: it is set again.
    const lost = this.#alarmAt !== null && this.#alarmAt < Date.now() - ALARM_LOST_MS;
    if (this.#alarmAt !== null && this.#alarmAt <= at && !lost) return;
    void this.#setAlarm(at);
  }

  #setAlarm(at: number): Promise<void> {
    this.#alarmAt = at;
    return this.ctx.storage.setAlarm(at);
  }
}

/** 32 random bytes as hex: the secret of a draw. It leaves the object by no method and no log before the draw. */
function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
}

function isOlder(batch: Batch, latest: { incarnation: number; sequence: number }): boolean {
  if (batch.incarnation !== latest.incarnation) return batch.incarnation < latest.incarnation;
  return batch.sequence < latest.sequence;
}

function report(at: string, error: unknown): void {
  log("error", `performance ${at}`, "failed", errorFields(error));
}
