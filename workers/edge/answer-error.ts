/** What becomes of an error that ends a request. */
import { HTTPException } from "hono/http-exception";
import { MalformedCursor } from "../records/cursor.ts";
import { isObjectUnavailable } from "../calls/objects.ts";
import { TooLate } from "../../durable-objects/in-time.ts";
import { errorFields, log } from "../../durable-objects/log.ts";
import { ProviderUnavailable } from "../payments/provider.ts";
import { RecordsUnavailable } from "../records/database.ts";
import type { AppContext } from "./context.ts";
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
export function answerError(error: Error, c: AppContext): Response {
  const { requestId } = c.var.trail;
  const { code, extras } = problemOf(error);
  if (code === "internal-error")
    log("error", "edge", "failed", { requestId, method: c.req.method, ...errorFields(error) });
  return problemDocument(code, languageOf(c.req.header("accept-language")), { ...extras, requestId });
}

function problemOf(error: Error): Pick<Problem, "code" | "extras"> {
  if (error instanceof Problem) return error;
  if (error instanceof RecordsUnavailable) return new Problem("records-unavailable", { retryAfterSeconds: 5 });
  if (isObjectUnavailable(error)) return problemOfObject(error);
  if (error instanceof ProviderUnavailable) return new Problem("provider-unavailable", { retryAfterSeconds: 5 });
  if (error instanceof MalformedCursor)
    return new Problem("invalid-request", { errors: [{ field: "cursor", message: error.message }] });
  if (error instanceof HTTPException && error.status === 415) return new Problem("unsupported-media-type");
  return new Problem(error instanceof HTTPException && error.status === 400 ? "malformed-json" : "internal-error");
}
