/** Signing up, in and out. */
import type { Table } from "../rule.ts";

export const accounts: Table = {
  "POST /api/auth/signup": { who: "anyone", codes: ["email-taken", "rate-limited", "records-unavailable"] },
  "POST /api/auth/login": { who: "anyone", codes: ["sign-in-failed", "rate-limited", "records-unavailable"] },
  "POST /api/auth/refresh": { who: "renewal", codes: ["token-missing", "refresh-invalid", "origin-not-allowed"] },
  "POST /api/auth/logout": { who: "anyone", codes: ["origin-not-allowed"] },
  "GET /api/me": { who: "member", codes: [] },
};
