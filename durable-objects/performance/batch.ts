/**
 * A batch of commands against the state: advance what is due, decide each command, give freed slots on. Pure but for the
 * state it folds into; the caller writes the changes in one transaction before any reply leaves.
 */
import { numberOf, standingOf } from "./admission/standing.ts";
import { advance, Work } from "./advance.ts";
import type { Change } from "./changes.ts";
import type { Command, Order, PersonalNews, PresenceReport, Reply } from "./contract.ts";
import { decide, keyOf } from "./decide.ts";
import type { Decision, RuleContext } from "./rule.ts";
import type { PerformanceState } from "./state.ts";

/** Replies of keyed commands are kept this long. */
const REPLY_KEPT_MS = 24 * 60 * 60 * 1_000;

export interface KeptReply {
  readonly hash: string;
  readonly reply: Reply;
}

export interface BatchContext {
  readonly now: number;
  readonly newId: () => string;
  readonly readOrder: (orderId: string) => Order | null;
  readonly ordersAfter: (scheduleId: string, after: string, limit: number) => readonly Order[];
  /** Kept replies of the keys given, in one look-up. */
  readonly keptReplies: (ids: readonly string[]) => ReadonlyMap<string, KeptReply>;
  /** A rule threw: a bug, reported; the command is refused and nothing of it remains. */
  readonly report: (command: Command, error: unknown) => void;
}

export interface BatchResult {
  readonly changes: readonly Change[];
  readonly replies: readonly Reply[];
  readonly news: readonly PersonalNews[];
}

export function runBatch(
  state: PerformanceState,
  commands: readonly Command[],
  presence: PresenceReport | null,
  context: BatchContext,
): BatchResult {
  const now = Math.max(context.now, state.clock);
  state.clock = now;
  const work = new Work(state);
  if (presence !== null) see(state, presence, now);
  advance(work, now);
  const kept = new Map(context.keptReplies(commands.flatMap((command) => keyOf(command)?.id ?? [])));
  const rules: RuleContext = {
    state,
    now,
    newId: context.newId,
    // What this very batch has changed is not in storage yet.
    readOrder: (id) => work.orders.get(id) ?? context.readOrder(id),
    ordersAfter: (scheduleId, after, limit) =>
      context.ordersAfter(scheduleId, after, limit).map((order) => work.orders.get(order.id) ?? order),
  };
  const replies = commands.map((command) => replyTo(command, rules, work, kept, context));
  advance(work, now);
  return { changes: work.changes, replies, news: newsOf(state, work.changes) };
}

function replyTo(
  command: Command,
  rules: RuleContext,
  work: Work,
  kept: Map<string, KeptReply>,
  context: BatchContext,
): Reply {
  const key = keyOf(command);
  const before = key === null ? undefined : kept.get(key.id);
  if (key !== null && before !== undefined) {
    return before.hash === key.hash ? before.reply : { ok: false, refusal: { code: "key-reused" } };
  }
  let decision: Decision;
  try {
    decision = decide(rules, command);
  } catch (error) {
    context.report(command, error);
    return { ok: false, refusal: { code: "internal-error" } };
  }
  work.cause = command.cause;
  work.add(...decision.changes);
  work.cause = undefined;
  if (key === null || !worthKeeping(decision.reply)) return decision.reply;
  kept.set(key.id, { hash: key.hash, reply: decision.reply });
  work.add({
    kind: "replied",
    id: key.id,
    hash: key.hash,
    reply: JSON.stringify(decision.reply),
    expiresAt: rules.now + REPLY_KEPT_MS,
  });
  return decision.reply;
}

/**
 * Only what was done is kept. A refusal changed nothing, so asking again under the same key may honestly be answered
 * differently once the reason is gone (a seat came back, the time to pay began again).
 */
function worthKeeping(reply: Reply): boolean {
  return reply.ok;
}

function see(state: PerformanceState, report: PresenceReport, now: number): void {
  for (let index = 0; index < report.numbers.length; index++) {
    const seconds = report.leaseSeconds[index] ?? 0;
    state.line.see(report.numbers[index] ?? 0, seconds === 0 ? 0 : now + seconds * 1_000, now);
  }
}

/** What people have to be told at once: their own admission, entry, or end. */
function newsOf(state: PerformanceState, changes: readonly Change[]): readonly PersonalNews[] {
  const numbers = new Set<number>();
  for (const change of changes) {
    if (
      change.kind === "admitted" ||
      change.kind === "entered" ||
      change.kind === "session-ended" ||
      change.kind === "lapsed"
    ) {
      numbers.add(change.number);
    } else if (change.kind === "revoked") {
      const number = numberOf(state, change.entry);
      if (number >= 0) numbers.add(number);
    }
  }
  return Array.from(numbers, (number) => ({
    entry: state.line.roster.entry(number),
    standing: standingOf(state, number),
  }));
}
