/** Signing up, in and out, and what a member may do with the account. */
import type { Table } from "../rule.ts";

export const accounts: Table = {
  "POST /api/auth/signup": {
    who: "anyone",
    challenge: "signup",
    codes: ["email-taken", "rate-limited", "records-unavailable"],
  },
  "POST /api/auth/login": { who: "anyone", codes: ["sign-in-failed", "rate-limited", "records-unavailable"] },
  "POST /api/auth/refresh": { who: "renewal", codes: ["token-missing", "refresh-invalid", "origin-not-allowed"] },
  "POST /api/auth/logout": { who: "anyone", codes: ["origin-not-allowed"] },
  "POST /api/auth/verify-email": { who: "anyone", codes: ["link-invalid", "rate-limited", "records-unavailable"] },
  "POST /api/auth/forgot-password": {
    who: "anyone",
    codes: ["mail-unavailable", "rate-limited", "records-unavailable"],
  },
  "POST /api/auth/reset-password": { who: "anyone", codes: ["link-invalid", "rate-limited", "records-unavailable"] },
  "GET /api/challenge": { who: "anyone", codes: [] },
  "POST /api/challenge": {
    who: "member",
    codes: ["challenge-required", "challenge-failed", "challenge-unavailable"],
  },
  "GET /api/me": { who: "member", codes: [] },
  "GET /api/me/data": { who: "live-member", codes: ["records-unavailable"] },
  "PATCH /api/me": { who: "live-member", codes: [] },
  "POST /api/me/verification-mail": {
    who: "member",
    codes: ["mail-unavailable", "rate-limited", "records-unavailable"],
  },
  "POST /api/me/password": { who: "live-member", codes: ["password-wrong", "rate-limited"] },
  "POST /api/me/sign-out-everywhere": { who: "member", codes: ["records-unavailable"] },
  "POST /api/me/withdrawal": { who: "live-member", codes: ["password-wrong", "withdrawal-blocked", "rate-limited"] },
};
