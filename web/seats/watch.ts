/**
 * Keeps a board current: snapshot, then live changes; a new snapshot after a gap, and every five seconds while there is
 * no live connection.
 */
import { isRecord } from "../decode.ts";
import { readSeatDelta, readSeats, type SeatDelta, type SeatSnapshot } from "../calls/booking.ts";
import { livePath, type QueueState, readQueueFrame } from "../calls/queue.ts";
import { Link } from "../live/socket.ts";
import type { Board } from "./board.ts";

export interface WatchOptions {
  readonly performanceId: string;
  readonly scheduleId: string;
  readonly board: Board;
  /** Version of the chart the board is of. */
  readonly chart: number;
  /** The hall was changed: this board's seats are others now. */
  readonly onChart: (version: number) => void;
  readonly onSeats: (changed: readonly number[]) => void;
  readonly onStanding: (state: QueueState) => void;
  readonly onLive: (live: boolean) => void;
  readonly onFailure: (error: unknown) => void;
}

const refreshMs = 5000;
const shortestRefreshMs = 1000;
const mostEarly = 500;

export class Watch {
  readonly #options: WatchOptions;
  readonly #link: Link;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Deltas that arrived ahead of the snapshot they follow. */
  #early: SeatDelta[] = [];
  #fetching: Promise<void> | null = null;
  #fetchedAt = 0;
  #ended = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#link = new Link({
      path: livePath(options.performanceId, true),
      onOpen: () => {
        this.#link.send(JSON.stringify({ type: "watch", scheduleId: options.scheduleId }));
        void this.refresh();
      },
      onFrame: (frame) => this.#hear(frame),
      onState: (state) => options.onLive(state === "open"),
    });
    this.#timer = setInterval(() => {
      const lost = !this.#link.open && !document.hidden;
      if (lost || this.#early.length > 0) void this.refresh();
    }, refreshMs);
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#link.end();
  }

  /** Asks for a snapshot, at most one at a time. */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { performanceId, scheduleId, board, chart, onSeats, onChart, onFailure } = this.#options;
    try {
      let snapshot: SeatSnapshot;
      do {
        const pause = this.#fetchedAt + shortestRefreshMs - Date.now();
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        this.#fetchedAt = Date.now();
        snapshot = await readSeats(performanceId, scheduleId);
        if (this.#ended) return;
        // A copy on the way may be a second old, and of the chart before ours.
      } while (snapshot.chart < chart);
      if (snapshot.chart > chart) return onChart(snapshot.chart);
      const changed = new Set(board.load(snapshot));
      const early = this.#early.toSorted((a, b) => a.from - b.from);
      this.#early = [];
      for (const delta of early) {
        const more = board.apply(delta);
        if (more === "gap") this.#early.push(delta);
        else for (const index of more) changed.add(index);
      }
      onSeats([...changed]);
    } catch (error) {
      if (!this.#ended) onFailure(error);
    }
  }

  #hear(frame: unknown): void {
    if (!isRecord(frame)) return;
    try {
      if (frame["type"] === "seats") this.#change(readSeatDelta(frame));
      const queue = readQueueFrame(frame);
      if (queue.type === "state") this.#options.onStanding(queue.state);
    } catch {
      // A frame we cannot read may have been a change: the next snapshot tells.
      void this.refresh();
    }
  }

  #change(delta: SeatDelta): void {
    const { scheduleId, chart, onChart } = this.#options;
    if (delta.scheduleId !== scheduleId) return;
    if (delta.chart > chart) return onChart(delta.chart);
    const changed = this.#fetching === null ? this.#options.board.apply(delta) : "gap";
    if (changed !== "gap") {
      this.#options.onSeats(changed);
      return;
    }
    if (this.#early.length < mostEarly) this.#early.push(delta);
    void this.refresh();
  }
}
