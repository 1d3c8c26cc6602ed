/**
 * Somebody who writes down what was committed and what was answered, and knows the rules by heart: none of the tables here is
 * the production code's own, so that a mistake there cannot hide behind itself.
 */
import type { Change, HoldFact } from "../../durable-objects/performance/changes.ts";
import type { Command, Order, OrderStatus, Phase, Reply } from "../../durable-objects/performance/contract.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import { must } from "./violation.ts";

/** Which status may follow which; staying is always possible. */
const MAY_BECOME: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ["paying", "paid", "expired", "cancelled"],
  // Straight to cancelling: the date was cancelled while the provider was asked.
  paying: ["pending", "paid", "awaiting-deposit", "expired", "failed", "cancelling", "cancelled"],
  "awaiting-deposit": ["paid", "expired", "failed", "cancelling", "cancelled"],
  // Back to waiting: the bank took the transfer back.
  paid: ["cancelling", "cancelled", "awaiting-deposit"],
  cancelling: ["cancelled"],
  expired: [],
  failed: [],
  cancelled: [],
};

/** A join, or coming back, counts as being there for this long; the object keeps whole seconds. */
const JOIN_LEASE_MS = 45_000;
const ROUNDING_MS = 1_000;

export class Witness {
  /** Until when each number is known to be there, as its lobby or its own joining said. */
  readonly #present = new Map<number, number>();
  readonly #holderOf = new Map<number, string>();
  readonly #orders = new Map<string, Order>();
  #phase: Phase;

  constructor(phase: Phase) {
    this.#phase = phase;
  }

  /** What lobbies report, at the object's time. */
  reported(numbers: Iterable<number>, leaseSeconds: ArrayLike<number>, now: number): void {
    let index = 0;
    for (const number of numbers) this.#present.set(number, now + (leaseSeconds[index++] ?? 0) * 1_000);
  }

  /** The facts of one commit, in order. */
  committed(state: PerformanceState, changes: readonly Change[]): void {
    let next = state.line.roster.size;
    for (const change of changes) if (change.kind === "joined") next -= change.entries.length / 16;
    for (const change of changes) {
      switch (change.kind) {
        case "phase":
          this.#phase = change.phase;
          break;
        case "joined":
          for (let left = change.entries.length / 16; left > 0; left--)
            this.#present.set(next++, change.at + JOIN_LEASE_MS);
          break;
        case "revived":
        case "came-back":
          this.#present.set(change.number, change.at + JOIN_LEASE_MS);
          break;
        case "admitted":
          must(this.#phase === "open", `number ${change.number} was admitted while the sale was ${this.#phase}`);
          must(
            (this.#present.get(change.number) ?? 0) > change.at - ROUNDING_MS,
            `number ${change.number} was admitted and is not there`,
          );
          break;
        case "held":
          this.#held(state, change.hold);
          break;
        case "order":
          this.#ordered(change.order);
          break;
        default:
      }
    }
  }

  /** What one command was answered when it was executed for the first time. */
  answered(state: PerformanceState, command: Command, reply: Reply): void {
    if (!reply.ok) return;
    if ("order" in reply && "member" in command)
      must(reply.order.member === command.member, `${command.kind} of ${command.member} touched another's order`);
    if (command.kind === "hold" || command.kind === "place-order")
      must(command.epoch === state.epoch || reply.kind === "order", "a pass of an earlier wave opened something");
    if (command.kind === "confirm-payment" && reply.kind === "confirm")
      must(command.amount === reply.order.amount, "a payment of another amount was let through");
  }

  #held(state: PerformanceState, hold: HoldFact): void {
    this.#holderOf.set(hold.number, hold.member);
    must(this.#phase === "open" || this.#phase === "soldout", `seats were held while the sale was ${this.#phase}`);
    must(hold.firstAt === state.clock, `hold ${hold.number} counts from another moment than its own`);
    const others = Array.from(state.holds.values()).some((one) => one.member === hold.member && one !== hold);
    const session = state.sessions.get(state.sessionOfMember.get(hold.member) ?? -1);
    if (others || session === undefined) return;
    const fair = Math.min(hold.firstAt + (state.settings?.holdSeconds ?? 0) * 1_000, session.until);
    must(hold.expiresAt === fair, `hold ${hold.number} has ${hold.expiresAt - fair} ms too many or too few`);
  }

  #ordered(order: Order): void {
    const before = this.#orders.get(order.id);
    this.#orders.set(order.id, order);
    if (before === undefined) {
      must(order.version === 1 && order.status === "pending", `order ${order.id} began as ${order.status}`);
      const holder = this.#holderOf.get(order.holdNumber);
      must(holder === order.member, `the hold of ${holder} became the order of ${order.member}`);
      must(this.#phase === "open" || this.#phase === "soldout", `ordered while the sale was ${this.#phase}`);
      return;
    }
    const { status } = order;
    must(order.version === before.version + 1, `order ${order.id} went from version ${before.version} to another`);
    must(
      status === before.status || MAY_BECOME[before.status].includes(status),
      `order ${order.id} went from ${before.status} to ${status}`,
    );
    must(order.amount === before.amount, `the price of order ${order.id} changed`);
    const last = order.attempts.at(-1);
    must(
      last?.status !== "confirming" || status === "paying",
      `order ${order.id} is ${status} although nobody knows what became of its payment`,
    );
    for (const { fee, amount, seats } of order.cancellations) {
      const price = order.seats.reduce((sum, seat) => (seats.includes(seat.id) ? sum + seat.price : sum), 0);
      must(amount === price && fee >= 0 && fee <= amount, `order ${order.id} keeps ${fee} of ${price}`);
    }
    const given = order.cancellations.flatMap(({ seats }) => seats);
    must(new Set(given).size === given.length, `a seat of order ${order.id} was cancelled twice`);
    const returned = order.refunds.reduce((sum, refund) => (refund.status === "void" ? sum : sum + refund.amount), 0);
    const taken = order.attempts.reduce((sum, one) => sum + (one.status === "approved" ? one.amount : 0), 0);
    must(returned <= taken, `order ${order.id} gives back ${returned} of ${taken}`);
  }
}
