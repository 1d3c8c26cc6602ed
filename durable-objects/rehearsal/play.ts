/**
 * A sale played through in virtual time: the very rules of a performance (the same `runBatch`, second by second of a clock
 * that runs as fast as it can), and a crowd that acts upon their answers. Seats cost nothing in the copy, so that orders are
 * settled by the rules for free orders and nobody is ever asked for money.
 */
import { apply } from "../performance/apply.ts";
import { publish } from "../performance/admission/publish.ts";
import { runBatch, type BatchContext } from "../performance/batch.ts";
import type { Command, Order, PresenceReport, PublishRequest, Reply } from "../performance/contract.ts";
import { emptyState, unsoldSeats, type PerformanceState } from "../performance/state.ts";
import type { RehearsalPoint, RehearsalResult } from "./contract.ts";
import * as fans from "./fans.ts";
import { Tally } from "./tally.ts";

/** The opening, in milliseconds of the virtual clock: any moment will do. */
const OPENING = 1_000_000_000_000;
const SECOND = 1_000;
const GATHER_SECONDS = 600;
/** After so long a sale is over, sold out or not. */
const LONGEST_SECONDS = 4 * 3_600;
const TRIES = 3;
/** A person who is there says so this often, and is believed a little longer: as on a real socket, only less often. */
const SIGN_SECONDS = 100;
const LEASE_SECONDS = 150;

type Act = "join" | "leave" | "enter" | "choose" | "order" | "pay" | "give-up";

interface Asked {
  readonly fan: number;
  readonly act: Act;
}

/** The same performance, opening on the virtual clock, with seats that cost nothing and no public round to wait for. */
function copyOf(request: PublishRequest): PublishRequest {
  const gathers = request.settings.gatherAt !== null;
  return {
    ...request,
    settings: {
      ...request.settings,
      gatherAt: gathers ? OPENING - GATHER_SECONDS * SECOND : null,
      openAt: OPENING,
      closeAt: OPENING + (LONGEST_SECONDS + 3_600) * SECOND,
      accessibleReleaseAt: null,
      beacon: null,
      // People who do not exist have no codes.
      verification: null,
    },
    schedules: request.schedules.map((plan) => ({
      ...plan,
      startsAt: OPENING + 30 * 86_400 * SECOND,
      prices: Object.fromEntries(Object.keys(plan.prices).map((grade) => [grade, 0])),
    })),
  };
}

export class Play {
  readonly #state: PerformanceState;
  readonly #random: fans.Random;
  readonly #schedules: readonly string[];
  readonly #fans: number;
  readonly #most: number;
  readonly #agenda = new Map<number, Asked[]>();
  readonly #tally: Tally;
  readonly #orders = new Map<string, Order>();
  readonly #holdOf = new Map<number, string>();
  readonly #orderOf = new Map<number, string>();
  readonly #triesOf = new Map<number, number>();
  readonly #points: RehearsalPoint[] = [];
  readonly #seats: number;
  #second: number;
  #ids = 0;
  #presence: { number: number; seconds: number }[] = [];
  readonly #numberOf = new Map<number, number>();
  /** Numbers of those who wait and are there. */
  readonly #there = new Set<number>();
  #soldOutAfter: number | null = null;
  #ended = 0;

  /** @throws when the rules refuse the copy: then they would refuse the performance too. */
  constructor(request: PublishRequest, count: number, seed: number) {
    const copy = copyOf(request);
    this.#state = emptyState(copy.performanceId);
    this.#random = fans.seeded(seed);
    this.#fans = count;
    this.#most = copy.settings.maxSeatsPerMember;
    this.#schedules = copy.schedules.map(({ id }) => id);
    const gathers = copy.settings.gatherAt === null ? 0 : GATHER_SECONDS;
    this.#second = -gathers - 1;
    const at = OPENING + this.#second * SECOND;
    const { changes, reply } = publish(this.#state, copy, at, () => "5a".repeat(32));
    if (!reply.ok) throw new Error(`a copy cannot be published: ${reply.refusal.code}`);
    for (const change of changes) apply(this.#state, change);
    this.#seats = unsoldSeats(this.#state);
    this.#tally = new Tally(copy.settings.capacity, copy.settings.ratePerMinute);
    for (let fan = 0; fan < count; fan++) this.#plan(fan, "join", fans.arrival(this.#random, gathers));
  }

  /** Of the people, how many are through with it; or of the time, whichever is further. */
  get progress(): number {
    return Math.min(1, Math.max(this.#ended / this.#fans, this.#second / LONGEST_SECONDS));
  }

  /** Plays on until about so many commands have been decided. True: it is over. */
  advance(commands: number): boolean {
    for (let done = 0; done < commands;) {
      if (this.#over()) return true;
      this.#second += 1;
      done += 1 + this.#playSecond();
    }
    return false;
  }

  result(): RehearsalResult {
    const { admitted, refusals, waits } = this.#tally;
    const sold = this.#soldSeats();
    return {
      points: this.#points,
      seats: this.#seats,
      sold: sold.count,
      orders: sold.orders,
      admitted,
      soldOutAfter: this.#soldOutAfter,
      waits: waits(),
      leftWaiting: this.#state.line.waiting,
      refusals: Object.fromEntries(refusals),
      checks: { ...this.#tally.limits, soldOnce: sold.once && sold.count <= this.#seats },
    };
  }

  #over(): boolean {
    if (this.#second >= LONGEST_SECONDS) return true;
    const everybodyCame = this.#agenda.size === 0;
    return this.#second > 0 && everybodyCame && this.#state.sessions.size === 0;
  }

  /** Everything that happens in this second; how many commands that were. */
  #playSecond(): number {
    const asked = this.#agenda.get(this.#second) ?? [];
    this.#agenda.delete(this.#second);
    const joining = asked.filter(({ act }) => act === "join");
    const others = asked.filter(({ act }) => act !== "join");
    const commands: Command[] = [];
    const askers: (Asked | null)[] = [];
    if (joining.length > 0) {
      commands.push({ kind: "join", entries: packed(joining.map(({ fan }) => fan)) });
      askers.push(null);
    }
    for (const one of others) {
      const command = this.#command(one);
      if (command === null) continue;
      commands.push(command);
      askers.push(one);
    }
    const batch = runBatch(this.#state, commands, this.#report(), this.#context());
    for (const change of batch.changes) if (change.kind === "order") this.#orders.set(change.order.id, change.order);
    batch.replies.forEach((reply, index) => {
      const asker = askers[index];
      if (asker === null) this.#joined(joining, reply);
      else if (asker !== undefined) this.#answered(asker, reply);
    });
    let admitted = 0;
    for (const { entry, standing } of batch.news) {
      const fan = fans.fanOfEntry(entry);
      if (standing.state === "admitted") {
        admitted += 1;
        this.#there.delete(this.#numberOf.get(fan) ?? -1);
        this.#tally.admit(fan, this.#second);
        this.#plan(fan, "enter", fans.showsUpAfter(this.#random));
      } else if (standing.state === "ended" || standing.state === "passed-over") this.#ended += 1;
    }
    this.#tally.second(admitted, this.#state.sessions.size);
    if (this.#state.phase === "soldout") this.#soldOutAfter ??= this.#second;
    if (this.#second >= 0 && this.#second % 10 === 0) this.#point();
    return commands.length + joining.length;
  }

  #command({ fan, act }: Asked): Command | null {
    const [entry, member] = [fans.entryOfFan(fan), fans.memberOfFan(fan)];
    const key = { id: `${member}|${act}|${this.#second}`, hash: act };
    switch (act) {
      case "enter":
        return { kind: "enter", entry, member };
      case "choose": {
        const scheduleId = this.#schedules[Math.floor(this.#random() * this.#schedules.length)] ?? "";
        const tries = this.#triesOf.get(fan) ?? 0;
        const count = Math.max(1, fans.seatsWanted(this.#random, this.#most) - tries);
        return { kind: "hold", entry, member, epoch: this.#state.epoch, scheduleId, best: { count }, key };
      }
      case "order": {
        const holdId = this.#holdOf.get(fan);
        return holdId === undefined
          ? null
          : { kind: "place-order", entry, member, epoch: this.#state.epoch, holdId, key };
      }
      case "pay": {
        const orderId = this.#orderOf.get(fan);
        return orderId === undefined
          ? null
          : { kind: "begin-payment", member, orderId, provider: "free", method: "FREE", key };
      }
      case "give-up":
        return { kind: "leave", entry };
      case "leave": {
        // Gone without a word: the socket closes, and the place is passed over when its turn comes.
        const number = this.#numberOf.get(fan);
        if (number !== undefined && this.#there.delete(number)) this.#presence.push({ number, seconds: 0 });
        return null;
      }
      default:
        return null;
    }
  }

  #joined(joining: readonly Asked[], reply: Reply): void {
    if (!reply.ok) {
      for (const _ of joining) this.#refused(reply.refusal.code);
      this.#ended += joining.length;
      return;
    }
    if (reply.kind !== "joined") return;
    const refused = new Map(reply.refused.map(([index, code]) => [index, code]));
    joining.forEach(({ fan }, index) => {
      const code = refused.get(index);
      if (code !== undefined) {
        this.#refused(code);
        this.#ended += 1;
        return;
      }
      const number = reply.numbers[index] ?? 0;
      this.#numberOf.set(fan, number);
      this.#tally.join(fan, Math.max(0, this.#second));
      this.#there.add(number);
      this.#presence.push({ number, seconds: LEASE_SECONDS });
      const leaves = fans.leavesAfter(this.#random);
      if (leaves !== null) this.#plan(fan, "leave", leaves);
    });
  }

  #answered({ fan, act }: Asked, reply: Reply): void {
    if (!reply.ok) {
      this.#refused(reply.refusal.code);
      const tries = (this.#triesOf.get(fan) ?? 0) + 1;
      this.#triesOf.set(fan, tries);
      if (act === "choose" && tries < TRIES) this.#plan(fan, "choose", fans.choosesIn(this.#random) / 2);
      else if (act === "choose") this.#plan(fan, "give-up", 1);
      return;
    }
    if (reply.kind === "session") this.#plan(fan, "choose", fans.choosesIn(this.#random));
    else if (reply.kind === "hold") {
      this.#holdOf.set(fan, reply.hold.id);
      this.#plan(fan, fans.buys(this.#random) ? "order" : "give-up", fans.choosesIn(this.#random) / 2);
    } else if (reply.kind === "order") {
      this.#orderOf.set(fan, reply.order.id);
      this.#plan(fan, "pay", fans.paysIn(this.#random));
    }
  }

  #plan(fan: number, act: Act, inSeconds: number): void {
    // People arrive at a moment of the sale; whatever else they do comes so long after now.
    const second = act === "join" ? Math.floor(inSeconds) : this.#second + Math.max(1, Math.ceil(inSeconds));
    const list = this.#agenda.get(second);
    if (list === undefined) this.#agenda.set(second, [{ fan, act }]);
    else list.push({ fan, act });
  }

  #report(): PresenceReport | null {
    if (this.#second % SIGN_SECONDS === 0) {
      for (const number of this.#there) this.#presence.push({ number, seconds: LEASE_SECONDS });
    }
    const said = this.#presence;
    if (said.length === 0) return null;
    this.#presence = [];
    return {
      full: false,
      numbers: Uint32Array.from(said, ({ number }) => number),
      leaseSeconds: Uint16Array.from(said, ({ seconds }) => seconds),
    };
  }

  #context(): BatchContext {
    return {
      now: OPENING + this.#second * SECOND,
      newId: () => (this.#ids++).toString(16).padStart(24, "0"),
      readOrder: (id) => this.#orders.get(id) ?? null,
      // No date is cancelled in a rehearsal, which is what walks through its orders.
      ordersAfter: () => [],
      // Nobody here asks twice.
      keptReplies: () => new Map(),
      report: () => this.#refused("internal-error"),
    };
  }

  #refused(code: string): void {
    this.#tally.refusals.set(code, (this.#tally.refusals.get(code) ?? 0) + 1);
  }

  #point(): void {
    const { line, sessions } = this.#state;
    const sold = this.#seats - unsoldSeats(this.#state);
    this.#points.push({
      second: this.#second,
      waiting: line.waiting,
      sessions: sessions.size,
      admitted: this.#tally.admitted,
      sold,
    });
  }

  /** From the orders alone, not from the board: each seat of a paid order, and whether any is there twice. */
  #soldSeats(): { readonly count: number; readonly orders: number; readonly once: boolean } {
    const seen = new Set<string>();
    let [count, orders] = [0, 0];
    for (const order of this.#orders.values()) {
      if (order.status !== "paid") continue;
      orders += 1;
      for (const seat of order.seats) {
        seen.add(`${order.scheduleId} ${seat.id}`);
        count += 1;
      }
    }
    return { count, orders, once: seen.size === count };
  }
}

function packed(list: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(list.length * 16);
  const view = new DataView(bytes.buffer);
  list.forEach((fan, index) => view.setUint32(index * 16 + 12, fan));
  return bytes;
}
