/** Where a running stack is to be found: written when it is ready, removed when it stops, believed only if it answers. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectRoot } from "./children.ts";

const whereabouts = z.object({
  origin: z.url(),
  databaseUrl: z.string(),
  tossUrl: z.url(),
  stripeUrl: z.url(),
  inboxUrl: z.url(),
});
export type Whereabouts = z.infer<typeof whereabouts>;

const ANSWER_MS = 2_000;

export function announce(dataDir: string, where: Whereabouts): () => void {
  const file = path.join(dataDir, "running.json");
  // The URL holds the local database's password: for this user's eyes only.
  writeFileSync(file, JSON.stringify(whereabouts.parse(where)), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The stack of this data folder on this port, or null if none answers (a killed one leaves its note behind). */
export async function runningStack(port: number, dataDir: string): Promise<Whereabouts | null> {
  let found: Whereabouts;
  try {
    const file = path.resolve(projectRoot, dataDir, "running.json");
    found = whereabouts.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
  if (new URL(found.origin).port !== String(port)) return null;
  try {
    const answer = await fetch(new URL("/healthz", found.origin), { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? found : null;
  } catch {
    return null;
  }
}
