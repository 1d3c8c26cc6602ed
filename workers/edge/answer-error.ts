/** What becomes of an error that ends a request. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { MalformedCursor } from "../records/cursor.ts";
import { isObjectUnavailable } from "../calls/objects.ts";
import { TooLate } from "../../durable-objects/in-time.ts";
import { ProviderUnavailable } from "../payments/provider.ts";
import { RecordsUnavailable } from "../records/database.ts";
import { languageOf, Problem, problemDocument } from "./problem.ts";

/** Jittered, so that those who were sent away together do not come back together. */
export function retryAfterSeconds(): number {
  return 1 + Math.floor(Math.random() * 4);
}

/** For an object that could not answer: nothing was done and it may be asked again, or nobody knows and it must be. */
export function problemOfObject(error: unknown): Problem {
  const code = error instanceof TooLate ? "no-answer-in-time" : "overloaded";
  return new Problem(code, { retryAfterSeconds: retryAfterSeconds() });
}

/** Hono's error handler: problems as they are, everything else a vague 500 and a log line without personal data. */
export function answerError(error: Error, c: Context): Response {
  const language = languageOf(c.req.header("accept-language"));
  if (error instanceof Problem) return problemDocument(error.code, language, error.extras);
  if (error instanceof RecordsUnavailable)
    return problemDocument("records-unavailable", language, { retryAfterSeconds: 5 });
  if (isObjectUnavailable(error)) {
    const { code, extras } = problemOfObject(error);
    return problemDocument(code, language, extras);
  }
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
