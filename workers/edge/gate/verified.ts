/** A confirmed e-mail address in front of the queue, where the deployment asks for one (REQUIRE_VERIFIED_EMAIL). */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { readRecords } from "../../records/database.ts";
import { memberById } from "../../records/members.ts";

/** A token that says so costs nothing; one that does not may be older than the confirmation. */
export const verifiedEmail: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { id, verified } = c.var.member;
  if (c.env.REQUIRE_VERIFIED_EMAIL === "true" && verified !== true) {
    const known = await readRecords(c.env, (db) => memberById(db, id));
    if (known === null || known.emailVerifiedAt === null) throw new Problem("email-not-verified");
  }
  await next();
};
