/** The way to a provider: with a deadline, a breaker of the provider's own, and a count of how requests end. */
import type { Environment } from "../environment.ts";
import { guarded } from "../calls/guard.ts";

type Asked = RequestInit & { readonly method: string };

/** One request with its whole answer. @throws NotAsked, TooLate, or what `fetch` throws. */
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
        // Read here, so that the deadline is for all of it.
        return new Response(answer.status === 204 ? null : await answer.text(), answer);
      },
      {
        regardless,
        // What changes something is repeated by who knows its key.
        repeatable: request.method === "GET",
        isTrouble: ({ status }) => status >= 500 || status === 429,
      },
    );
}
