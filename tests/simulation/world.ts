/**
 * One simulated sale: a Performance object, fans, an operator, a provider, event queue and records, under a virtual clock
 * and one seed. Faults: crashes before and after the commit, lost answers and messages, a clock that steps back.
 */
import { entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type { Command, ProviderTask, RefundTask, Reply } from "../../durable-objects/performance/contract.ts";
import { openTasks, taskOf } from "../../durable-objects/performance/orders/payment.ts";
import { openRefunds } from "../../durable-objects/performance/orders/refund.ts";
import { isSwept } from "../../durable-objects/performance/advance.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { Bank } from "./bank.ts";
import { PERFORMANCE_ID, publishRequest } from "./charts.ts";
import { IdentityWitness, Organiser, type Rooms } from "./organiser.ts";
import { someSettings } from "./settings.ts";
import { someAction } from "./operator.ts";
import { checkAtRest, proveFreeSeats } from "./at-rest.ts";
import { impulse, purposeful, type Person, type Scene } from "./fans.ts";
import { History } from "./history.ts";
import { checkAdmissions, checkIdleSlots, checkState, checkStored, digest, type Limits } from "./invariants.ts";
import { Crash, SimulatedObject, type CrashPoint } from "./object.ts";
import { SimulatedProvider } from "./provider.ts";
import { seeded, type Random } from "./random.ts";
import { SimulatedRecords } from "./records.ts";
import { Violation } from "./violation.ts";
import { Witness } from "./witness.ts";

const ENTRY_KEY = "cd".repeat(32);
const START = Date.UTC(2026, 10, 22);
/** Seats and counts are compared whole whenever a fact touched them, and at every such step in any case. */
const WHOLE_CHECK_EVERY = 16;

/** Facts after which everything is compared. */
const TOUCHING = new Set<Change["kind"]>([
  "returning",
  "returned",
  "date",
  "held",
  "hold-ended",
  "order",
  "joined",
  "admitted",
  "session-ended",
  "limits",
  "chart-changed",
]);

/** What a campaign is long: this many steps, over about this many virtual minutes. */
export interface Length {
  readonly steps: number;
  readonly minutes: number;
}

/** What was met, for the floors of a campaign. */
export interface Met {
  crashes: number;
  conflicts: number;
  refusals: Record<string, number>;
  accepted: Record<string, number>;
  clockSteps: number;
  fees: number;
  returns: number;
  moves: number;
  /** Joins of people who had shown no identity where one is asked for. */
  unverified: number;
}

export class World {
  readonly random: Random;
  readonly object: SimulatedObject;
  readonly provider: SimulatedProvider;
  readonly records: SimulatedRecords;
  readonly met: Met = {
    crashes: 0,
    conflicts: 0,
    refusals: {},
    accepted: {},
    clockSteps: 0,
    fees: 0,
    returns: 0,
    moves: 0,
    unverified: 0,
  };
  readonly history = new History(START);
  readonly bank: Bank;
  readonly organiser: Organiser;
  readonly #people: readonly Person[];
  readonly #witness: Witness;
  readonly #identities: IdentityWitness;
  /** Keyed commands that were done, with their answers: asked again much later they are answered the same. */
  readonly #done: { readonly command: Command; readonly reply: string }[] = [];
  readonly #admissionTimes: number[] = [];
  /** Usual and long jumps of the clock are drawn from below this and 150 times it. */
  readonly #tick: number;
  #limits: Limits;
  #now = START;
  #keys = 0;
  #calm = false;
  #steps = 0;
  #touched = true;

  constructor(seed: number, length: Length, people = 50) {
    this.random = seeded(seed);
    this.object = new SimulatedObject(PERFORMANCE_ID, () => this.#now, seeded(seed + 1));
    this.provider = new SimulatedProvider(seeded(seed + 2));
    this.records = new SimulatedRecords(seeded(seed + 3));
    // A quarter of the steps moves the clock, on average by twice the tick.
    this.#tick = Math.max(1, (length.minutes * 60_000 * 2) / length.steps);
    // A stream of its own: what else happens in a seed stays as it was before there were lanes.
    const laned = seeded(seed + 5).chance(0.3);
    this.#people = Array.from({ length: people }, (_, index) => {
      const member = `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
      return { member, entry: entryOf(ENTRY_KEY, member), holdIds: [], orderIds: [] };
    });
    this.organiser = new Organiser(seeded(seed + 8));
    const settings = someSettings(this.random, {
      seed,
      start: START,
      laned,
      verification: this.organiser.verification,
    });
    this.#limits = settings;
    const grid = gridChart(2 + this.random.below(5), 4 + this.random.below(8));
    const chart = { ...grid, zones: [{ id: "floor", name: "스탠딩", grade: "B", capacity: 4 }] };
    this.object.publish(publishRequest(settings, chart));
    if (laned) {
      const entries = this.#people.filter((_, index) => index % 2 === 1).map(({ entry }) => entry);
      this.object.ask({ kind: "operate", operator: "op", action: { do: "invite", lane: "priority", entries } });
    }
    this.#identities = new IdentityWitness(this.organiser.verification);
    this.#witness = new Witness(this.object.state.phase);
    this.bank = new Bank(seeded(seed + 7), {
      provider: this.provider,
      state: () => this.object.state,
      orders: () => this.object.orders.values(),
      now: () => this.#now,
      send: (command) => this.#send(command),
    });
  }

  /** The doors of one object are open from the start. */
  open(): void {}

  /** One step: somebody does something, or time passes, or a message arrives. */
  step(): void {
    const dice = this.random.next();
    if (dice < 0.25) this.#passTime();
    else if (dice < 0.33) this.#reportPresence();
    else if (dice < 0.4) this.#recover();
    else if (dice < 0.47) this.#deliver();
    else if (dice < 0.485) this.#operate();
    else if (dice < 0.49) this.#chargeUnasked();
    else if (dice < 0.6) {
      const person = this.random.pick(this.#people);
      this.#act(person, impulse(this.#scene, person));
    } else {
      const { person, command } = purposeful(this.#scene);
      this.#act(person, command);
    }
    this.bank.step();
    this.organiser.step(this.#rooms);
    this.#check();
    if (this.random.chance(0.03)) this.#restart();
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
      this.bank.settle();
      this.#deliver();
      this.#touched = true;
      this.#check();
    }
    this.#repeatAll();
    this.#restart();
    checkAtRest(this.object, this.provider, this.records, Array.from(this.object.orders.values()));
    this.#now += 15_000; // after its restart the object waits for the lobbies
    const prover = entryOf(ENTRY_KEY, "prover");
    this.organiser.welcome(this.#rooms, prover);
    proveFreeSeats(this.object, prover);
  }

  /** More than an hour later, within the day replies are kept: whoever repeats a request is answered as the first time. */
  #repeatAll(): void {
    this.#now += 61 * 60_000;
    this.object.purge();
    for (const { command, reply } of this.#done) {
      const [again] = this.#run([command]);
      if (JSON.stringify(again) !== reply)
        throw new Violation(`repeated after an hour, ${command.kind} was answered ${JSON.stringify(again)}`);
    }
  }

  /** Frees what a world holds outside the heap. */
  close(): void {
    this.object.storage.close();
  }

  get #scene(): Scene {
    return {
      random: this.random,
      state: this.object.state,
      people: this.#people,
      bank: this.bank,
      key: ({ member }, operation) => {
        this.#keys += 1;
        return { id: `${member}|${operation}|${this.#keys}`, hash: "h" };
      },
    };
  }

  get #rooms(): Rooms {
    return {
      entryKey: ENTRY_KEY,
      people: this.#people,
      state: () => this.object.state,
      orders: () => this.object.orders.values(),
      wait: () => void this.#send({ kind: "sweep" }),
      send: (command) => this.#send(command),
    };
  }

  #act(person: Person, command: Command | null): void {
    if (command === null) return;
    const reply = this.#send(command);
    if (reply === null || !reply.ok) return;
    if (reply.kind === "hold") person.holdIds.push(reply.hold.id);
    if (reply.kind === "order") person.orderIds.push(reply.order.id);
    if (reply.kind === "confirm") this.#confirm(reply.task);
    if (reply.kind === "refund" && reply.task !== null) this.#refund(reply.task);
  }

  /** A client whose answer got lost asks again with the very same command. */
  #send(command: Command): Reply | null {
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        const [reply] = this.#run([command]);
        if (reply !== undefined) this.#witness.answered(this.object.state, command, reply);
        const again = this.random.chance(0.05) ? this.#run([command])[0] : reply;
        if (
          again !== reply &&
          reply?.ok === true &&
          "key" in command &&
          JSON.stringify(again) !== JSON.stringify(reply)
        )
          throw new Violation(`the same key was answered differently: ${JSON.stringify([reply, again])}`);
        if (reply !== undefined) this.#note(command, reply);
        if (reply?.ok === true && "key" in command) this.#done.push({ command, reply: JSON.stringify(reply) });
        return reply ?? null;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        this.met.crashes += 1;
      }
    }
    return null;
  }

  #run(commands: readonly Command[]): readonly Reply[] {
    const crash: CrashPoint | null =
      !this.#calm && this.random.chance(0.02) ? (this.random.chance(0.5) ? "before-commit" : "after-commit") : null;
    const before = crash === "before-commit" ? digest(this.object.state) : null;
    let failure: unknown = null;
    let replies: readonly Reply[] = [];
    try {
      replies = this.object.execute(commands, null, crash);
    } catch (error) {
      failure = error;
    }
    for (const command of commands) this.history.note(this.#now, command, crash);
    if (before !== null && digest(this.object.state) !== before)
      throw new Violation("a crash before the commit left something behind");
    this.#committed();
    if (failure !== null) throw failure;
    const [error] = this.object.ruleErrors;
    if (error !== undefined)
      throw new Violation(`a rule threw: ${error instanceof Error ? error.message : "something"}`);
    return replies;
  }

  #committed(): void {
    const changes = this.object.lastChanges;
    this.#touched ||= changes.some(({ kind }) => TOUCHING.has(kind));
    for (const change of changes) {
      if (change.kind === "returned") this.met.returns += 1;
      if (change.kind === "date" && change.date.moved !== null) this.met.moves += 1;
      if (change.kind === "order" && (change.order.cancellations.at(-1)?.fee ?? 0) > 0) this.met.fees += 1;
    }
    this.#identities.committed(changes);
    this.#witness.committed(this.object.state, changes);
    this.#limits = checkAdmissions(this.object.state, changes, this.#admissionTimes, this.#limits);
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

  /** Money arrives for an attempt nobody confirmed, or that is no longer its order's. */
  #chargeUnasked(): void {
    const open = Array.from(this.object.orders.values()).flatMap((order) =>
      order.attempts.flatMap((attempt) =>
        attempt.status === "begun" || attempt.status === "abandoned" ? [{ order, attempt }] : [],
      ),
    );
    if (open.length === 0) return;
    const { order, attempt } = this.random.pick(open);
    const outcome = this.provider.chargeUnasked(taskOf(order, attempt), this.#now);
    if (outcome === null) return;
    // Whoever brings the news says it until it has been taken down.
    while (this.#send({ kind: "settle", orderId: order.id, attempt: attempt.number, outcome }) === null);
  }

  #recover(): void {
    // The provider is cut off for a while now and then.
    if (this.random.chance(this.provider.away ? 0.1 : 0.02)) this.provider.away = !this.provider.away;
    if (!isSwept(this.object.state)) this.#send({ kind: "sweep" });
    const orders = Array.from(this.object.state.openOrders.values());
    const { refundAccounts } = this.object.state;
    for (const task of openTasks(orders, this.#now - 20_000)) this.#confirm(task);
    for (const task of openRefunds(orders, this.#now - 20_000, refundAccounts)) this.#refund(task);
  }

  #deliver(): void {
    // Postgres goes away for a while now and then.
    if (this.random.chance(this.records.away ? 0.2 : 0.03)) this.records.away = !this.records.away;
    const { outbox } = this.object;
    for (let events = outbox.take(this.#now); events.length > 0; events = outbox.take(this.#now))
      this.records.send(events);
    const applied = this.records.deliver();
    if (applied.length > 0) outbox.applied(applied);
  }

  #operate(): void {
    this.#send({ kind: "operate", operator: "operator", action: someAction(this.random, START, this.#now) });
  }

  #reportPresence(): void {
    const size = this.object.state.line.roster.size;
    const numbers = Array.from({ length: size }, (_, number) => number).filter(() => this.random.chance(0.7));
    const leases = numbers.map(() => (this.random.chance(0.1) ? 0 : 45));
    const report = { full: true, numbers: Uint32Array.from(numbers), leaseSeconds: Uint16Array.from(leases) };
    this.object.execute([], report);
    this.#witness.reported(numbers, leases, this.object.state.clock);
    this.#committed();
  }

  #passTime(): void {
    if (this.random.chance(0.02)) {
      this.#now -= this.random.below(30_000);
      this.met.clockSteps += 1;
    } else this.#now += this.random.below(this.random.chance(0.02) ? this.#tick * 75 : this.#tick);
    // Every alarm may be late or lost: only sometimes does anything happen by itself.
    if (this.random.chance(0.5)) this.#send({ kind: "look", entry: this.random.pick(this.#people).entry });
  }

  #check(): void {
    this.#steps += 1;
    if (this.#touched || this.#steps % WHOLE_CHECK_EVERY === 0) checkState(this.object.state, this.object.orders);
    this.#touched = false;
    checkIdleSlots(this.object.state);
  }

  /** Memory is thrown away and built again from storage: nothing but presence may differ. */
  #restart(): void {
    const before = digest(this.object.state);
    this.object.restart();
    this.met.crashes += 1;
    const after = digest(this.object.state);
    if (after !== before) throw new Violation(`a restart changed the state:\n${before}\n${after}`);
    this.#identities.remembered(this.object.state);
    checkStored(this.object.orders, this.object.storedOrders());
    checkState(this.object.state, this.object.orders);
  }

  #note(command: Command, reply: Reply): void {
    if (reply.ok && reply.kind === "joined" && reply.refused.some(([, code]) => code === "verification-required"))
      this.met.unverified += 1;
    if (reply.ok) this.met.accepted[command.kind] = (this.met.accepted[command.kind] ?? 0) + 1;
    else {
      this.met.refusals[reply.refusal.code] = (this.met.refusals[reply.refusal.code] ?? 0) + 1;
      if (reply.refusal.code === "seats-taken") this.met.conflicts += 1;
    }
    this.history.answered(reply);
  }
}
