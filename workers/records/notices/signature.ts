/**
 * Signs what a webhook is sent, as Standard Webhooks has it (https://www.standardwebhooks.com): HMAC-SHA-256 over
 * `id.timestamp.body`. The id tells a repetition, the timestamp an old message that somebody sends again.
 */
import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** 32 random bytes, in the form libraries for Standard Webhooks take. */
export function freshSecret(): string {
  return PREFIX + randomBytes(32).toString("base64");
}

/** Standard Webhooks: what is signed is id, time and body, so that none of them can be changed or come again later. */
export function signedHeaders(
  secret: string,
  id: string,
  body: string,
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
