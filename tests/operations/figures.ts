/** Figures of a sale in which everything has happened once: what the tests of metrics, rules and alerts are fed. */
import {
  BATCH_BOUNDS,
  emptyHistogram,
  LAG_BOUNDS_SECONDS,
  LATENCY_BOUNDS_SECONDS,
  WAIT_BOUNDS_SECONDS,
  type Figures,
} from "../../durable-objects/performance/figures-contract.ts";
import type { Sources } from "../../workers/watch/metrics/family.ts";

export const SALE = "5e000000-0000-4000-8000-000000000001";

export function figures(change: Partial<Figures> = {}): Figures {
  return {
    status: {
      phase: "open",
      now: 0,
      gatherAt: null,
      openAt: 0,
      closeAt: 86_400_000,
      joined: 12,
      draw: null,
      front: 3,
      waiting: 8,
      present: 6,
      waits: [],
      lanes: [],
      sessions: 2,
      capacity: 2,
      ratePerMinute: 60,
      ahead: [[3, 0]],
      flowPerMinute: 3,
      seatsLeft: { S: 40 },
      notice: null,
      seatsVersion: 7,
      seatsReturnAt: null,
    },
    calls: 4,
    admittedTotal: 4,
    absent: 0,
    returned: 0,
    sockets: 5,
    grades: [],
    seatsByStatus: { free: 40, sold: 10 },
    ordersByStatus: { paid: 3 },
    holds: 1,
    outboxDepth: 2,
    oldestOutboxAt: 1_000,
    unknownPayments: 1,
    oldestUnknownPaymentAt: 1_000,
    openRefunds: 0,
    oldestOpenRefundAt: null,
    ...change,
    tally: {
      startedAt: 500,
      batches: { counts: [3, 1, ...BATCH_BOUNDS.slice(1).map(() => 0)], sum: 7 },
      latency: { counts: [1, 2, ...LATENCY_BOUNDS_SECONDS.slice(1).map(() => 0)], sum: 0.021 },
      waits: emptyHistogram(WAIT_BOUNDS_SECONDS),
      promises: { kept: 1, sooner: 0, later: 0 },
      refusals: { "seats-taken": 2 },
      sessionsEnded: { paid: 2 },
      holdsMade: 4,
      holdsEnded: { ordered: 3 },
      paymentAnswers: { approved: 3 },
      refundAnswers: { refunded: 1 },
      overshoot: 0,
      idleSlotSeconds: { absent: 1.25, restart: 0 },
      lag: emptyHistogram(LAG_BOUNDS_SECONDS),
      shed: 0,
      repeated: 0,
      ...change.tally,
    },
  };
}

export function sources(change: Partial<Sources> = {}): Sources {
  return {
    records: {
      orders: [{ status: 'a"\\\n', count: 1 }],
      payments: [{ provider: "toss", status: "approved", count: 3 }],
      refunds: [{ status: "refunded", count: 1 }],
      oldestConfirmingAt: null,
      imbalance: [{ currency: "KRW", amount: 0 }],
      unloaded: [],
      refusals: [{ name: "rate-limited sign-in", count: 2 }],
      quarantined: [{ kind: "dead-letter", count: 0 }],
      drifts: [{ kind: "ticket-missing", count: 0 }],
      reconciledAt: 4_000,
    },
    sales: [{ id: SALE, figures: figures() }],
    silent: [],
    meter: {
      "edge_requests|2xx": 9,
      "edge_problems|rate-limited": 1,
      "dependency_calls|postgres|ok": 4,
      "dependency_call_seconds|postgres": 0.5,
      "reconciler_repairs|ticket-missing": 1,
      "something_else|x": 1,
    },
    now: 10_000,
    ...change,
  };
}
