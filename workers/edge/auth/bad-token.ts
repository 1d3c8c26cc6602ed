/**
 * Why a token opened nothing, for the log. Whoever sent it gets the same short answer for everything that is wrong with it,
 * so that nobody is helped to make a better one; an expired one is nothing to write down, because every token expires.
 */
import { log } from "../../../durable-objects/log.ts";

export function noteBadToken(
  kind: "access" | "refresh" | "pass" | "queue ticket",
  { reason, detail }: { readonly reason: "expired" | "invalid"; readonly detail: string },
): void {
  if (reason === "invalid") log("warn", "token", "opened nothing", { kind, reason: detail });
}
