/**
 * Keeps a person in the queue and knows where they stand: joins, listens over a live connection, asks at the server's
 * pace while there is none, and tells what it is doing. Draws nothing.
 */
import { goToLogin, needsLogin } from "../account.ts";
import { jittered, Problem } from "../api.ts";
import {
  joinQueue,
  leaveQueue,
  livePath,
  lookAtQueue,
  type QueueState,
  type QueueStatus,
  readQueueFrame,
} from "../calls/queue.ts";
import { Link, type LinkState } from "../live/socket.ts";
import { notePushedTime, serverNow } from "../time/clock.ts";
import { keepReceipt } from "./receipt.ts";
import { deadlineOf, joinsByItself, type Screen, screenOf } from "./screen.ts";

export type Contact =
  | { readonly how: "connecting" }
  | { readonly how: "live" }
  | { readonly how: "polling"; readonly everySeconds: number }
  | { readonly how: "offline" }
  | { readonly how: "busy"; readonly untilMs: number };

/** Answers that joining will not change by being repeated. */
const finalRefusals = new Set([
  "queue-limit-reached",
  "member-revoked",
  "email-not-verified",
  "not-published",
  "not-found",
  "performance-closed",
]);

/** Those that have a screen of their own. */
const refusedScreens: Readonly<Record<string, Screen>> = {
  "performance-closed": "closed",
  "member-revoked": "revoked",
};

/** Nothing more happens by itself: what comes next, if anything, somebody presses. */
const rests = new Set<Screen>(["closed", "ended", "left", "revoked"]);

/** Timers hold 31 bits of milliseconds. */
const longestTimerMs = 2_000_000_000;

export class Room {
  readonly #id: string;
  readonly #changed: () => void;
  #link: Link | null = null;
  #linked: LinkState = "connecting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #asking = false;
  #left = false;
  /** Seen in the queue since joining was last asked for. */
  #wasIn = false;

  state: QueueState | null = null;
  status: QueueStatus | null = null;
  contact: Contact = { how: "connecting" };
  /** Why joining was declined for good, in the server's words. */
  refusal: Problem | null = null;

  constructor(performanceId: string, changed: () => void) {
    this.#id = performanceId;
    this.#changed = changed;
  }

  get screen(): Screen {
    if (this.refusal !== null) return refusedScreens[this.refusal.code] ?? "refused";
    if (this.state === null || this.status === null) return "joining";
    if (this.state.revoked) return "revoked";
    return screenOf(this.state.state, this.status.phase, this.#wasIn);
  }

  get deadline(): number | null {
    return this.status === null ? null : deadlineOf(this.screen, this.status, this.state?.until ?? null);
  }

  join(): void {
    this.refusal = null;
    this.state = null;
    this.#wasIn = false;
    this.#changed();
    void this.#ask(() => joinQueue(this.#id));
  }

  async leave(): Promise<void> {
    await leaveQueue(this.#id);
    this.#left = true;
    this.#hangUp();
  }

  /** What was declined for good elsewhere, when entering; false where asking again may help. */
  declined(error: unknown): boolean {
    if (!(error instanceof Problem) || !finalRefusals.has(error.code)) return false;
    this.#hangUp();
    this.refusal = error;
    this.#changed();
    return true;
  }

  #hangUp(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#opening);
    this.#link?.end();
    // Whoever joins after all has a connection made anew; one that has ended says nothing more, not even that it ended.
    this.#link = null;
    this.#opening = undefined;
    this.#linked = "connecting";
  }

  /** Asks now: after entering failed, or when the page comes back from the history. */
  look(): void {
    void this.#ask(() => lookAtQueue(this.#id));
  }

  async #ask(question: () => Promise<QueueState>): Promise<void> {
    if (this.#asking || this.#left) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    try {
      this.#take(await question());
      this.#failures = 0;
      this.#listenSoon(this.state?.connectAfterMs ?? 0);
      this.#sayContact();
      this.#plan();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#asking = false;
      this.#changed();
    }
  }

  #take(state: QueueState): void {
    this.state = state;
    this.status = state.status;
    this.#wasIn ||= state.state !== "none";
    if (state.receipt !== null) keepReceipt(this.#id, state.receipt);
  }

  #failed(error: unknown): void {
    if (error instanceof Problem) {
      if (needsLogin(error.code)) return goToLogin();
      if (error.code === "verification-required") return location.replace(`/presale${location.search}`);
      if (this.declined(error)) return;
      if (error.status === 409 || error.status === 404) {
        // Joining is not possible at this moment: look, so that the screen can say until when.
        this.#failures += 1;
        this.#again(this.#failures === 1 ? 50 : 2000, () => lookAtQueue(this.#id));
        return;
      }
    }
    this.#failures += 1;
    const told = error instanceof Problem ? error.retryAfterSeconds : null;
    const pause =
      told === null ? jittered(Math.min(30_000, 1000 * 2 ** this.#failures)) : told * 1000 * (1 + Math.random() / 2);
    if (this.#linked !== "open") {
      this.contact =
        error instanceof Problem && told !== null ? { how: "busy", untilMs: serverNow() + pause } : { how: "offline" };
    }
    this.#again(pause, this.state === null ? () => joinQueue(this.#id) : () => lookAtQueue(this.#id));
  }

  #again(pause: number, question: () => Promise<QueueState>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(question), pause);
  }

  /** What to do next without being told: join when joining begins, poll while there is no live connection. */
  #plan(): void {
    clearTimeout(this.#timer);
    const { screen, status, state } = this;
    if (state === null || status === null) return;
    if (joinsByItself(screen)) {
      const begins = this.deadline ?? serverNow();
      // In a draw a moment more or less changes nothing, so spread; first come, first served is not held up.
      const spread = screen === "before" && status.gatherAt !== null ? 3000 : 200;
      const wait = begins - serverNow();
      if (wait < 30_000 || this.#linked === "open") {
        const overdue = wait < -1000 ? 1500 : 0;
        const pause = Math.min(longestTimerMs, Math.max(overdue, wait) + 50 + Math.random() * spread);
        this.#again(pause, () => joinQueue(this.#id));
        return;
      }
    }
    if (this.#linked === "open" || rests.has(screen)) return;
    this.#again(Math.max(1, state.pollAfterSeconds) * 1000, () => lookAtQueue(this.#id));
  }

  /** In a rush the server spreads the live connections: until then the page asks, as it does without one. */
  #listenSoon(ms: number): void {
    if (ms === 0) this.#listen();
    else this.#opening ??= setTimeout(() => this.#listen(), ms);
  }

  #listen(): void {
    clearTimeout(this.#opening);
    this.#link ??= new Link({
      path: livePath(this.#id, false),
      onOpen: () => {
        this.#failures = 0;
        if (this.state === null) this.join();
      },
      onFrame: (frame) => this.#hear(frame),
      onState: (state) => {
        const changed = (this.#linked === "open") !== (state === "open");
        this.#linked = state;
        // A failed try to reconnect must not put off the next poll.
        if (!changed) return;
        this.#sayContact();
        if (!this.#asking) this.#plan();
        this.#changed();
      },
    });
  }

  #sayContact(): void {
    if (this.#linked === "open") this.contact = { how: "live" };
    else if (!navigator.onLine) this.contact = { how: "offline" };
    else this.contact = { how: "polling", everySeconds: Math.max(1, this.state?.pollAfterSeconds ?? 5) };
  }

  #hear(raw: unknown): void {
    const planned = `${this.screen} ${this.deadline ?? ""}`;
    try {
      const frame = readQueueFrame(raw);
      if (frame.type === "state") this.#take(frame.state);
      else if (frame.type === "status") this.status = frame.status;
      else return;
      notePushedTime(this.status?.now ?? serverNow());
    } catch {
      return;
    }
    if (!this.#asking && planned !== `${this.screen} ${this.deadline ?? ""}`) this.#plan();
    this.#changed();
  }
}
