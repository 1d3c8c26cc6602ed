/** What organisers do. Whose performance or hall it is, the routes ask: a foreign one is not found. */
import type { ProblemCode } from "../../problem.ts";
import type { Rule, Table } from "../rule.ts";

const performance = "/api/organizer/performances/{id}";
const door = "/api/door/performances/{id}/schedules/{scheduleId}";
const organiser = (...codes: readonly ProblemCode[]): Rule => ({
  who: "organiser",
  codes: ["records-unavailable", ...codes],
});

export const organisers: Table = {
  "GET /api/organizer/halls": organiser(),
  "POST /api/organizer/halls": organiser("chart-too-large"),
  "POST /api/organizer/charts/lint": { who: "organiser", codes: ["chart-too-large"] },
  "POST /api/organizer/charts/csv": { who: "organiser", codes: ["chart-too-large"] },
  "POST /api/organizer/charts/generate": { who: "organiser", codes: [] },
  "GET /api/organizer/halls/{id}/chart": organiser("not-found"),
  "GET /api/organizer/performances": organiser(),
  "POST /api/organizer/performances": organiser(),
  [`GET ${performance}`]: organiser("not-found"),
  [`GET ${performance}/readiness`]: organiser("not-found"),
  [`DELETE ${performance}`]: organiser("not-found", "published-differently"),
  [`DELETE ${performance}/schedules/{scheduleId}`]: organiser("not-found", "published-differently"),
  [`PUT ${performance}/poster`]: organiser(
    "not-found",
    "published-differently",
    "picture-unreadable",
    "picture-size",
    "picture-too-large",
  ),
  [`PATCH ${performance}`]: organiser("not-found", "published-differently"),
  [`POST ${performance}/schedules`]: organiser("not-found"),
  [`POST ${performance}/publish`]: organiser(
    "not-found",
    "not-ready-to-publish",
    "published-differently",
    "settings-invalid",
  ),
  [`POST ${performance}/pause`]: organiser("not-found", "not-published", "performance-closed"),
  [`POST ${performance}/resume`]: organiser("not-found", "not-published", "not-open-yet", "performance-closed"),
  [`POST ${performance}/close`]: organiser("not-found", "not-published", "performance-closed"),
  [`POST ${performance}/notice`]: organiser("not-found", "not-published", "settings-invalid"),
  [`POST ${performance}/revoke`]: organiser("not-found", "not-published"),
  [`POST ${performance}/revoke-all`]: organiser("not-found", "not-published"),
  [`PATCH ${performance}/settings`]: organiser(
    "not-found",
    "not-published",
    "published-differently",
    "settings-invalid",
  ),
  [`GET ${performance}/schedules/{scheduleId}/blocks`]: organiser("not-found", "unknown-schedule"),
  [`POST ${performance}/blocks`]: organiser(
    "not-found",
    "not-published",
    "unknown-schedule",
    "unknown-seat",
    "no-seats",
    "zone-full",
    "seats-taken",
    "seat-limit-reached",
  ),
  [`POST ${performance}/blocks/{block}/release`]: organiser(
    "not-found",
    "not-published",
    "block-not-found",
    "unknown-seat",
  ),
  [`PUT ${performance}/blocks/{block}/grant`]: organiser("not-found", "not-published", "block-not-found"),
  [`POST ${performance}/accessible/release`]: organiser("not-found", "not-published"),
  [`POST ${performance}/orders/{orderId}/cancel`]: organiser(
    "not-found",
    "not-published",
    "order-not-found",
    "order-not-cancellable",
    "payment-in-progress",
  ),
  [`POST ${performance}/schedules/{scheduleId}/cancel`]: organiser("not-found", "not-published", "unknown-schedule"),
  [`POST ${performance}/schedules/{scheduleId}/move`]: organiser(
    "not-found",
    "not-published",
    "unknown-schedule",
    "schedule-cancelled",
    "settings-invalid",
  ),
  [`GET ${performance}/live`]: organiser("not-found", "not-published"),
  [`GET ${performance}/audit`]: organiser("not-found"),
  [`GET ${performance}/export`]: organiser("not-found"),
  "GET /api/organizer/webhooks": organiser(),
  "POST /api/organizer/webhooks": organiser("webhook-address-refused", "too-many-webhooks"),
  "DELETE /api/organizer/webhooks/{id}": organiser("not-found"),
  "GET /api/organizer/webhooks/{id}/deliveries": organiser("not-found"),
  // Doors: who may stand at one is asked by the routes (edge/door/access.ts).
  [`GET ${door}`]: { who: "member", codes: ["not-found", "records-unavailable"] },
  [`GET ${door}/list`]: { who: "member", codes: ["not-found", "records-unavailable"] },
  [`POST ${door}/scans`]: { who: "member", codes: ["not-found", "records-unavailable"] },
};
