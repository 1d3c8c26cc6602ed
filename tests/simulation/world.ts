/**
 * One simulated sale: a Performance object, fans, an operator, a provider, event queue and records, under a virtual clock
 * and one seed. Faults: crashes before and after the commit, lost answers and messages, a clock that steps back.
 */
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Command, Order, ProviderTask, RefundTask, Reply } from "../../durable-objects/performance/contract.ts";
import { numberOf } from "../../durable-objects/performance/admission/standing.ts";
import { openTasks } from "../../durable-objects/performance/orders/payment.ts";
import { openRefunds } from "../../durable-objects/performance/orders/refund.ts";
import { rows, text } from "../../durable-objects/performance/storage/sql.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "./charts.ts";
import { checkAtRest } from "./at-rest.ts";
import { checkAdmissions, checkState, digest, Violation, type Limits } from "./invariants.ts";
import { Crash, SimulatedObject } from "./object.ts";
import { SimulatedProvider } from "./provider.ts";
import { seeded, type Random } from "./random.ts";
import { SimulatedRecords } from "./records.ts";

const ENTRY_KEY = "cd".repeat(32);
const START = Date.UTC(2026, 10, 22);

interface Person {
  readonly member: string;
  readonly entry: string;
  holdIds: string[];
  orderIds: string[];
}

export interface Met {
  crashes: number;
  conflicts: number;
  refusals: Record<string, number>;
  accepted: Record<string, number>;
  clockSteps: number;
}

export class World {
  readonly random: Random;
  readonly object: SimulatedObject;
  readonly provider: SimulatedProvider;
  readonly records: SimulatedRecords;
  readonly met: Met = { crashes: 0, conflicts: 0, refusals: {}, accepted: {}, clockSteps: 0 };
  readonly history: string[] = [];
  readonly #people: Person[];
  readonly #admissionTimes: number[] = [];
  #limits: Limits;
  #now = START;
  #keys = 0;
  #calm = false;

  constructor(seed: number, people = 50) {
    this.random = seeded(seed);
    this.object = new SimulatedObject(PERFORMANCE_ID, () => this.#now, seeded(seed + 1));
    this.provider = new SimulatedProvider(seeded(seed + 2));
    this.records = new SimulatedRecords(seeded(seed + 3));
    this.#people = Array.from({ length: people }, (_, index) => {
      const member = `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
      return { member, entry: entryOf(ENTRY_KEY, member), holdIds: [], orderIds: [] };
    });
    const gathers = this.random.chance(0.4);
    const settings = {
      gatherAt: gathers ? START : null,
      openAt: gathers ? START + 300_000 : START,
      closeAt: START + 86_400_000,
      capacity: 1 + this.random.below(8),
      ratePerMinute: 1 + this.random.below(30),
      bookingSeconds: 60 + this.random.below(240),
      absenceGraceSeconds: this.random.below(600),
    };
    this.#limits = settings;
    this.object.publish(publishRequest(settings, gridChart(4, 5)));
  }

  get now(): number {
    return this.#now;
  }

  /** One step: somebody does something, or time passes, or a message arrives. */
  step(): void {
    const dice = this.random.next();
    if (dice < 0.25) this.#passTime();
    else if (dice < 0.33) this.#reportPresence();
    else if (dice < 0.4) this.#recover();
    else if (dice < 0.47) this.#deliver();
    else if (dice < 0.49) this.#operate();
    else if (dice < 0.6) this.#act(this.random.pick(this.#people), null);
    else this.#purposefully();
    this.#check();
  }

  /** Faults stop, time passes: nothing may be stuck, and all the books must agree. */
  settle(): void {
    this.#calm = true;
    this.provider.calm = true;
    this.records.calm = true;
    for (let round = 0; round < 40; round++) {
      this.#now += 60_000;
      this.#run([]);
      this.#recover();
      this.#deliver();
      this.#check();
    }
    checkAtRest(this.object, this.provider, this.records, this.allOrders());
  }

  /** Somebody who may book goes one step further towards a paid order; the others wait for it. */
  #purposefully(): void {
    const booking = Array.from(this.object.state.sessions.values(), ({ number }) =>
      this.object.state.line.roster.entry(number),
    );
    const paying = Array.from(this.object.state.openOrders.values(), ({ member }) => member);
    const busy = this.#people.filter(({ entry, member }) => booking.includes(entry) || paying.includes(member));
    if (busy.length === 0) return this.#act(this.random.pick(this.#people), "join");
    const person = this.random.pick(busy);
    const session = this.object.state.sessions.get(numberOf(this.object.state, person.entry));
    const order = Array.from(this.object.state.openOrders.values()).find(({ member }) => member === person.member);
    const hold = Array.from(this.object.state.holds.values()).find(({ member }) => member === person.member);
    if (order?.status === "pending") return this.#act(person, "begin-payment");
    if (order?.status === "paying") return this.#act(person, "confirm-payment");
    if (session?.member === null) return this.#act(person, "enter");
    return this.#act(person, hold === undefined ? "hold" : "place-order");
  }

  /** `kind` null: whatever comes to mind, sensible or not. */
  #act(person: Person, kind: Command["kind"] | null): void {
    const { member, entry } = person;
    const key = (operation: string): { id: string; hash: string } => {
      this.#keys += 1;
      return { id: `${member}|${operation}|${this.#keys}`, hash: "h" };
    };
    const choices: readonly (() => Command | null)[] = [
      () => ({ kind: "join", entries: entryBytes(entry) }),
      () => ({ kind: "join", entries: entryBytes(entry) }),
      () => (this.random.chance(0.15) ? { kind: "leave", entry } : null),
      () => ({ kind: "look", entry }),
      () => ({ kind: "enter", entry, member }),
      () => ({ kind: "enter", entry, member }),
      () => ({
        kind: "hold",
        epoch: this.#epoch(),
        entry,
        member,
        scheduleId: SCHEDULE_ID,
        seats: this.#someSeats(),
        key: key("hold"),
      }),
      () => ({
        kind: "hold",
        epoch: this.#epoch(),
        entry,
        member,
        scheduleId: SCHEDULE_ID,
        seats: this.#someSeats(),
        key: key("hold"),
      }),
      () => ({ kind: "release", member, holdId: this.#someHold(person) }),
      () => ({
        kind: "place-order",
        epoch: this.#epoch(),
        entry,
        member,
        holdId: this.#someHold(person),
        key: key("order"),
      }),
      () => ({
        kind: "place-order",
        epoch: this.#epoch(),
        entry,
        member,
        holdId: this.#someHold(person),
        key: key("order"),
      }),
      () =>
        this.#onOrder(person, (orderId) => ({
          kind: "begin-payment",
          member,
          orderId,
          provider: "toss",
          method: "CARD",
          key: key("pay"),
        })),
      () =>
        this.#onOrder(person, (orderId) => ({
          kind: "begin-payment",
          member,
          orderId,
          provider: "toss",
          method: "CARD",
          key: key("pay"),
        })),
      () => this.#onOrder(person, (orderId) => this.#confirmation(member, orderId)),
      () => this.#onOrder(person, (orderId) => this.#confirmation(member, orderId)),
      () =>
        this.random.chance(0.3)
          ? this.#onOrder(person, (orderId) => ({ kind: "cancel-order", member, orderId, reason: "simulated" }))
          : null,
    ];
    const command = kind === null ? this.random.pick(choices)() : this.#first(choices, kind);
    if (command === null) return;
    const reply = this.#send(command);
    if (reply === null || !reply.ok) return;
    if (reply.kind === "hold") person.holdIds.push(reply.hold.id);
    if (reply.kind === "order") person.orderIds.push(reply.order.id);
    if (reply.kind === "confirm") this.#confirm(reply.task);
    if (reply.kind === "refund" && reply.task !== null) this.#refund(reply.task);
  }

  #first(choices: readonly (() => Command | null)[], kind: Command["kind"]): Command | null {
    for (const choice of choices) {
      const command = choice();
      if (command?.kind === kind) return command;
    }
    return null;
  }

  /** A client whose answer got lost asks again with the very same command. */
  #send(command: Command): Reply | null {
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        const [reply] = this.#run([command]);
        const again = this.random.chance(0.05) ? this.#run([command])[0] : reply;
        if (reply !== undefined && "key" in command && reply.ok && JSON.stringify(again) !== JSON.stringify(reply)) {
          throw new Violation(`the same key was answered differently: ${JSON.stringify([reply, again])}`);
        }
        if (reply !== undefined) this.#note(command, reply);
        return reply ?? null;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        this.met.crashes += 1;
      }
    }
    return null;
  }

  #run(commands: readonly Command[]): readonly Reply[] {
    const crash =
      !this.#calm && this.random.chance(0.02) ? (this.random.chance(0.5) ? "before-commit" : "after-commit") : null;
    const before = crash === "before-commit" ? digest(this.object.state) : null;
    let failure: unknown = null;
    let replies: readonly Reply[] = [];
    try {
      replies = this.object.execute(commands, null, crash);
    } catch (error) {
      failure = error;
    }
    for (const command of commands)
      this.history.push(`${this.#now - START} ${command.kind}${crash === null ? "" : ` (${crash})`}`);
    if (before !== null && digest(this.object.state) !== before)
      throw new Violation("a crash before the commit left something behind");
    this.#limits = checkAdmissions(this.object.state, this.object.lastChanges, this.#admissionTimes, this.#limits);
    if (failure !== null) throw failure;
    const [error] = this.object.ruleErrors;
    if (error !== undefined)
      throw new Violation(`a rule threw: ${error instanceof Error ? error.message : "something"}`);
    return replies;
  }

  #confirm(task: ProviderTask): void {
    const outcome = this.provider.confirm(task, this.#now);
    // The Worker may die between the charge and the note of it.
    if (outcome.result === "unknown" || (!this.#calm && this.random.chance(0.1))) return;
    this.#send({ kind: "settle", orderId: task.orderId, attempt: task.attempt, outcome });
  }

  #refund(task: RefundTask): void {
    const outcome = this.provider.refund(task, this.#now);
    if (outcome.result === "unknown") return;
    this.#send({ kind: "settle-refund", orderId: task.orderId, refund: task.refund, outcome });
  }

  #recover(): void {
    const orders = Array.from(this.object.state.openOrders.values());
    for (const task of openTasks(orders, this.#now - 20_000)) this.#confirm(task);
    for (const task of openRefunds(orders, this.#now - 20_000)) this.#refund(task);
  }

  #deliver(): void {
    const { outbox } = this.object;
    for (let events = outbox.take(this.#now); events.length > 0; events = outbox.take(this.#now))
      this.records.send(events);
    outbox.applied(this.records.deliver());
  }

  #operate(): void {
    const actions = [
      { do: "pause" },
      { do: "resume" },
      { do: "resume" },
      { do: "limits", capacity: this.random.below(10), ratePerMinute: 1 + this.random.below(40) },
      { do: "notice", text: "잠시만 기다려 주세요" },
      { do: "revoke-all" },
    ] as const;
    this.#send({ kind: "operate", operator: "operator", action: this.random.pick(actions) });
  }

  #reportPresence(): void {
    const size = this.object.state.line.roster.size;
    const numbers = Array.from({ length: size }, (_, number) => number).filter(() => this.random.chance(0.7));
    const leases = numbers.map(() => (this.random.chance(0.1) ? 0 : 45));
    const report = { full: true, numbers: Uint32Array.from(numbers), leaseSeconds: Uint16Array.from(leases) };
    this.object.execute([], report);
    this.#limits = checkAdmissions(this.object.state, this.object.lastChanges, this.#admissionTimes, this.#limits);
  }

  #passTime(): void {
    if (this.random.chance(0.02)) {
      this.#now -= this.random.below(30_000);
      this.met.clockSteps += 1;
    } else this.#now += this.random.below(this.random.chance(0.02) ? 300_000 : 2_000);
    // Every alarm may be late or lost: only sometimes does anything happen by itself.
    if (this.random.chance(0.5)) this.#send({ kind: "look", entry: this.random.pick(this.#people).entry });
  }

  #check(): void {
    checkState(this.object.state, this.allOrders());
    if (!this.random.chance(0.03)) return;
    const before = digest(this.object.state);
    this.object.restart();
    this.met.crashes += 1;
    const after = digest(this.object.state);
    if (after !== before) throw new Violation(`a restart changed the state:\n${before}\n${after}`);
  }

  allOrders(): readonly Order[] {
    return rows(this.object.storage.sql, "SELECT body FROM orders").map(
      (row) => JSON.parse(text(row, "body")) as Order,
    );
  }

  #confirmation(member: string, orderId: string): Command {
    const amount = this.random.chance(0.05) ? 1 : (this.object.state.openOrders.get(orderId)?.amount ?? 0);
    return { kind: "confirm-payment", member, orderId, provider: "toss", paymentKey: `pk-${orderId}`, amount };
  }

  #onOrder(person: Person, command: (orderId: string) => Command): Command | null {
    const own = person.orderIds.at(-1);
    // Now and then somebody tries another person's order.
    const foreign = this.random.chance(0.05) ? this.random.pick(this.#people).orderIds.at(-1) : undefined;
    const orderId = foreign ?? own;
    return orderId === undefined ? null : command(orderId);
  }

  /** Mostly the epoch of a fresh pass, sometimes an old one. */
  #epoch(): number {
    const { epoch } = this.object.state;
    return this.random.chance(0.05) ? epoch - 1 : epoch;
  }

  #someHold(person: Person): string {
    return person.holdIds.at(-1) ?? `h${this.random.below(20)}`;
  }

  #someSeats(): string[] {
    const count = 1 + this.random.below(3);
    return Array.from({ length: count }, () => `r${1 + this.random.below(4)}s${1 + this.random.below(5)}`);
  }

  #note(command: Command, reply: Reply): void {
    if (reply.ok) this.met.accepted[command.kind] = (this.met.accepted[command.kind] ?? 0) + 1;
    else {
      this.met.refusals[reply.refusal.code] = (this.met.refusals[reply.refusal.code] ?? 0) + 1;
      if (reply.refusal.code === "seats-taken") this.met.conflicts += 1;
    }
  }
}
