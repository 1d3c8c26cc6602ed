/** A sale in which one buyer pays by bank transfer, and a provider whose answers all arrive. */
import type { Command, Order, PaymentOutcome, Reply } from "../../durable-objects/performance/contract.ts";
import { questionsAbout } from "../../durable-objects/performance/orders/recovery.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedProvider } from "../simulation/provider.ts";
import { seeded } from "../simulation/random.ts";
import { Customer, member, Room } from "./room.ts";

const SETTINGS = { depositMinutes: 60, paymentSeconds: 480, capacity: 10 };
export const PRICE = 110_000;

export class Sale {
  readonly room = new Room(SETTINGS);
  readonly provider = new SimulatedProvider(seeded(1));
  readonly buyer = new Customer(this.room, 1);
  readonly orderId: string;

  constructor(...seats: readonly string[]) {
    this.provider.calm = true;
    this.orderId = this.buyer.order(this.buyer.hold(...(seats.length === 0 ? ["r1s1"] : seats)));
  }

  get order(): Order {
    return orderOf(this.ask({ kind: "order", member: member(1), orderId: this.orderId }));
  }

  get seat(): number {
    return this.room.object.state.boards.get(SCHEDULE_ID)?.status[0] ?? -1;
  }

  ask(command: Command): Reply {
    return this.room.object.ask(command);
  }

  begin(): Reply {
    const key = { id: "pay", hash: "pay" };
    const { orderId } = this;
    return this.ask({
      kind: "begin-payment",
      member: member(1),
      orderId,
      provider: "toss",
      method: "VIRTUAL_ACCOUNT",
      key,
    });
  }

  /** Up to the open account. */
  open(): Order {
    this.begin();
    const reply = this.ask({
      kind: "confirm-payment",
      member: member(1),
      orderId: this.orderId,
      provider: "toss",
      paymentKey: "pk",
      amount: this.order.amount,
    });
    if (!reply.ok || reply.kind !== "confirm") throw new Error(`not confirming: ${JSON.stringify(reply)}`);
    return this.settle(this.provider.confirm(reply.task, this.room.now));
  }

  settle(outcome: PaymentOutcome, asked?: number): Order {
    const more = asked === undefined ? {} : { asked };
    return orderOf(this.ask({ kind: "settle", orderId: this.orderId, attempt: 1, outcome, ...more }));
  }

  deposit(late = false): boolean {
    return this.provider.deposit(`${this.orderId}-1`, this.room.now, late);
  }

  /** What the object's alarm asks, and what a hint makes it ask. */
  askProvider(hinted = false): void {
    const { order } = this;
    const asked = { now: this.room.now, tries: 1, hinted, accounts: this.room.object.state.refundAccounts };
    for (const { ask, task } of questionsAbout(order, asked)) {
      if (ask === "read") this.settle(this.provider.read(task, this.room.now), order.version);
      else if (ask === "conclude") this.settle(this.provider.conclude(task, this.room.now), order.version);
      else if (ask === "refund") {
        const outcome = this.provider.refund(task, this.room.now);
        this.ask({ kind: "settle-refund", orderId: order.id, refund: task.refund, outcome });
      }
    }
  }

  cancel(more: { readonly account?: string; readonly seats?: readonly string[] } = {}): Reply {
    const { orderId } = this;
    return this.ask({
      kind: "cancel-order",
      member: member(1),
      orderId,
      reason: "no",
      seats: null,
      fee: null,
      ...more,
    });
  }

  giveAccount(account = "sealed"): Reply {
    return this.ask({ kind: "refund-account", member: member(1), orderId: this.orderId, account });
  }

  get kept(): number {
    const account = this.provider.accounts.get(`${this.orderId}-1`);
    return (account?.captured ?? 0) - (account?.refunded ?? 0);
  }
}

export function orderOf(reply: Reply): Order {
  if (!reply.ok || !("order" in reply)) throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.order;
}
