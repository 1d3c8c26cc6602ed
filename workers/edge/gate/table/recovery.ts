/** What admins do when an object or an order is beyond the ordinary. */
import type { Table } from "../rule.ts";

const performance = "/api/admin/performances/{id}";
const sale = ["not-found", "not-published", "performance-closed", "rebuild-impossible", "records-unavailable"] as const;

export const recovery: Table = {
  [`POST ${performance}/empty`]: { who: "admin", codes: [...sale, "not-emptiable"] },
  [`POST ${performance}/rebuild`]: { who: "admin", codes: [...sale, "object-alive", "not-rebuilding"] },
  [`POST ${performance}/report-again`]: { who: "admin", codes: [...sale, "unknown-schedule"] },
  [`POST ${performance}/restore`]: {
    who: "admin",
    codes: [...sale, "restore-unavailable", "object-alive", "not-rebuilding"],
  },
  [`POST ${performance}/catch-up`]: { who: "admin", codes: [...sale, "object-alive", "not-rebuilding"] },
  "POST /api/admin/orders/{orderId}/refund": {
    who: "admin",
    codes: ["order-not-found", "order-not-cancellable", "payment-in-progress", "object-alive", "records-unavailable"],
  },
};
