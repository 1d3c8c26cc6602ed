/**
 * A crowd with human habits in front of the real rules, in virtual time: people wander off and come back, some miss their
 * turn, some take long. Everything it does comes from a seed.
 *
 * Who is there is a coin with a memory: present spells and absent spells of random length, so that the given share is away
 * at any time, and the given share of those who are passed over is back within the grace.
 */
import { entryBytes, ENTRY_BYTES } from "../../durable-objects/performance/admission/entry.ts";
import { STANDING } from "../../durable-objects/performance/admission/line.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type { Command, PerformanceSettings } from "../../durable-objects/performance/contract.ts";
import { aheadOf, waitRange } from "../../durable-objects/lobby/queue-state.ts";
import { seeded, type Random } from "../../tests/simulation/random.ts";
import { LineUnderTest } from "./line.ts";

export interface CrowdPlan {
  readonly seed: number;
  readonly people: number;
  readonly settings: Pick<PerformanceSettings, "capacity" | "ratePerMinute">;
  /** Share of the people away at any time, and of the passed-over who are back within the grace. */
  readonly away: number;
  readonly back: number;
  /** Seconds from entering to being done. */
  readonly booking: (random: Random) => number;
  /** Virtual seconds at most. */
  readonly seconds: number;
}

export interface CrowdResult {
  readonly admissions: number;
  readonly seconds: number;
  /** Most live sessions above capacity, and most admissions in any minute above the rate. */
  readonly overshoot: number;
  /** Slot-seconds that stayed free while both limits permitted and somebody present waited, over all slot-seconds. */
  readonly idleShare: number;
  /** Slot-seconds taken by people who never showed up, over all: no fault of the line, and reported beside it. */
  readonly noShowShare: number;
  readonly overtaken: number;
  /** Promises made to people who stayed until their turn: how many came true, and how wide they were for the wait. */
  readonly promises: number;
  readonly kept: number;
  readonly widths: readonly number[];
}

const START = Date.UTC(2026, 10, 22);
const STEP_MS = 1_000;
const MINUTE_MS = 60_000;
const LEASE_SECONDS = 45;
/** The object's alarm comes this much late at most. */
const ALARM_LATE_MS = 50;
const RENEW_EVERY_SECONDS = 15;
const GRACE_SECONDS = 600;
const PROMISES_EVERY_SECONDS = 60;
const PROMISES_AT_ONCE = 200;
const SHOW_UP_SHARE = 0.95;

interface Promised {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export function runCrowd(plan: CrowdPlan): CrowdResult {
  return new Crowd(plan).run();
}

class Crowd {
  readonly #plan: CrowdPlan;
  readonly #random: Random;
  readonly #line: LineUnderTest;
  readonly #there: Uint8Array;
  /** When a person's spell ends, in seconds since the start. */
  readonly #spellEnds: Float64Array;
  readonly #wandered: Uint8Array;
  readonly #promises = new Map<number, Promised[]>();
  /** What people are about to do, by second. */
  readonly #plans = new Map<number, { number: number; does: "enter" | "leave" }[]>();
  readonly #admittedAt: number[] = [];
  readonly #widths: number[] = [];
  #now = START;
  #lowest = 0;
  #overshoot = 0;
  #idleMs = 0;
  #noShowMs = 0;
  #overtaken = 0;
  #kept = 0;
  #made = 0;

  constructor(plan: CrowdPlan) {
    this.#plan = plan;
    this.#random = seeded(plan.seed);
    this.#line = new LineUnderTest({ ...plan.settings, absenceGraceSeconds: GRACE_SECONDS }, START);
    this.#there = new Uint8Array(plan.people);
    this.#spellEnds = new Float64Array(plan.people);
    this.#wandered = new Uint8Array(plan.people);
  }

  run(): CrowdResult {
    this.#arrive();
    let second = 0;
    for (; second < this.#plan.seconds && this.#line.state.line.lane(0).front < this.#plan.people; second++) {
      const tick = START + second * STEP_MS + this.#random.below(STEP_MS);
      this.#alarms(tick);
      this.#now = tick;
      this.#commit(this.#commands(second), this.#presence(second));
      if (second % PROMISES_EVERY_SECONDS === 0) this.#promise();
    }
    const slotMs = this.#plan.settings.capacity * second * STEP_MS;
    return {
      admissions: this.#admittedAt.length,
      seconds: second,
      overshoot: this.#overshoot,
      idleShare: this.#idleMs / slotMs,
      noShowShare: this.#noShowMs / slotMs,
      overtaken: this.#overtaken,
      promises: this.#made,
      kept: this.#kept,
      widths: this.#widths,
    };
  }

  /** Everybody comes at once, and most are still there. */
  #arrive(): void {
    const { people, away } = this.#plan;
    const entries = new Uint8Array(people * ENTRY_BYTES);
    for (let number = 0; number < people; number++) {
      entries.set(entryBytes(entryNamed(number)), number * ENTRY_BYTES);
      this.#there[number] = this.#random.chance(away) ? 0 : 1;
      this.#spellEnds[number] = this.#spell(number);
    }
    this.#commit([{ kind: "join", entries }], null);
    // A join is a sign of life: whoever went at once is noticed when that lease has run out.
  }

  /** Exponential spells: away long enough that the given share is back within the grace. */
  #spell(number: number): number {
    const { away, back } = this.#plan;
    const awaySeconds = -GRACE_SECONDS / Math.log(1 - back);
    const mean = this.#there[number] === 1 ? (awaySeconds * (1 - away)) / away : awaySeconds;
    return -mean * Math.log(1 - this.#random.next());
  }

  /** What the lobbies report with a tick: whose lease has to be renewed, who closed the page. */
  #presence(second: number): { numbers: number[]; leases: number[] } {
    const numbers: number[] = [];
    const leases: number[] = [];
    const { line } = this.#line.state;
    for (let number = 0; number < this.#plan.people; number++) {
      const standing = line.standing(number);
      if (standing !== STANDING.waiting && standing !== STANDING.passedOver) continue;
      const renews = (second + number) % RENEW_EVERY_SECONDS === 0;
      if (second >= (this.#spellEnds[number] ?? 0)) {
        this.#there[number] = 1 - (this.#there[number] ?? 0);
        this.#spellEnds[number] = second + this.#spell(number);
        if (this.#there[number] === 0) this.#wandered[number] = 1;
        numbers.push(number);
        leases.push(this.#there[number] === 1 ? LEASE_SECONDS : 5);
      } else if (renews && this.#there[number] === 1) {
        numbers.push(number);
        leases.push(LEASE_SECONDS);
      }
    }
    return { numbers, leases };
  }

  #commands(second: number): Command[] {
    const planned = this.#plans.get(second) ?? [];
    this.#plans.delete(second);
    return planned.map(({ number, does }): Command => {
      const entry = entryNamed(number);
      return does === "leave" ? { kind: "leave", entry } : { kind: "enter", entry, member: entry };
    });
  }

  #commit(commands: readonly Command[], presence: { numbers: number[]; leases: number[] } | null): void {
    const report =
      presence === null
        ? null
        : {
            full: false,
            numbers: Uint32Array.from(presence.numbers),
            leaseSeconds: Uint16Array.from(presence.leases),
          };
    this.#noteIdle();
    const { changes } = this.#line.commit(this.#now, commands, report);
    this.#judge(changes);
  }

  /** The object's own alarm, within this second. */
  #alarms(until: number): void {
    for (;;) {
      const due = this.#line.due(this.#now);
      if (due === null || due >= until) return;
      this.#now = Math.max(this.#now, due) + 1 + this.#random.below(ALARM_LATE_MS);
      if (this.#now >= until) this.#now = until - 1;
      this.#commit([], null);
      if (this.#line.due(this.#now) === due) return;
    }
  }

  /**
   * Before a commit: since when could each slot have been given on? A slot is free since the last commit or since its
   * session ran out, an admission is allowed since the last commit or since an older one left the minute.
   */
  #noteIdle(): void {
    const { state } = this.#line;
    const { capacity, ratePerMinute } = this.#plan.settings;
    const waiting = state.line.presentWaiting(this.#now);
    if (waiting === 0 || state.clock === 0) return;
    const last = state.clock;
    const slots = Array.from({ length: capacity - state.sessions.size }, () => last);
    for (const { until } of state.sessions.values()) if (until <= this.#now) slots.push(until);
    const allowed = Array.from({ length: state.history.allowance(ratePerMinute, last) }, () => last);
    for (const { at, count } of state.history.counts()) {
      if (at + MINUTE_MS > last && at + MINUTE_MS <= this.#now)
        for (let one = 0; one < count; one++) allowed.push(at + MINUTE_MS);
    }
    for (let slot = 0; slot < Math.min(slots.length, allowed.length, waiting); slot++) {
      this.#idleMs += this.#now - Math.max(slots[slot] ?? 0, allowed[slot] ?? 0);
    }
  }

  #judge(changes: readonly Change[]): void {
    const { state } = this.#line;
    const { capacity, ratePerMinute } = this.#plan.settings;
    for (const change of changes) {
      if (change.kind === "admitted") this.#admitted(change.number);
      if (change.kind === "session-ended" && change.reason === "missed") this.#noShowMs += 60_000;
    }
    const recent = state.history.recent(this.#now);
    this.#overshoot = Math.max(this.#overshoot, state.sessions.size - capacity, recent - ratePerMinute);
  }

  #admitted(number: number): void {
    const { line } = this.#line.state;
    this.#admittedAt.push(this.#now);
    while (this.#lowest < this.#plan.people && line.standing(this.#lowest) !== STANDING.waiting) this.#lowest += 1;
    for (let other = this.#lowest; other < number; other++) {
      if (line.standing(other) === STANDING.waiting && line.isPresent(other, this.#now)) this.#overtaken += 1;
    }
    for (const [other, passed] of line.passedOver) {
      if (other < number && !passed.explicit && line.isPresent(other, this.#now)) this.#overtaken += 1;
    }
    this.#keepPromises(number);
    const second = Math.floor((this.#now - START) / STEP_MS);
    if (this.#there[number] !== 1 || !this.#random.chance(SHOW_UP_SHARE)) return; // will miss the turn
    const enters = second + 3 + this.#random.below(25);
    this.#schedule(enters, { number, does: "enter" });
    this.#schedule(enters + Math.max(1, Math.round(this.#plan.booking(this.#random))), { number, does: "leave" });
  }

  #schedule(second: number, what: { number: number; does: "enter" | "leave" }): void {
    const list = this.#plans.get(second);
    if (list === undefined) this.#plans.set(second, [what]);
    else list.push(what);
  }

  /** Some of those who wait look at the range they are shown. */
  #promise(): void {
    const { line } = this.#line.state;
    const status = this.#line.status(this.#now);
    for (let look = 0; look < PROMISES_AT_ONCE; look++) {
      const number = this.#random.below(this.#plan.people);
      if (line.standing(number) !== STANDING.waiting || this.#there[number] !== 1) continue;
      const range = waitRange(aheadOf(number, status), status);
      if (range === null) continue;
      const promise = {
        at: this.#now,
        from: this.#now + range.fromSeconds * 1_000,
        to: this.#now + range.toSeconds * 1_000,
      };
      const known = this.#promises.get(number);
      if (known === undefined) this.#promises.set(number, [promise]);
      else known.push(promise);
    }
  }

  /** Only of those who stayed: whoever went away chose the wait. */
  #keepPromises(number: number): void {
    const promises = this.#promises.get(number) ?? [];
    this.#promises.delete(number);
    if (this.#wandered[number] === 1) return;
    for (const { at, from, to } of promises) {
      const wait = this.#now - at;
      if (wait < STEP_MS) continue;
      this.#made += 1;
      if (from <= this.#now && this.#now <= to) this.#kept += 1;
      this.#widths.push((to - from) / wait);
    }
  }
}

function entryNamed(number: number): string {
  return number.toString(16).padStart(8, "0").repeat(4);
}
