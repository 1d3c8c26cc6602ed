/** One line for a batch that somebody may want to follow: which commands it had, and what they came to. */
import type { Command, Reply } from "./contract.ts";
import { log } from "../log.ts";

/** `batch` null: a call outside of any lobby. `from`: number of the batch's first event, `events` so many of them. */
export function logDecided(
  performanceId: string,
  batch: string | null,
  commands: readonly Command[],
  replies: readonly Reply[],
  { from, events }: { readonly from: number; readonly events: number },
): void {
  const commandIds: string[] = [];
  const outcomes: string[] = [];
  for (const [index, { cause, kind }] of commands.entries()) {
    const reply = replies[index];
    if (cause === undefined || reply === undefined) continue;
    commandIds.push(cause);
    outcomes.push(reply.ok ? kind : `${kind} ${reply.refusal.code}`);
  }
  if (commandIds.length === 0) return;
  const numbers = events === 0 ? {} : { from, to: from + events - 1 };
  log("info", "performance", "decided", { performanceId, batch: batch ?? undefined, commandIds, outcomes, ...numbers });
}
