/**
 * Pieces of route descriptions: schemas that several routes share, and the form of answers. Refusals are added by
 * description.ts from the table of routes.
 */
import { z } from "@hono/zod-openapi";
import type { ZodError, ZodType } from "zod";
import { Problem } from "./problem.ts";

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    evidence: z.record(z.string(), z.unknown()).optional(),
    /** Also in the header `x-request-id` of every answer. */
    requestId: z.string().optional(),
  })
  .openapi("Problem");

export const moneySchema = z.object({ amount: z.int(), currency: z.string() }).openapi("Money");

export const momentSchema = z.iso.datetime({ precision: 3 }).openapi({ example: "2026-12-24T10:00:00.000Z" });

/** A member of our own ids; anything else cannot exist. */
export const idSchema = z.uuid().transform((id) => id.toLowerCase());

export const idParameter = z.object({ id: idSchema.openapi({ param: { name: "id", in: "path" } }) });

export const pageQuery = z.object({
  cursor: z.string().max(160).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const pageSchema = <T extends ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const json = <T extends ZodType>(schema: T, description: string) => ({
  content: { "application/json": { schema } },
  description,
});

export const ok = <T extends ZodType>(schema: T, description: string) => ({ 200: json(schema, description) }) as const;

export const created = <T extends ZodType>(schema: T, description: string) =>
  ({ 201: json(schema, description) }) as const;

export const done = (description: string) => ({ 204: { description } }) as const;

export const body = <T extends ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** Every invalid field at once. Bounded, because a chart of 60,000 seats can be wrong 60,000 times. */
const MOST_ERRORS = 50;

export function invalidRequest(error: ZodError): Problem {
  const errors = error.issues
    .slice(0, MOST_ERRORS)
    .flatMap(({ path, message, ...issue }) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [...path, key], message: "is not a field of this request" }))
        : [{ path, message }],
    )
    .map(({ path, message }) => ({ field: path.map(String).join(".").slice(0, 200), message: message.slice(0, 200) }));
  return new Problem("invalid-request", { errors });
}
