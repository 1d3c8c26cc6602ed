/**
 * What an organiser does to a sale that goes on, and fans do about it: the chart becomes another one, and joining takes a
 * pre-sale code or the word of a verifier. Random numbers of its own, so that a sale without either stays what it was.
 */
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import { codeIdentity, subjectIdentity } from "../../durable-objects/performance/admission/identity.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type {
  Command,
  OperatorAction,
  Order,
  Reply,
  Verification,
} from "../../durable-objects/performance/contract.ts";
import type { Board } from "../../durable-objects/performance/seats/board.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import { SCHEDULE_ID } from "./charts.ts";
import type { Person } from "./fans.ts";
import { describedPlaces, someChart } from "./new-charts.ts";
import type { Random } from "./random.ts";
import { must } from "./violation.ts";

export interface Rooms {
  readonly entryKey: string;
  readonly people: readonly Person[];
  readonly state: () => PerformanceState;
  readonly orders: () => Iterable<Order>;
  /** Whatever is due happens. */
  readonly wait: () => void;
  readonly send: (command: Command) => Reply | null;
}

/** Fewer codes than people: some show one that is somebody else's. */
const CODES = 40;

export class Organiser {
  readonly met = { charts: 0, chartsRefused: 0, identities: 0, identitiesRefused: 0 };
  readonly verification: Verification;
  readonly #changesCharts: boolean;
  readonly #random: Random;
  #charts = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#changesCharts = random.chance(0.3);
    this.verification = random.chance(0.3) ? random.pick(["codes", "verifier"] as const) : null;
  }

  step(house: Rooms): void {
    if (this.#changesCharts && this.#random.chance(0.01)) this.#changeChart(house);
    if (this.verification === null) return;
    if (this.#random.chance(0.005)) this.#operate(house);
    if (this.#random.chance(0.15)) this.#show(house, this.#random.pick(house.people).entry);
  }

  /** Somebody who was never there before can have an identity that nobody has shown. */
  welcome({ send, state, entryKey }: Rooms, entry: string): void {
    if (this.verification === null) return;
    let identity = subjectIdentity(entryKey, "prover");
    if (this.verification === "codes") {
      send({ kind: "operate", operator: "operator", action: { do: "make-codes", count: 1, label: "late" } });
      identity = codeIdentity({ batch: state().identities.batches.size, index: 0 });
    }
    const reply = send({ kind: "claim", entry, identity });
    must(reply?.ok === true, "at rest a newcomer's identity is refused");
  }

  #operate({ send, state }: Rooms): void {
    const batches = state().identities.batches.size;
    const action: OperatorAction =
      this.verification === "verifier"
        ? { do: "set-verifier", url: "https://verifier.invalid" }
        : batches > 1 && this.#random.chance(0.3)
          ? { do: "void-codes", batch: 1 + this.#random.below(batches + 1) }
          : { do: "make-codes", count: CODES, label: "fan club" };
    send({ kind: "operate", operator: "operator", action });
  }

  /** Mostly one that is good; one that was never made, is void or somebody else's now and then. */
  #show({ send, state, entryKey }: Rooms, entry: string): void {
    const [batch, index] = [1 + this.#random.below(state().identities.batches.size + 1), this.#random.below(CODES + 3)];
    const identity =
      this.verification === "codes" ? codeIdentity({ batch, index }) : subjectIdentity(entryKey, `subject ${index}`);
    const before = state().identities.size;
    const reply = send({ kind: "claim", entry, identity });
    if (reply?.ok === false) this.met.identitiesRefused += 1;
    this.met.identities += state().identities.size - before;
  }

  /** Whatever has a history stays what it is called, and whose it is, wherever its position is now. */
  #changeChart({ wait, send, state, orders }: Rooms): void {
    wait();
    const before = state().boards.get(SCHEDULE_ID);
    if (before === undefined) return;
    const [said, claims] = [describedPlaces(before.plan.chart), claimsOf(state(), before)];
    const untouchable = new Set([
      ...claims.keys(),
      ...Array.from(orders()).flatMap(({ seats }) => seats.map(({ id }) => id)),
    ]);
    const chart = someChart(this.#random, before.plan.chart, ++this.#charts);
    const reply = send({
      kind: "operate",
      operator: "operator",
      action: { do: "change-chart", scheduleId: SCHEDULE_ID, chart },
    });
    const after = state().boards.get(SCHEDULE_ID);
    if (reply === null || after === undefined) return;
    const now = claimsOf(state(), after);
    for (const [id, claim] of claims)
      must(now.get(id) === claim, `with another chart place ${id} was ${claim} and is ${now.get(id)}`);
    must(now.size === claims.size, "another chart took places nobody had taken");
    const changed = describedPlaces(after.plan.chart);
    for (const id of untouchable)
      must(changed.get(id) === said.get(id), `place ${id}, which somebody had, is called something else`);
    if (!reply.ok) {
      must(after.chartVersion === before.chartVersion, "a chart was refused and taken");
      this.met.chartsRefused += 1;
    } else if (after.chartVersion > before.chartVersion) this.met.charts += 1;
  }
}

/** Who has which place, by its id: status, holder, block, and the holds and returns that name it. */
function claimsOf(state: PerformanceState, board: Board): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  for (let position = 0; position < board.size; position++) {
    const [status, holder, block] = [board.status[position], board.holder[position], board.block[position]];
    if (status !== 0 || block !== 0) claims.set(board.seatId(position), `${status}/${holder}/${block}`);
  }
  const name = (what: string, positions: readonly number[]): void => {
    for (const position of positions) {
      const id = board.seatId(position);
      claims.set(id, `${claims.get(id)} ${what}`);
    }
  };
  for (const hold of state.holds.values()) name(`hold ${hold.number}`, hold.seats);
  for (const returning of state.returns.values()) name(`return ${returning.id}`, returning.seats);
  for (const block of state.blocks.values()) name(`block ${block.number}`, block.seats);
  return claims;
}

/** What joining takes, written down by somebody who knows the rule: an identity is one entry's, for good, and good when shown. */
export class IdentityWitness {
  readonly #verification: Verification;
  readonly #entryOf = new Map<string, string>();
  readonly #identityOf = new Map<string, string>();
  readonly #batches = new Map<number, { readonly count: number; readonly void: boolean }>();

  constructor(verification: Verification) {
    this.#verification = verification;
  }

  /** The facts of one commit, in order. */
  committed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === "code-batch")
        this.#batches.set(change.batch.number, { count: change.batch.count, void: change.batch.voidedAt !== null });
      else if (change.kind === "claimed") this.#claimed(change.identity, change.entry);
      else if (change.kind === "joined") this.#joined(change.entries);
    }
  }

  #claimed(identity: string, entry: string): void {
    must(!this.#entryOf.has(identity), `identity ${identity} was given away twice`);
    must(!this.#identityOf.has(entry), `${entry} has two identities`);
    if (this.#verification === "codes") {
      const [batch, index] = [identity.slice(16, 24), identity.slice(24, 32)].map((part) => Number.parseInt(part, 16));
      const made = this.#batches.get(batch ?? 0);
      must(made !== undefined && !made.void && (index ?? 0) < made.count, `the code ${identity} is not good`);
    }
    this.#entryOf.set(identity, entry);
    this.#identityOf.set(entry, identity);
  }

  #joined(entries: Uint8Array): void {
    if (this.#verification === null) return;
    for (let at = 0; at < entries.length; at += 16) {
      const entry = Buffer.from(entries.subarray(at, at + 16)).toString("hex");
      must(this.#identityOf.has(entry), `${entry} has shown no identity and has a number`);
    }
  }

  /** What a restart brought back. */
  remembered({ identities }: PerformanceState): void {
    must(
      identities.size === this.#identityOf.size,
      `${identities.size} identities, ${this.#identityOf.size} were shown`,
    );
    for (const [entry, identity] of this.#identityOf)
      must(identities.has(entryBytes(entry)) && identities.isTaken(identity), `the identity of ${entry} was forgotten`);
  }
}
