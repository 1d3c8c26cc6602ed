/** What becomes of an error that ends a request. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { MalformedCursor } from "../records/cursor.ts";
import { ProviderUnavailable } from "../payments/provider.ts";
import { RecordsUnavailable } from "../records/database.ts";
import { languageOf, Problem, problemDocument } from "./problem.ts";

/** The platform marks its own failures: `overloaded` (too many requests) and `retryable` (moved, restarted). */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("overloaded" in error && error.overloaded === true) || ("retryable" in error && error.retryable === true);
}

/** Hono's error handler: problems as they are, everything else a vague 500 and a log line without personal data. */
export function answerError(error: Error, c: Context): Response {
  const language = languageOf(c.req.header("accept-language"));
  if (error instanceof Problem) return problemDocument(error.code, language, error.extras);
  if (error instanceof RecordsUnavailable)
    return problemDocument("records-unavailable", language, { retryAfterSeconds: 5 });
  // A lobby that is overloaded or just being moved: the same request again is safe, and will be answered.
  if (isPassing(error)) return problemDocument("overloaded", language, { retryAfterSeconds: 2 });
  if (error instanceof ProviderUnavailable)
    return problemDocument("provider-unavailable", language, { retryAfterSeconds: 5 });
  if (error instanceof MalformedCursor) {
    return problemDocument("invalid-request", language, { errors: [{ field: "cursor", message: error.message }] });
  }
  if (error instanceof HTTPException) {
    if (error.status === 415) return problemDocument("unsupported-media-type", language);
    return problemDocument(error.status === 400 ? "malformed-json" : "internal-error", language);
  }
  console.error(
    JSON.stringify({
      level: "error",
      at: "edge",
      method: c.req.method,
      error: error.name,
      message: error.message.slice(0, 300),
    }),
  );
  return problemDocument("internal-error", language);
}
