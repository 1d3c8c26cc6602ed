/** One call of the SDK, and what its error says about the request: was it refused for good, or is its outcome open? */
import { z } from "zod";

export type Refused =
  | { readonly kind: "refused"; readonly code: string; readonly reason: string }
  /** `answered`: the server did answer, so the request is no longer under way; its key keeps that answer. */
  | { readonly kind: "open"; readonly reason: string; readonly answered: boolean };

const stripeError = z.looseObject({
  type: z.string(),
  statusCode: z.number().optional(),
  code: z.string().optional(),
  decline_code: z.string().optional(),
  message: z.string(),
});

/** Our own fault (a wrong key, a limit, a twin at work) says nothing about the money, and neither does a broken connection. */
function refuseOrOpen(error: unknown): Refused {
  const parsed = stripeError.safeParse(error instanceof Error ? { ...error, message: error.message } : null);
  if (!parsed.success || parsed.data.statusCode === undefined) {
    return { kind: "open", reason: error instanceof Error ? error.name : "unreachable", answered: false };
  }
  const { statusCode, code, decline_code: decline, type } = parsed.data;
  if (statusCode >= 500) return { kind: "open", reason: `HTTP ${statusCode}`, answered: true };
  if ([401, 403, 409, 429].includes(statusCode)) return { kind: "open", reason: type, answered: false };
  return { kind: "refused", code: decline ?? code ?? type, reason: code ?? type };
}

export type Answer<T> = { readonly kind: "found"; readonly value: T } | Refused;

/** One call; what it answers is unknown until parsed, as everything that comes from outside. */
export async function ask<Schema extends z.ZodType>(
  schema: Schema,
  call: () => Promise<unknown>,
): Promise<Answer<z.infer<Schema>>> {
  let found: unknown;
  try {
    found = await call();
  } catch (error) {
    return refuseOrOpen(error);
  }
  const parsed = schema.safeParse(found);
  if (parsed.success) return { kind: "found", value: parsed.data };
  return { kind: "open", reason: "unreadable answer", answered: false };
}
