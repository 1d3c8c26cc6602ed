/** A waiting room for tests of its rules: people, a clock that is set, and the object under both. */
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Command, PerformanceSettings, Reply, Standing } from "../../durable-objects/performance/contract.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";

const KEY = "ef".repeat(32);
export const START = Date.UTC(2026, 10, 22);
export const member = (index: number): string => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`;
export const entry = (index: number): string => entryOf(KEY, member(index));

export class Room {
  now = START;
  readonly object: SimulatedObject;

  constructor(settings: Partial<PerformanceSettings>, chart = gridChart(10, 5)) {
    this.object = new SimulatedObject(PERFORMANCE_ID, () => this.now);
    this.object.publish(publishRequest(settings, chart));
  }

  join(index: number): Reply {
    return this.object.ask({ kind: "join", entries: entryBytes(entry(index)) });
  }

  standing(index: number): Standing {
    const reply = this.object.ask({ kind: "look", entry: entry(index) });
    if (!reply.ok || reply.kind !== "standing") throw new Error("no standing");
    return reply.standing;
  }

  present(...indices: readonly number[]): void {
    const numbers = Uint32Array.from(indices, (index) => this.standing(index).number ?? 0);
    this.object.execute([], { full: false, numbers, leaseSeconds: Uint16Array.from(indices, () => 45) });
  }

  operate(action: Extract<Command, { kind: "operate" }>["action"]): Reply {
    return this.object.ask({ kind: "operate", operator: "op", action });
  }
}

/** Somebody who has been let in, one step of a purchase at a time. */
export class Customer {
  readonly #room: Room;
  readonly #index: number;
  #keys = 0;

  constructor(room: Room, index: number) {
    this.#room = room;
    this.#index = index;
    room.join(index);
    room.object.ask({ kind: "enter", entry: entry(index), member: member(index) });
  }

  tryHold(...seats: readonly string[]): Reply {
    return this.#ask({
      kind: "hold",
      ...this.#who(),
      epoch: 0,
      scheduleId: SCHEDULE_ID,
      seats,
      key: this.#key(),
    });
  }

  hold(...seats: readonly string[]): string {
    const reply = this.tryHold(...seats);
    return reply.ok && reply.kind === "hold" ? reply.hold.id : "";
  }

  tryOrder(holdId: string): Reply {
    return this.#ask({ kind: "place-order", ...this.#who(), epoch: 0, holdId, key: this.#key() });
  }

  order(holdId: string): string {
    const reply = this.tryOrder(holdId);
    return reply.ok && reply.kind === "order" ? reply.order.id : "";
  }

  begin(orderId: string): Reply {
    const key = this.#key();
    return this.#ask({
      kind: "begin-payment",
      member: member(this.#index),
      orderId,
      provider: "toss",
      method: "CARD",
      key,
    });
  }

  pay(orderId: string): Reply {
    const confirm = {
      kind: "confirm-payment",
      member: member(this.#index),
      orderId,
      provider: "toss",
      paymentKey: "pk",
    } as const;
    const amount = this.#amountOf(orderId);
    const reply = this.#ask({ ...confirm, amount });
    if (!reply.ok || reply.kind !== "confirm") return reply;
    const outcome = {
      result: "approved",
      transaction: "t",
      amount,
      method: "카드",
      at: 0,
      receiptUrl: null,
    } as const;
    return this.#ask({ kind: "settle", orderId, attempt: 1, outcome });
  }

  cancel(orderId: string): Reply {
    this.#ask({
      kind: "cancel-order",
      member: member(this.#index),
      orderId,
      reason: "plans changed",
      seats: null,
      fee: null,
    });
    const outcome = { result: "refunded", transaction: "r", amount: this.#amountOf(orderId), at: 0 } as const;
    return this.#ask({ kind: "settle-refund", orderId, refund: 1, outcome });
  }

  #amountOf(orderId: string): number {
    return this.#room.object.orders.get(orderId)?.amount ?? 0;
  }

  #who(): { readonly entry: string; readonly member: string } {
    return { entry: entry(this.#index), member: member(this.#index) };
  }

  #key(): { readonly id: string; readonly hash: string } {
    this.#keys += 1;
    return { id: `${this.#index}/${this.#keys}`, hash: "h" };
  }

  #ask(command: Command): Reply {
    return this.#room.object.ask(command);
  }
}
