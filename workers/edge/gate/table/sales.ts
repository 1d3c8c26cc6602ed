/** What fans do: look around, wait, book, pay. */
import type { ProblemCode } from "../../problem.ts";
import type { Table } from "../rule.ts";

const performance = "/api/performances/{id}";
const order = "/api/orders/{orderId}";

const joining: readonly ProblemCode[] = [
  "not-found",
  "not-published",
  "not-open-yet",
  "performance-closed",
  "sold-out",
  "queue-limit-reached",
  "member-revoked",
  "rejoined-too-soon",
  "verification-required",
];
const showing: readonly ProblemCode[] = [
  "not-found",
  "not-published",
  "performance-closed",
  "member-revoked",
  "identity-taken",
];
const entering: readonly ProblemCode[] = [
  "not-found",
  "not-published",
  "not-in-queue",
  "not-admitted-yet",
  "performance-closed",
  "session-ended",
  "member-revoked",
];
const leaving: readonly ProblemCode[] = ["not-found", "not-published", "not-in-queue"];
const keyed: readonly ProblemCode[] = ["idempotency-key-required", "idempotency-key-reused"];
const booking: readonly ProblemCode[] = [
  "not-found",
  "not-published",
  "session-ended",
  "performance-paused",
  "performance-closed",
];

export const sales: Table = {
  "GET /api/performances": { who: "anyone", codes: ["records-unavailable"] },
  [`GET ${performance}`]: { who: "anyone", codes: ["not-found", "records-unavailable"] },
  [`GET ${performance}/schedules`]: { who: "anyone", codes: ["not-found", "records-unavailable"] },
  "GET /api/posters/{name}": { who: "anyone", codes: ["not-found", "records-unavailable"] },
  [`GET ${performance}/draw`]: { who: "anyone", codes: ["not-found", "records-unavailable"] },
  [`GET ${performance}/draw/segments/{index}`]: { who: "anyone", codes: ["not-found", "records-unavailable"] },
  "GET /api/charts/schema.json": { who: "anyone", codes: [] },
  [`GET ${performance}/schedules/{scheduleId}/chart`]: { who: "anyone", codes: ["not-found", "unknown-schedule"] },

  [`POST ${performance}/queue`]: { who: "member", verified: true, challenge: "join", codes: joining },
  [`GET ${performance}/queue`]: { who: "waiter", codes: ["not-found"] },
  [`DELETE ${performance}/queue`]: { who: "waiter", codes: leaving },
  [`POST ${performance}/enter`]: { who: "waiter", codes: entering },
  [`GET ${performance}/live`]: {
    who: "watcher",
    codes: ["websocket-required", "pass-missing", "pass-expired", "pass-invalid", "not-found"],
  },
  [`GET ${performance}/room`]: {
    who: "waiter",
    // The last four: with what the verifier's answer came to, said by the page.
    codes: ["not-found", "verification-failed", "identity-taken", "member-revoked", "performance-closed"],
  },
  // Who is signed in already gets the list of rooms, everybody else the form.
  "GET /api/room": { who: "anyone", codes: ["records-unavailable"] },
  "POST /api/room/sign-in": {
    who: "anyone",
    codes: ["origin-not-allowed", "sign-in-failed", "rate-limited", "records-unavailable"],
  },
  [`POST ${performance}/room/join`]: { who: "member", verified: true, challenge: "join", codes: joining },
  [`POST ${performance}/room/enter`]: { who: "waiter", codes: entering },
  [`POST ${performance}/room/leave`]: { who: "waiter", codes: leaving },

  [`GET ${performance}/verification`]: { who: "member", codes: ["not-found", "not-published"] },
  [`POST ${performance}/verification/code`]: { who: "member", codes: [...showing, "presale-code-invalid"] },
  [`POST ${performance}/verification/ask`]: { who: "member", codes: ["not-found", "verifier-not-set"] },
  // The browser's own cookie and the verifier's signature say whose answer it is: the route checks both.
  [`GET ${performance}/verification/answer`]: { who: "anyone", codes: ["not-found"] },
  [`POST ${performance}/room/code`]: { who: "member", codes: [...showing, "presale-code-invalid"] },
  [`GET ${performance}/room/verify`]: { who: "member", codes: ["not-found", "verifier-not-set"] },

  [`GET ${performance}/schedules/{scheduleId}/seats`]: {
    who: "member",
    pass: true,
    codes: ["not-found", "unknown-schedule", "session-ended"],
  },
  [`GET ${performance}/holds`]: { who: "member", pass: true, codes: ["not-found", "not-published"] },
  [`POST ${performance}/holds`]: {
    who: "member",
    pass: true,
    codes: [
      ...keyed,
      ...booking,
      "unknown-schedule",
      "unknown-seat",
      "no-seats",
      "duplicate-seat",
      "seats-taken",
      "seats-blocked",
      "seats-accessible-only",
      "single-seat-left",
      "zone-full",
      "unknown-grade",
      "not-together",
      "code-not-valid",
      "hold-not-found",
      "seat-limit-reached",
      "schedule-cancelled",
    ],
  },
  [`DELETE ${performance}/holds/{holdId}`]: {
    who: "member",
    pass: true,
    codes: ["not-found", "not-published", "hold-not-found"],
  },
  [`POST ${performance}/orders`]: {
    who: "member",
    pass: true,
    codes: [...keyed, ...booking, "hold-not-found", "hold-expired", "schedule-cancelled"],
  },

  "GET /api/orders": { who: "member", codes: ["records-unavailable"] },
  [`GET ${order}`]: { who: "member", codes: ["order-not-found", "records-unavailable"] },
  [`GET ${order}/tickets`]: { who: "member", codes: ["order-not-found", "records-unavailable"] },
  "GET /api/payments/providers": { who: "anyone", codes: [] },
  [`POST ${order}/tickets/{ticketId}/reissue`]: {
    who: "member",
    codes: [
      "order-not-found",
      "records-unavailable",
      "ticket-not-found",
      "ticket-cancelled",
      "ticket-used",
      "ticket-reissued",
    ],
  },
  [`POST ${order}/payments`]: {
    who: "member",
    codes: [
      ...keyed,
      "provider-not-enabled",
      "provider-unavailable",
      "payments-misconfigured",
      "order-not-found",
      "order-already-paid",
      "order-expired",
      "order-not-payable",
      "schedule-cancelled",
      "payment-in-progress",
      "deposit-too-late",
    ],
  },
  [`POST ${order}/payments/confirm`]: {
    who: "member",
    codes: [
      "provider-not-enabled",
      "order-not-found",
      "order-already-paid",
      "order-expired",
      "payment-not-begun",
      "payment-in-progress",
      "payment-declined",
      "amount-mismatch",
      "attempt-superseded",
    ],
  },
  [`GET ${order}/cancellation`]: {
    who: "member",
    codes: ["order-not-found", "order-not-cancellable", "cancellation-closed"],
  },
  [`POST ${order}/cancel`]: {
    who: "member",
    codes: [
      "order-not-found",
      "order-not-cancellable",
      "cancellation-closed",
      "fee-changed",
      "payment-in-progress",
      "refund-account-required",
    ],
  },
  [`POST ${order}/refund-account`]: {
    who: "member",
    codes: ["order-not-found", "refund-account-not-needed"],
  },
};
