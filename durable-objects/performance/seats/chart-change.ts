/**
 * A new chart for a date that is on sale. Places may come, go, move and change their names, but nothing the chart says of a
 * place with a history may change: one that somebody holds, pays for or owns, that is blocked or on its way back, or that
 * any order, however it ended, has ever named. Tickets, ledgers and refunds speak of it.
 */
import type { ChartAction } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { isCancelled } from "../state.ts";
import { SEAT, seatStatusNames, type Board } from "./board.ts";
import { gradesOf, placeId, placesOf, type Chart, type ChartSeat, type ChartZone } from "./chart.ts";

/** What a new chart does to a place that both know, or that only the old one knows. */
export type Touch = "removed" | "renamed" | "moved" | "regraded" | "changed";

/** Why a place may not be touched: the state it is in, or an order that named it once. */
export type History = (typeof seatStatusNames)[number] | "ordered";

/** As many as a person can read. */
const EVIDENCE_MAX = 100;
const ORDERS_AT_ONCE = 500;
/** Two coordinates in seat widths that differ by less are the same after a change of units. */
const SAME_PLACE = 1e-6;

export function changeChart(context: RuleContext, operator: string, action: ChartAction): Decision {
  const { state, now } = context;
  const { scheduleId, chart } = action;
  const board = state.boards.get(scheduleId);
  if (board === undefined) return refuse("unknown-schedule");
  if (isCancelled(state, scheduleId)) return refuse("schedule-cancelled");
  const before = board.plan.chart;
  if (sameChart(before, chart)) {
    return accept({ ok: true, kind: "chart", version: board.chartVersion, places: board.size });
  }
  const unpriced = gradesOf(chart).find((grade) => !Object.hasOwn(board.plan.prices, grade));
  if (unpriced !== undefined) return refuse("unknown-grade", { grade: unpriced });
  const touched = touchedPlaces(before, chart);
  const history = historyOf(context, board, touched);
  if (history.size > 0) {
    const seats = Array.from(history, ([id, because]) => ({ id, change: touched.get(id) ?? "changed", because }));
    return refuse("chart-touches-seats", { count: seats.length, seats: seats.slice(0, EVIDENCE_MAX) });
  }
  const version = board.chartVersion + 1;
  const detail = JSON.stringify({ scheduleId, version, places: placesOf(chart), ...countsOf(touched), added: addedBy(before, chart) }); // prettier-ignore
  return accept(
    { ok: true, kind: "chart", version, places: placesOf(chart) },
    { kind: "chart-changed", scheduleId, chart, version },
    { kind: "event", event: { type: "operator-acted", operator, action: action.do, detail }, at: now },
  );
}

/** Of the touched places those with a history, and what that is. The board is asked first, then every order there was. */
function historyOf(
  context: RuleContext,
  board: Board,
  touched: ReadonlyMap<string, Touch>,
): ReadonlyMap<string, History> {
  const found = new Map<string, History>();
  if (touched.size === 0) return found;
  for (const id of touched.keys()) {
    const position = board.position(id);
    if (position === null) continue;
    const status = board.status[position] ?? SEAT.free;
    if (status !== SEAT.free) found.set(id, seatStatusNames[status] ?? "blocked");
    else if (board.block[position] !== 0) found.set(id, "blocked");
  }
  for (let after = ""; ;) {
    const orders = context.ordersAfter(board.plan.id, after, ORDERS_AT_ONCE);
    for (const { seats } of orders) {
      for (const { id } of seats) if (touched.has(id) && !found.has(id)) found.set(id, "ordered");
    }
    const last = orders.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
}

/** Every place of the old chart of which the new one says something else, or nothing. */
export function touchedPlaces(before: Chart, after: Chart): ReadonlyMap<string, Touch> {
  const touched = new Map<string, Touch>();
  const seats = seatsOf(after);
  for (const [id, seat] of seatsOf(before)) {
    const touch = touchOf(seat, seats.get(id));
    if (touch !== null) touched.set(id, touch);
  }
  const [width, newWidth] = [before.seatWidth ?? 1, after.seatWidth ?? 1];
  for (const zone of before.zones ?? []) {
    const found = after.zones?.find(({ id }) => id === zone.id);
    const touch = found === undefined ? "removed" : zoneTouch(zone, found, width, newWidth);
    for (let n = 1; n <= zone.capacity; n++) {
      if (touch !== null) touched.set(placeId(zone.id, n), touch);
      else if (n > (found?.capacity ?? 0)) touched.set(placeId(zone.id, n), "removed");
    }
  }
  return touched;
}

interface Described {
  readonly seat: ChartSeat;
  readonly section: string;
  readonly sectionName: string;
  readonly row: string;
  readonly width: number;
}

function seatsOf(chart: Chart): ReadonlyMap<string, Described> {
  const found = new Map<string, Described>();
  const width = chart.seatWidth ?? 1;
  for (const section of chart.sections) {
    for (const row of section.rows) {
      const where = { section: section.id, sectionName: section.name, row: row.label, width };
      for (const seat of row.seats) found.set(seat.id, { seat, ...where });
    }
  }
  return found;
}

function touchOf(before: Described, after: Described | undefined): Touch | null {
  if (after === undefined) return "removed";
  const [a, b] = [before.seat, after.seat];
  if (a.label !== b.label || before.row !== after.row || before.sectionName !== after.sectionName) return "renamed";
  if (a.grade !== b.grade) return "regraded";
  const near = (p: number, q: number): boolean => Math.abs(p / before.width - q / after.width) < SAME_PLACE;
  if (before.section !== after.section || !near(a.x, b.x) || !near(a.y, b.y)) return "moved";
  if ((a.aisle ?? false) !== (b.aisle ?? false)) return "changed";
  return sameAttributes(a, b) ? null : "changed";
}

function sameAttributes(a: ChartSeat, b: ChartSeat): boolean {
  const [own, other] = [new Set(a.attributes), new Set(b.attributes)];
  return own.size === other.size && [...own].every((attribute) => other.has(attribute));
}

function zoneTouch(before: ChartZone, after: ChartZone, width: number, newWidth: number): Touch | null {
  if (before.name !== after.name) return "renamed";
  if (before.grade !== after.grade) return "regraded";
  const [a, b] = [before.outline ?? [], after.outline ?? []];
  const same =
    a.length === b.length &&
    a.every(([x, y], index) => {
      const [otherX = NaN, otherY = NaN] = b[index] ?? [];
      return (
        Math.abs(x / width - otherX / newWidth) < SAME_PLACE && Math.abs(y / width - otherY / newWidth) < SAME_PLACE
      );
    });
  return same ? null : "moved";
}

function countsOf(touched: ReadonlyMap<string, Touch>): { readonly removed: number; readonly changed: number } {
  let removed = 0;
  for (const touch of touched.values()) if (touch === "removed") removed += 1;
  return { removed, changed: touched.size - removed };
}

function addedBy(before: Chart, after: Chart): number {
  const known = seatsOf(before);
  let added = 0;
  for (const id of seatsOf(after).keys()) if (!known.has(id)) added += 1;
  for (const zone of after.zones ?? []) {
    const capacity = before.zones?.find(({ id }) => id === zone.id)?.capacity ?? 0;
    added += Math.max(0, zone.capacity - capacity);
  }
  return added;
}

/** The same content, whatever the order of the fields: a database may hand them back in another one. */
export function sameChart(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [own, other] = [Object.entries(a), Object.entries(b)];
  if (own.length !== other.length) return false;
  return own.every(([name, value]) => Object.hasOwn(b, name) && sameChart(value, Reflect.get(b, name)));
}
