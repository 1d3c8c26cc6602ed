/** The latest changes of seats, so that booking lobbies can be told what is new since the version they have. */
import type { Change } from "../changes.ts";
import type { SeatDelta } from "../contract.ts";
import type { PerformanceState } from "../state.ts";

/** Per schedule. A lobby further behind than this takes a snapshot. */
const CHANGES_KEPT = 5_000;

interface SeatChange {
  readonly version: number;
  readonly position: number;
}

export class SeatNews {
  readonly #changes = new Map<string, SeatChange[]>();

  /** Takes note of the seats a commit touched; true if there were any. */
  note(state: PerformanceState, changes: readonly Change[]): boolean {
    let any = false;
    for (const change of changes) {
      if (change.kind === "chart-changed") {
        // Positions of before it are those of other places: everybody takes a snapshot.
        this.#changes.delete(change.scheduleId);
        any = true;
      } else if (change.kind === "held") any = this.#add(state, change.hold.scheduleId, change.hold.seats) || any;
      else if (change.kind === "hold-grown") any = this.#add(state, change.hold.scheduleId, change.added) || any;
      else if (change.kind === "block") {
        any = this.#add(state, change.block.scheduleId, [...change.block.seats, ...change.freed]) || any;
      } else if (change.kind === "hold-ended" && change.reason !== "ordered") {
        any = this.#add(state, change.scheduleId, change.seats) || any;
      } else if (change.kind === "returning" || change.kind === "returned") {
        any = this.#add(state, change.returning.scheduleId, change.returning.seats) || any;
      } else if (change.kind === "order") {
        const board = state.boards.get(change.order.scheduleId);
        const positions = change.order.seats.flatMap((seat) => board?.position(seat.id) ?? []);
        any = this.#add(state, change.order.scheduleId, positions) || any;
      }
    }
    return any;
  }

  /** What changed since version `from`, or null when that is too long ago (or nothing is known of it). */
  since(state: PerformanceState, scheduleId: string, from: number): SeatDelta | null {
    const board = state.boards.get(scheduleId);
    if (board === undefined) return null;
    const list = this.#changes.get(scheduleId) ?? [];
    const first = list[0]?.version;
    if (from !== board.version && (first === undefined || first > from + 1)) return null;
    const positions = new Set<number>();
    // What is new stands at the end: whoever is nearly up to date does not walk through what everybody knows.
    let start = list.length;
    while (start > 0 && (list[start - 1]?.version ?? 0) > from) start -= 1;
    for (let at = start; at < list.length; at++) positions.add(list[at]?.position ?? 0);
    const changes: SeatDelta["changes"][number][] = [];
    const zones = new Set<number>();
    for (const position of positions) {
      if (position >= board.places.seats) {
        zones.add(board.places.zones.findIndex((zone) => position < zone.to));
        continue;
      }
      const section = board.sectionOf(position);
      const offset = board.sections[section]?.from ?? 0;
      changes.push([section, position - offset, board.status[position] ?? 0]);
    }
    const rooms = Array.from(zones, (zone) => [zone, board.freeInZone(zone)] as const);
    return { scheduleId, chart: board.chartVersion, from, to: board.version, changes, zones: rooms };
  }

  #add(state: PerformanceState, scheduleId: string, positions: readonly number[]): boolean {
    const board = state.boards.get(scheduleId);
    if (board === undefined || positions.length === 0) return false;
    let list = this.#changes.get(scheduleId);
    if (list === undefined) this.#changes.set(scheduleId, (list = []));
    for (const position of positions) list.push({ version: board.version, position });
    if (list.length > CHANGES_KEPT * 2) list.splice(0, list.length - CHANGES_KEPT);
    return true;
  }
}
