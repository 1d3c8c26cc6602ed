/** What programs ask: monitoring, payment providers, and whoever wants to know how to ask. */
import type { ProblemCode } from "../../problem.ts";
import type { Table } from "../rule.ts";

const token: readonly ProblemCode[] = ["not-found", "token-missing", "token-invalid"];

export const machines: Table = {
  "GET /healthz": { who: "anyone", codes: [] },
  "GET /metrics": { who: "monitor", codes: token },
  "GET /api/operations/dead-letters": { who: "monitor", codes: [...token, "records-unavailable"] },
  "POST /api/operations/dead-letters/replay": { who: "monitor", codes: [...token, "records-unavailable"] },
  "GET /api/operations/notices": { who: "monitor", codes: [...token, "records-unavailable"] },
  "POST /api/operations/notices/tell": { who: "monitor", codes: [...token, "records-unavailable"] },
  "GET /api/operations/performances/{id}/comparison": {
    who: "monitor",
    codes: [...token, "overloaded", "records-unavailable"],
  },
  "GET /.well-known/jwks.json": { who: "anyone", codes: [] },
  "GET /api/openapi.json": { who: "anyone", codes: [] },
  "GET /api/docs": { who: "anyone", codes: [] },
  "GET /api/admin/audit/export": { who: "admin", codes: ["records-unavailable"] },
  "POST /api/webhooks/{provider}": {
    who: "provider",
    codes: ["provider-not-enabled", "notification-unreadable", "notification-not-verified", "records-unavailable"],
  },
};
