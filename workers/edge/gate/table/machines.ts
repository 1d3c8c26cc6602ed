/** What programs ask: monitoring, payment providers, and whoever wants to know how to ask. */
import type { Table } from "../rule.ts";

export const machines: Table = {
  "GET /healthz": { who: "anyone", codes: [] },
  "GET /metrics": { who: "monitor", codes: ["not-found", "token-missing", "token-invalid"] },
  "GET /.well-known/jwks.json": { who: "anyone", codes: [] },
  "GET /api/openapi.json": { who: "anyone", codes: [] },
  "GET /api/docs": { who: "anyone", codes: [] },
  "POST /api/webhooks/{provider}": {
    who: "provider",
    codes: ["provider-not-enabled", "notification-unreadable", "notification-not-verified", "records-unavailable"],
  },
};
