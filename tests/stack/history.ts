/** Events as a performance's object reports them: orders from placing to paying to giving back, and what operators do. */
import type { Order, OrderSeat, PaymentAttempt, Refund } from "../../durable-objects/performance/contract.ts";
import { KOREAN_LADDER } from "../../durable-objects/performance/order-policy.ts";
import type { EventEnvelope, PerformanceEvent } from "../../durable-objects/performance/events.ts";

const START = Date.UTC(2026, 11, 24, 10);
const PRICE = 110_000;

/** The object's side: numbers its events without gaps. */
export class History {
  readonly performanceId = crypto.randomUUID();
  readonly scheduleId = crypto.randomUUID();
  readonly events: EventEnvelope[] = [];
  #orders = 0;

  add(event: PerformanceEvent): EventEnvelope {
    const seq = this.events.length + 1;
    const envelope = { performanceId: this.performanceId, seq, at: START + seq * 1_000, event };
    this.events.push(envelope);
    return envelope;
  }

  operate(action: string): EventEnvelope {
    return this.add({ type: "operator-acted", operator: "organiser", action, detail: "{}" });
  }

  change(version: number, phase: string): EventEnvelope {
    const notice = `version ${version}`;
    return this.add({ type: "performance-changed", version, phase, capacity: version, ratePerMinute: 60, notice });
  }

  /** Version 1: placed. */
  place(...seatIds: readonly string[]): Order {
    const seats: OrderSeat[] = seatIds.map((id) => ({
      id,
      section: "1층",
      row: "1",
      label: id,
      grade: "S",
      price: PRICE,
    }));
    this.#orders += 1;
    const number = this.#orders;
    const order: Order = {
      id: `${this.performanceId.replaceAll("-", "")}-${String(number).padStart(24, "0")}`,
      performanceId: this.performanceId,
      version: 1,
      member: crypto.randomUUID(),
      holdNumber: number,
      title: "햄릿",
      scheduleId: this.scheduleId,
      startsAt: START,
      hallName: "달오름",
      timeZone: "Asia/Seoul",
      seats,
      amount: seats.length * PRICE,
      currency: "KRW",
      status: "pending",
      placedAt: START,
      payBy: START + 480_000,
      attempts: [],
      refunds: [],
      policy: KOREAN_LADDER,
      cancellations: [],
      moved: null,
      updatedAt: START,
    };
    return this.#say(order);
  }

  /** Two versions further: asked for the money, and got it. */
  pay(order: Order): Order {
    const number = order.attempts.length + 1;
    const attempt: PaymentAttempt = {
      number,
      provider: "toss",
      method: "CARD",
      amount: order.amount,
      status: "begun",
      paymentKey: null,
      transaction: null,
      receiptUrl: null,
      declineCode: null,
      declineMessage: null,
      begunAt: order.updatedAt,
      confirmingAt: null,
      settledAt: null,
      deposit: null,
    };
    const paying = this.#next(order, { status: "paying", attempts: [...order.attempts, attempt] });
    const settledAt = paying.updatedAt + 1_000;
    const approved: PaymentAttempt = {
      ...attempt,
      status: "approved",
      paymentKey: `key-${order.id}`,
      transaction: "t",
      settledAt,
    };
    return this.#next(paying, { status: "paid", attempts: [...order.attempts, approved] });
  }

  /** Two versions further: the money asked back, and gone back. */
  cancel(order: Order, reason = "changed plans"): Order {
    const requestedAt = order.updatedAt;
    const asked = { number: 1, attempt: 1, amount: order.amount, reason, status: "requested" } as const;
    const refund: Refund = { ...asked, transaction: null, requestedAt, settledAt: null, account: null, keysSpent: 0 };
    const cancelling = this.#next(order, { status: "cancelling", refunds: [refund] });
    const done: Refund = { ...refund, status: "refunded", transaction: "r", settledAt: cancelling.updatedAt };
    return this.#next(cancelling, { status: "cancelled", refunds: [done] });
  }

  /** The organiser moves the show: keep it, or give it back until then. */
  move(order: Order, startsAt: number, freeUntil: number): Order {
    const at = order.updatedAt + 1_000;
    return this.#next(order, { startsAt, moved: { from: order.startsAt, at, freeUntil } });
  }

  /** A version further: the organiser takes seats out of an order that stays. Their money is on its way. */
  takeOut(order: Order, ...seats: readonly string[]): Order {
    return this.#part(order, seats, "organiser", 0);
  }

  /** A version further: the buyer gives seats back, at a fee, and keeps the others. */
  giveBack(order: Order, seats: readonly string[], fee: number): Order {
    return this.#part(order, seats, "member", fee);
  }

  #part(order: Order, seats: readonly string[], by: "member" | "organiser", fee: number): Order {
    const at = order.updatedAt + 1_000;
    const [number, refund] = [order.cancellations.length + 1, order.refunds.length + 1];
    const amount = seats.length * PRICE;
    const given = { number, by, reason: "camera", seats, amount, fee, refund, at } as const;
    const asked = { number: refund, attempt: 1, amount: amount - fee, reason: "camera", status: "requested" } as const;
    return this.#next(order, {
      cancellations: [...order.cancellations, { ...given, settledAt: null }],
      refunds: [
        ...order.refunds,
        { ...asked, transaction: null, requestedAt: at, settledAt: null, account: null, keysSpent: 0 },
      ],
    });
  }

  /** Two versions further: the organiser calls the show off, and the money for these seats has gone back. */
  callOff(order: Order, ...left: readonly string[]): Order {
    const seats = left.length === 0 ? order.seats.map(({ id }) => id) : left;
    const [number, refund, amount] = [order.cancellations.length + 1, order.refunds.length + 1, seats.length * PRICE];
    const cancelling = this.#next(order, {
      status: "cancelling",
      cancellations: [
        ...order.cancellations,
        {
          ...{ number, by: "organiser", reason: "storm", seats, fee: 0 },
          ...{ amount, refund, at: order.updatedAt + 1_000, settledAt: null },
        },
      ],
      refunds: [
        ...order.refunds,
        {
          ...{ number: refund, attempt: 1, amount, reason: "storm", status: "requested", transaction: null },
          ...{ requestedAt: order.updatedAt + 1_000, settledAt: null, account: null, keysSpent: 0 },
        },
      ],
    });
    const settledAt = cancelling.updatedAt + 1_000;
    return this.#next(cancelling, {
      status: "cancelled",
      cancellations: cancelling.cancellations.map((one) => ({ ...one, settledAt })),
      refunds: cancelling.refunds.map((one) => ({ ...one, status: "refunded", transaction: "r", settledAt })),
    });
  }

  /** What was reported of an order in this version. */
  of(order: Order, version: number): EventEnvelope {
    const found = this.events.find(
      ({ event }) => event.type === "order-changed" && event.order.id === order.id && event.order.version === version,
    );
    if (found === undefined) throw new Error(`version ${version} was never reported`);
    return found;
  }

  #next(order: Order, change: Partial<Order>): Order {
    return this.#say({ ...order, ...change, version: order.version + 1, updatedAt: order.updatedAt + 1_000 });
  }

  #say(order: Order): Order {
    this.add({ type: "order-changed", order });
    return order;
  }
}
