/** The way to a provider: with a deadline, a breaker of the provider's own, and a count of how requests end. */
import { boundedText } from "../../durable-objects/bounded-answer.ts";
import type { Environment } from "../environment.ts";
import { guarded } from "../calls/guard.ts";

type Asked = RequestInit & { readonly method: string };

/**
 * The largest answer there is: a page of a hundred refunds of Stripe's, about 1 KiB each with our metadata. A payment of Toss
 * Payments with as many cancels as it has seats takes a tenth of it. So this is more than anything a provider has to say, and
 * little enough for as many answers at once as an isolate may wait for.
 */
const ANSWER_BYTES = 256 * 1_024;

/** One request with its whole answer. @throws NotAsked, TooLate, TooLarge, or what `fetch` throws: then nobody knows what came of it. */
export type Line = (url: string | URL, request: Asked) => Promise<Response>;

/**
 * `regardless`: asked although it has just failed. That is for money whose fate is open: it is asked about a few times a
 * minute, and no breaker may stand between it and the answer.
 */
export function lineTo(env: Partial<Environment>, provider: "toss" | "stripe", regardless: boolean): Line {
  return (url, request) =>
    guarded(
      env,
      provider,
      async (signal) => {
        const answer = await fetch(url, { ...request, signal: signal() });
        // Read here, so that deadline and limit are for all of it.
        const text = await boundedText(answer, ANSWER_BYTES);
        return new Response(answer.status === 204 ? null : text, answer);
      },
      {
        regardless,
        // What changes something is repeated by who knows its key.
        repeatable: request.method === "GET",
        isTrouble: ({ status }) => status >= 500 || status === 429,
      },
    );
}
