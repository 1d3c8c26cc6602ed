/**
 * Figures of a sale for operators and metrics, as plain data: what is so now comes from the state, what has happened since
 * the object last started comes from its tally (tally.ts). A counter that starts at zero again is what Prometheus expects
 * of a restart.
 */
import type { StatusFrame } from "./queue-contract.ts";

/** Cumulative counts are made where they are shown; here each bucket has its own. The last bucket is everything above. */
export interface Histogram {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Upper bounds of the buckets. */
export const BATCH_BOUNDS = [1, 5, 20, 50, 100, 200, 500, 1_000] as const;
export const LATENCY_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15] as const;
export const WAIT_BOUNDS_SECONDS = [5, 15, 60, 180, 600, 1_200, 1_800, 3_600, 7_200] as const;
export const LAG_BOUNDS_SECONDS = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800] as const;

/** What a lobby has to say about itself, at most once a second, with a batch that leaves anyway. Counts are since the last. */
export interface LobbyReport {
  readonly sockets: number;
  /** Commands from their arrival in the lobby to the answer (LATENCY_BOUNDS_SECONDS). */
  readonly latency: Histogram;
  /** From being told a wait for the first time to being admitted (WAIT_BOUNDS_SECONDS). */
  readonly waits: Histogram;
  /** Whether the range they were told first came true. */
  readonly promises: Readonly<Record<PromiseOutcome, number>>;
  /** Commands refused because too many were waiting already. */
  readonly shed: number;
  /** Calls of the object that failed or took too long, and were made again. */
  readonly repeated: number;
  /** How this lobby's own calls ended; absent in one of an older version, or when there were none. */
  readonly calls?: CallFigures;
}

/** Calls of others by how they ended, by dependency and outcome; the seconds they took; breakers that opened. */
export interface CallFigures {
  readonly ended: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly seconds: Readonly<Record<string, number>>;
  readonly openings: Readonly<Record<string, number>>;
}

export type PromiseOutcome = "kept" | "sooner" | "later";

/** Since the object last started. */
export interface TallyFigures {
  readonly startedAt: number;
  readonly batches: Histogram;
  readonly latency: Histogram;
  readonly waits: Histogram;
  readonly promises: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly sessionsEnded: Readonly<Record<string, number>>;
  readonly holdsMade: number;
  readonly holdsEnded: Readonly<Record<string, number>>;
  readonly paymentAnswers: Readonly<Record<string, number>>;
  readonly refundAnswers: Readonly<Record<string, number>>;
  /** Admissions above a limit: must stay 0. */
  readonly overshoot: number;
  /** Seconds that slots were free, both limits permitting, while somebody waited: nobody of them was present, or presence was not known yet. */
  readonly idleSlotSeconds: Readonly<Record<string, number>>;
  /** From an event to the records' report that it is applied (LAG_BOUNDS_SECONDS). */
  readonly lag: Histogram;
  readonly shed: number;
  readonly repeated: number;
  /** Of the object, its lobbies and its control room; absent in an object of an older version. */
  readonly calls?: CallFigures;
}

export interface Figures {
  readonly status: StatusFrame;
  /** Batches executed since the object started. */
  readonly calls: number;
  readonly admittedTotal: number;
  /** Passed over and not back yet; and of those passed over, who is back and goes next. */
  readonly absent: number;
  readonly returned: number;
  readonly sockets: number;
  readonly grades: readonly {
    readonly grade: string;
    readonly total: number;
    readonly free: number;
    readonly sold: number;
    /** What the sold seats cost, in minor units. */
    readonly value: number;
  }[];
  readonly seatsByStatus: Readonly<Record<string, number>>;
  readonly ordersByStatus: Readonly<Record<string, number>>;
  readonly holds: number;
  readonly outboxDepth: number;
  readonly oldestOutboxAt: number | null;
  /** Attempts a provider was asked about and has not answered, transfers that are past their deadline among them. */
  readonly unknownPayments: number;
  readonly oldestUnknownPaymentAt: number | null;
  /** Money on its way back. */
  readonly openRefunds: number;
  readonly oldestOpenRefundAt: number | null;
  /** Money that would go back, and nobody has said to which bank account. */
  readonly refundsWithoutAccount: number;
  readonly tally: TallyFigures;
}

export function emptyHistogram(bounds: readonly number[]): Histogram {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
}
