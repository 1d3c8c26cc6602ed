/** A client's Idempotency-Key, tied to the member and the operation, with a hash of what was asked. */
import { createHash } from "node:crypto";
import type { IdempotencyKey } from "../../../durable-objects/performance/contract.ts";
import type { AppContext } from "../context.ts";
import { Problem } from "../problem.ts";

const KEY = /^[\x21-\x7e]{8,128}$/;

/**
 * Of this member and operation only: somebody else's key of the same name is another one. `content` is what must be the same
 * when it comes again.
 * @throws Problem where the header is missing or malformed
 */
export function idempotencyKey(c: AppContext, operation: string, content: unknown): IdempotencyKey {
  const key = c.req.header("idempotency-key");
  if (key === undefined) throw new Problem("idempotency-key-required");
  if (!KEY.test(key)) {
    throw new Problem("invalid-request", {
      errors: [{ field: "Idempotency-Key", message: "8–128 visible ASCII characters" }],
    });
  }
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("base64url");
  return { id: `${c.var.member.id}|${operation}|${key}`, hash };
}
