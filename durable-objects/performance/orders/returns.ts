/**
 * When seats that were sold and given back can be had again: at once, or at a published time and a random while later, so that
 * nobody's machine knows the moment.
 */
import { boardOf } from "../apply.ts";
import type { Change } from "../changes.ts";
import type { Order, PerformanceSettings } from "../contract.ts";
import type { RuleContext } from "../rule.ts";
import { SEAT } from "../seats/board.ts";
import { seatStatusesOf } from "./machine.ts";

/** The seats that this change of a paid order gave back, on their way to be free. Where they return at once: nothing. */
export function returning(context: RuleContext, order: Order, before: Order): readonly Change[] {
  const { state, now, newId } = context;
  const { settings } = state;
  if (settings === null || settings.releaseEverySeconds === 0) return [];
  const were = seatStatusesOf(before);
  const are = seatStatusesOf(order);
  const given = order.seats.filter(({ id }) => were.get(id) === SEAT.sold && are.get(id) === SEAT.free);
  if (given.length === 0) return [];
  const board = boardOf(state, order.scheduleId);
  const seats = given.flatMap(({ id }) => board.position(id) ?? []);
  const publishedAt = nextRelease(settings, now);
  const at = publishedAt + Math.floor(chance(newId()) * settings.releaseJitterSeconds * 1_000);
  const id = `${order.id}/${order.version}`;
  return [{ kind: "returning", returning: { id, scheduleId: order.scheduleId, seats, publishedAt, at } }];
}

/** The next published time: a multiple of the period, counted from the opening that everybody knows. */
export function nextRelease(
  { openAt, releaseEverySeconds }: Pick<PerformanceSettings, "openAt" | "releaseEverySeconds">,
  now: number,
): number {
  const period = releaseEverySeconds * 1_000;
  return openAt + Math.max(0, Math.floor((now - openAt) / period) + 1) * period;
}

/** A number from 0 to 1 out of a random id. */
function chance(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
}
