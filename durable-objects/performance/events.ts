/**
 * What a Performance object reports to the records, through its outbox and the event queue.
 * Each event carries the full state and version of what it reports, so that order of arrival does not matter.
 */
import type { Order } from "./contract.ts";

export interface EventEnvelope {
  readonly performanceId: string;
  /** Gapless number in the performance's outbox: with `performanceId` the identity of the event. */
  readonly seq: number;
  readonly at: number;
  /** Id of the command it came of; without one the object did it by itself, or an object of an older deploy wrote it. */
  readonly cause?: string;
  readonly event: PerformanceEvent;
}

export type PerformanceEvent =
  /** An order changed: its whole state, attempts and refunds included. `again`: told before, for records that lost it. */
  | { readonly type: "order-changed"; readonly order: Order; readonly again?: true | undefined }
  /** The phase or a setting changed; `version` counts such changes. */
  | {
      readonly type: "performance-changed";
      readonly version: number;
      readonly phase: string;
      readonly capacity: number;
      readonly ratePerMinute: number;
      readonly notice: string | null;
    }
  /** An operator did something. */
  | { readonly type: "operator-acted"; readonly operator: string; readonly action: string; readonly detail: string };

/** Ids of the commands that these events came of, each once: who follows a purchase looks for them. */
export function causesOf(events: readonly EventEnvelope[]): readonly string[] {
  return [...new Set(events.flatMap(({ cause }) => cause ?? []))];
}
