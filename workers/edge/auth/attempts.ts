/** A limit on trying passwords and links, in front of the hash that each try would cost. */
import type { AppContext } from "../context.ts";
import { Problem } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";

/**
 * By what is tried and IP together: by the address alone, a stranger could lock somebody out; by IP alone, everybody behind
 * a mobile carrier's address translation would share one allowance on the evening of a sale.
 */
export async function limitAttempts(c: AppContext, what: string): Promise<void> {
  const address = c.req.header("cf-connecting-ip") ?? "local";
  const { success } = await c.env.RATE_SIGN_IN.limit({ key: `${address} ${what}` });
  if (success) return;
  countRefusal(c, "rate-limited sign-in");
  throw new Problem("rate-limited", { retryAfterSeconds: 60 });
}
