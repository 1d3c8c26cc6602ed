/** The token of monitoring and of whoever runs the service: a secret of the deployment, no member's. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { Problem } from "../problem.ts";

/** Without a token in the settings there is nothing here. Hashes are compared, so neither content nor length shows in time. */
export const monitor: MiddlewareHandler<AppEnv> = async (c, next) => {
  const expected = c.env.METRICS_TOKEN;
  const header = c.req.header("authorization");
  if (expected === undefined || expected === "") throw new Problem("not-found");
  if (header === undefined) throw new Problem("token-missing");
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(header), digest(`Bearer ${expected}`))) throw new Problem("token-invalid");
  await next();
};
