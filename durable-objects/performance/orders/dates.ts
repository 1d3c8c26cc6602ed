/**
 * A date that is cancelled or moved. The decision is one commit; its orders are told a few at a time, each in a commit that
 * reports it, so that a hall of 50,000 never stops the sale of another date. Nobody pays a fee for what the organiser does.
 */
import type { Change, DateState } from "../changes.ts";
import type { DateAction, Order, PaymentAttempt } from "../contract.ts";
import { keptSeats } from "../order-seats.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { cancelled } from "./cancellation.ts";
import { holdsSeats } from "./machine.ts";

import { returning } from "./returns.ts";
import { abandonAttempt, changed, move, orderChanges } from "./rules.ts";
import { DATE_CANCELLED } from "./settle.ts";

/** So many orders are read and changed in one commit. */
const SWEEP_ORDERS = 50;
const REASON_LENGTH_MAX = 200;

/** The change a date's cancellation or move begins with, or why it cannot be. Asking for the same again changes nothing. */
export function changeDate(
  context: RuleContext,
  action: Extract<DateAction, { do: "cancel-date" | "move-date" }>,
): { readonly changes: readonly Change[] } | { readonly refused: Decision } {
  const { state, now } = context;
  const { scheduleId } = action;
  const board = state.boards.get(scheduleId);
  if (board === undefined) return { refused: refuse("unknown-schedule") };
  const before = state.dates.get(scheduleId) ?? { cancelled: null, moved: null, sweptTo: null };
  if (action.do === "cancel-date") {
    if (action.reason.length > REASON_LENGTH_MAX) return { refused: refuse("settings-invalid", { setting: "reason" }) };
    if (before.cancelled !== null) return { changes: [] };
    const date: DateState = { ...before, cancelled: { at: now, reason: action.reason }, sweptTo: "" };
    return { changes: [{ kind: "date", scheduleId, date }] };
  }
  if (before.cancelled !== null) return { refused: refuse("schedule-cancelled") };
  const { startsAt, freeUntil } = action;
  if (!isTime(startsAt) || startsAt <= now) return { refused: refuse("settings-invalid", { setting: "startsAt" }) };
  if (!isTime(freeUntil) || freeUntil <= now || freeUntil > startsAt) {
    return { refused: refuse("settings-invalid", { setting: "freeUntil" }) };
  }
  if (before.moved?.startsAt === startsAt && before.moved.freeUntil === freeUntil) return { changes: [] };
  const date: DateState = { ...before, moved: { startsAt, at: now, freeUntil }, sweptTo: "" };
  return { changes: [{ kind: "date", scheduleId, date }] };
}

/** Tells the next orders of the first date that still has some. */
export function sweep(context: RuleContext): Decision {
  const { state, now } = context;
  for (const [scheduleId, date] of state.dates) {
    if (date.sweptTo === null) continue;
    const orders = context.ordersAfter(scheduleId, date.sweptTo, SWEEP_ORDERS);
    const last = orders.length < SWEEP_ORDERS ? null : (orders.at(-1)?.id ?? null);
    const changes = orders.flatMap((order) => toldOf(context, order, date));
    return accept({ ok: true, kind: "done" }, ...changes, {
      kind: "date",
      scheduleId,
      date: { ...date, sweptTo: last },
    });
  }
  return accept({ ok: true, kind: "done" });

  function toldOf(inner: RuleContext, order: Order, date: DateState): readonly Change[] {
    const told = date.cancelled === null ? movedOrder(order, date, now) : endedOrder(order, date.cancelled.reason, now);
    if (told === null) return [];
    return [...orderChanges(told, order, now), ...returning(inner, told, order)];
  }
}

/** An order the provider is being asked about goes on: what it says then is settled for a date that is no more. */
function endedOrder(order: Order, reason: string, now: number): Order | null {
  if (order.status === "paid") {
    const seats = keptSeats(order).map(({ id }) => id);
    if (seats.length === 0) return null;
    return cancelled(order, { seats, fee: 0, by: "organiser", reason: reason || DATE_CANCELLED, account: null }, now);
  }
  if (order.attempts.at(-1)?.status === "confirming") return null;
  const ended = move(order, "cancel", now);
  return ended === null ? null : abandonAttempt(ended, now);
}

function movedOrder(order: Order, { moved }: DateState, now: number): Order | null {
  if (moved === null || !holdsSeats(order.status)) return null;
  const { startsAt, at, freeUntil } = moved;
  // Told already, or placed for the new date.
  if (order.moved?.at === at || order.placedAt >= at) return null;
  const from = order.moved?.from ?? order.startsAt;
  return { ...changed(order, now), startsAt, attempts: order.attempts.map(sooner), moved: { from, at, freeUntil } };

  /** A transfer is never waited for longer than until the show begins. */
  function sooner(attempt: PaymentAttempt): PaymentAttempt {
    const { deposit } = attempt;
    if (deposit === null || attempt.status !== "awaiting-deposit" || deposit.dueAt <= startsAt) return attempt;
    return { ...attempt, deposit: { ...deposit, dueAt: startsAt } };
  }
}

function isTime(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
