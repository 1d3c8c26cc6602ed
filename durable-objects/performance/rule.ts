/** What a rule is given and what it answers: plain data, no clock, no randomness, no I/O of its own. */
import type { Change } from "./changes.ts";
import type { Order, Refusal, RefusalCode, Reply } from "./contract.ts";
import type { PerformanceState } from "./state.ts";

export interface RuleContext {
  readonly state: PerformanceState;
  /** max(clock, latest time seen), in milliseconds. */
  readonly now: number;
  /** A fresh random id of 24 hex digits. */
  readonly newId: () => string;
  /** An order of any age; the state itself holds the open ones only. */
  readonly readOrder: (orderId: string) => Order | null;
  /** The next orders of a date after an id, in the order of their ids. */
  readonly ordersAfter: (scheduleId: string, after: string, limit: number) => readonly Order[];
}

export interface Decision {
  readonly changes: readonly Change[];
  readonly reply: Reply;
}

export function refuse(code: RefusalCode, evidence?: Refusal["evidence"]): Decision {
  return { changes: [], reply: { ok: false, refusal: evidence === undefined ? { code } : { code, evidence } } };
}

export function accept(reply: Extract<Reply, { ok: true }>, ...changes: readonly Change[]): Decision {
  return { changes, reply };
}
