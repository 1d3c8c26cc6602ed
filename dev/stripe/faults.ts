/**
 * Trouble on request, so that tests meet what production meets rarely.
 *
 *     lose-answer       the change is made, then the connection breaks before the answer
 *     slow              the request waits before it is worked on, longer than a caller may be willing to
 *     oversized         the change is made, then the answer goes on for megabytes (nothing but spaces, so that it could be read)
 *     error-500         an internal error, kept under the idempotency key like any first answer; nothing is changed
 *     error-500-after   the same, but the change has been made
 */
import { z } from "zod";
import { Delivery } from "../webhook-courier.ts";

const Fault = z.enum(["lose-answer", "slow", "oversized", "error-500", "error-500-after"]);
export type Fault = z.infer<typeof Fault>;
const operations = ["create", "capture", "cancel", "refund", "read"] as const;
export type Operation = (typeof operations)[number];

export const StripeFaultOrder = z.strictObject({
  create: Fault.nullable().optional(),
  capture: Fault.nullable().optional(),
  cancel: Fault.nullable().optional(),
  refund: Fault.nullable().optional(),
  read: Fault.nullable().optional(),
  webhooks: Delivery.optional(),
  slowMs: z.number().int().min(0).max(120_000).optional(),
  times: z.number().int().min(1).optional(),
});
export type StripeFaultOrder = z.infer<typeof StripeFaultOrder>;

export class StripeFaults {
  readonly #active = new Map<Operation, { fault: Fault; slowMs: number; left: number }>();

  set(order: StripeFaultOrder): void {
    for (const operation of operations) {
      const fault = order[operation];
      if (fault === undefined) continue;
      if (fault === null) this.#active.delete(operation);
      else this.#active.set(operation, { fault, slowMs: order.slowMs ?? 5_000, left: order.times ?? Infinity });
    }
  }

  /** The fault for the next request, which uses it up by one. */
  take(operation: Operation): { readonly fault: Fault; readonly slowMs: number } | null {
    const active = this.#active.get(operation);
    if (!active) return null;
    active.left -= 1;
    if (active.left <= 0) this.#active.delete(operation);
    return active;
  }

  describe(): Record<string, unknown> {
    return Object.fromEntries(operations.map((name) => [name, this.#active.get(name)?.fault ?? null]));
  }
}
