/**
 * Booking lobbies that have somebody to tell about seats. Each gets one call at a time with everything new since its last
 * one, and so many a second at most, so a storm of holds costs a few calls and, at each booker's socket, a few frames.
 */
import type { Guard } from "../guard.ts";
import { lobbyName, type LobbyContract } from "../lobby/contract.ts";
import type { SeatDelta } from "./contract.ts";
import type { SeatNews } from "./seats/news.ts";
import type { PerformanceState } from "./state.ts";

/** A booking lobby that has not called for this long has nobody left. */
const WATCH_MS = 60_000;
/** What changes sooner after a call goes with the next: each call becomes a frame at every socket, and bookers may wait 250 ms. */
export const PUSH_EVERY_MS = 100;

const NEWS_MS = 10_000;

interface Watcher {
  until: number;
  busy: boolean;
  readonly versions: Map<string, number>;
}

export class Watchers {
  readonly #guard: Guard;
  readonly #lobbies: { getByName(name: string): Pick<LobbyContract, "seatNews"> };
  readonly #watchers = new Map<number, Watcher>();

  constructor(guard: Guard, lobbies: { getByName(name: string): Pick<LobbyContract, "seatNews"> }) {
    this.#guard = guard;
    this.#lobbies = lobbies;
  }

  seen(index: number, now: number): void {
    const watcher = this.#watchers.get(index);
    if (watcher === undefined) this.#watchers.set(index, { until: now + WATCH_MS, busy: false, versions: new Map() });
    else watcher.until = now + WATCH_MS;
  }

  push(state: PerformanceState, news: SeatNews, now: number, ctx: Pick<DurableObjectState, "waitUntil">): void {
    for (const [index, watcher] of this.#watchers) {
      if (watcher.until <= now) this.#watchers.delete(index);
      else if (!watcher.busy) ctx.waitUntil(this.#send(index, watcher, state, news));
    }
  }

  async #send(index: number, watcher: Watcher, state: PerformanceState, news: SeatNews): Promise<void> {
    watcher.busy = true;
    // The breaker of the lobby's personal news, too: it is one lobby.
    const name = lobbyName(state.performanceId, "booking", index);
    try {
      for (;;) {
        const deltas = this.#deltas(watcher, state, news);
        if (deltas.length === 0) return;
        // One that never answers would have no other call, and its people no news, for ever.
        const tell = (): Promise<void> => this.#lobbies.getByName(name).seatNews(deltas);
        await this.#guard.ask("lobby", NEWS_MS, tell, { which: name });
        await new Promise((resolve) => setTimeout(resolve, PUSH_EVERY_MS));
      }
    } catch {
      // The lobby notices the gap in versions and takes a snapshot.
    } finally {
      watcher.busy = false;
    }
  }

  #deltas(watcher: Watcher, state: PerformanceState, news: SeatNews): SeatDelta[] {
    const deltas: SeatDelta[] = [];
    for (const [scheduleId, board] of state.boards) {
      const from = watcher.versions.get(scheduleId) ?? board.version - 1;
      if (from === board.version) continue;
      // Too long ago: a delta that begins at the end is a gap to whoever is not there yet, and they take a snapshot.
      const to = board.version;
      const delta = news.since(state, scheduleId, from) ?? gapAt(scheduleId, board.chartVersion, to);
      deltas.push(delta);
      watcher.versions.set(scheduleId, board.version);
    }
    return deltas;
  }
}

function gapAt(scheduleId: string, chart: number, to: number): SeatDelta {
  return { scheduleId, chart, from: to, to, changes: [], zones: [] };
}
