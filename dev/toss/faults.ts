/**
 * Trouble on request, so that tests meet what production meets rarely.
 *
 *     lose-answer   the money moves, then the connection breaks before the answer
 *     slow          the request waits before it is worked on, longer than a caller may be willing to
 *     oversized     the money moves, then the answer goes on for megabytes (nothing but spaces, so that it could be read)
 *     error-500     an internal error, kept under the idempotency key like any first answer; no money moves
 */
import { z } from "zod";
import { Delivery } from "../webhook-courier.ts";

const Fault = z.enum(["lose-answer", "slow", "oversized", "error-500"]);
export type Fault = z.infer<typeof Fault>;

/** `times` counts requests that reach the books (repeats of stored answers do not); without it the fault stays. */
export const FaultOrder = z.strictObject({
  confirm: Fault.nullable().optional(),
  cancel: Fault.nullable().optional(),
  /** Reading a payment fails, answers too much, or denies that there is such a payment. */
  read: z.enum(["error-500", "oversized", "not-found"]).nullable().optional(),
  webhooks: Delivery.optional(),
  /** Virtual accounts opened from now on are open for so many seconds; null: as long as the shop asked for. */
  depositSeconds: z.number().int().min(0).max(2_592_000).nullable().optional(),
  slowMs: z.number().int().min(0).max(120_000).optional(),
  times: z.number().int().min(1).optional(),
});
export type FaultOrder = z.infer<typeof FaultOrder>;

const operations = ["confirm", "cancel", "read"] as const;
type Operation = (typeof operations)[number];

export interface ActiveFault {
  readonly fault: Fault | "not-found";
  readonly slowMs: number;
}

export class Faults {
  readonly #active = new Map<Operation, ActiveFault & { left: number }>();

  /** How long a virtual account is open, whatever the shop asked for. */
  depositSeconds: number | null = null;

  set(order: FaultOrder): void {
    if (order.depositSeconds !== undefined) this.depositSeconds = order.depositSeconds;
    for (const operation of operations) {
      const fault = order[operation];
      if (fault === undefined) continue;
      if (fault === null) this.#active.delete(operation);
      else this.#active.set(operation, { fault, slowMs: order.slowMs ?? 5_000, left: order.times ?? Infinity });
    }
  }

  /** The fault for the next request, which uses it up by one. */
  take(operation: Operation): ActiveFault | null {
    const active = this.#active.get(operation);
    if (!active) return null;
    active.left -= 1;
    if (active.left <= 0) this.#active.delete(operation);
    return active;
  }

  describe(): Record<string, unknown> {
    const describe = (operation: Operation): unknown => {
      const active = this.#active.get(operation);
      return active ? { ...active, left: Number.isFinite(active.left) ? active.left : null } : null;
    };
    const active = Object.fromEntries(operations.map((operation) => [operation, describe(operation)]));
    return { ...active, depositSeconds: this.depositSeconds };
  }
}
