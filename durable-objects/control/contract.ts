/**
 * What may be asked of a ControlRoom object: one per performance, the place where everybody who watches the sale looks at
 * the same figures. It owns nothing but their history.
 */
import type { SeatSnapshot } from "../performance/contract.ts";

export interface ControlContract {
  /** From this moment on figures are kept, whether somebody looks or not, until the sale is over. Idempotent. */
  keepFrom(at: number): Promise<void>;
  /** The sale is over for good: its figures are forgotten. */
  empty(): Promise<void>;
}

/** The figures of one moment. Counts unless said otherwise. */
export interface Sample {
  /** Milliseconds since 1970, by the sale's clock. */
  readonly at: number;
  readonly phase: string;
  readonly joined: number;
  readonly waiting: number;
  readonly present: number;
  readonly absent: number;
  readonly returned: number;
  readonly front: number;
  readonly admitted: number;
  readonly sessions: number;
  readonly capacity: number;
  readonly ratePerMinute: number;
  readonly flowPerMinute: number;
  /** How many the draw put in order: the places below this are not in order of arrival. 0: nobody. */
  readonly drawn: number;
  /** The range shown to whoever joins now, in seconds; null while nothing moves. */
  readonly shownWait: readonly [from: number, to: number] | null;
  /** By grade: all, free, sold, and what the sold ones cost in minor units. */
  readonly grades: readonly (readonly [grade: string, total: number, free: number, sold: number, value: number])[];
  readonly seats: Readonly<Record<string, number>>;
  readonly orders: Readonly<Record<string, number>>;
  readonly outbox: number;
  /** Age of the oldest event the records have not taken over, in seconds. */
  readonly outboxSeconds: number;
  readonly unknownPayments: number;
  /** Calls of the sale's object per second since the sample before. */
  readonly callsPerSecond: number;
  /** How long the sale's object took to answer, in milliseconds. */
  readonly answerMs: number;
}

export type ControlFrame =
  | {
      readonly type: "history";
      readonly samples: readonly Sample[];
      readonly notice: string | null;
      readonly openAt: number;
      readonly closeAt: number;
    }
  | { readonly type: "sample"; readonly sample: Sample; readonly notice: string | null }
  | { readonly type: "seats"; readonly snapshot: SeatSnapshot }
  /** The sale did not answer in time; the figures shown are old. */
  | { readonly type: "silent" };
