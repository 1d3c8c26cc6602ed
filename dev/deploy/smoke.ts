/** After a deploy: does what is there answer as it must? A few requests from outside, nothing that changes anything. */
import { z } from "zod";
import type { EnvironmentName } from "./environments.ts";

const ANSWER_MS = 15_000;
const health = z.looseObject({
  status: z.string(),
  parts: z.record(z.string(), z.string()),
  payments: z.looseObject({ mode: z.string(), settings: z.string() }),
});
const advice: Readonly<Record<string, string>> = {
  postgres: "Postgres cannot be reached: is DATABASE_URL right?",
  performances: "objects do not answer",
  events: "the event queue is not bound",
};
const keys = z.object({ keys: z.array(z.looseObject({ kid: z.string() })).min(1) });
const list = z.looseObject({ items: z.array(z.unknown()) });

/** What is wrong, as sentences. */
export async function smoke(origin: string, environment: EnvironmentName): Promise<readonly string[]> {
  const wrong: string[] = [];
  const ask = async <T>(path: string, schema: z.ZodType<T>): Promise<T | null> => {
    try {
      const answer = await fetch(new URL(path, origin), { signal: AbortSignal.timeout(ANSWER_MS) });
      const body = schema.safeParse(await answer.json());
      // Who says that nothing can be sold says why, too.
      if ((answer.status === 200 || answer.status === 503) && body.success) return body.data;
      wrong.push(`${path} answered ${answer.status}, not as it should`);
    } catch (error) {
      wrong.push(`${path} did not answer: ${error instanceof Error ? error.name : "unknown"}`);
    }
    return null;
  };
  const well = await ask("/healthz", health);
  if (well !== null) {
    for (const [part, state] of Object.entries(well.parts)) {
      if (state !== "ok") wrong.push(advice[part] ?? `${part} is ${state}`);
    }
    if (well.payments.settings !== "ok") wrong.push("payment settings are not right: the Worker's log names them");
    const meant = environment === "production" ? "live" : "sandbox";
    if (well.payments.mode !== meant)
      wrong.push(`payments are ${well.payments.mode}, and ${environment} must be ${meant}`);
  }
  await ask("/.well-known/jwks.json", keys);
  await ask("/api/performances", list);
  const metrics = await fetch(new URL("/metrics", origin), { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    () => null,
  );
  if (metrics?.status !== 401)
    wrong.push(`/metrics without a token answered ${metrics?.status ?? "nothing"}, expected 401`);
  await metrics?.body?.cancel();
  return wrong;
}
