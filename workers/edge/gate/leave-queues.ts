/** Gives up a member's places, for who has no use for them any more. */
import type { Environment } from "../../environment.ts";
import { listOpenPerformances } from "../../records/catalogue.ts";
import { readRecords } from "../../records/database.ts";
import { roomOf } from "./room.ts";

/** As many sales as a person could wait in; more run at once on no deployment this is made for. */
const SALES_MAX = 50;

/**
 * Best effort: a place that could not be given up ends by itself, because nobody is present any more. Leaving where one
 * does not wait changes nothing.
 */
export async function leaveQueues(env: Environment, memberId: string): Promise<void> {
  const open = await readRecords(env, (db) => listOpenPerformances(db, SALES_MAX));
  await Promise.allSettled(
    open.map(async (id) => {
      const { waiting, entry } = await roomOf(env, id, memberId);
      await waiting.submit({ kind: "leave", entry });
    }),
  );
}
