/** One difference between two sides of the books, and what repairs it where the rule is certain. */
import type { Command } from "../../durable-objects/performance/contract.ts";
import type { DriftKind } from "../records/reconciling.ts";

export interface Drift {
  readonly kind: DriftKind;
  /** The order's id; "" where it is about the whole sale. */
  readonly subject: string;
  /** Which part of it, so that two differences of a kind are two. */
  readonly item: string;
  /** A sentence without anything about a person. */
  readonly detail: string;
  /** What repairs it, where that is certain: a command for the object. Null: somebody has to look. */
  readonly remedy: Remedy | null;
}

export type Remedy = Extract<
  Command,
  { kind: "report-order" | "recheck" | "settle" | "settle-refund" | "note-refund" }
>;

/** A difference without a remedy. */
export function report(kind: DriftKind, subject: string, item: string, detail: string): Drift {
  return { kind, subject, item, detail, remedy: null };
}
