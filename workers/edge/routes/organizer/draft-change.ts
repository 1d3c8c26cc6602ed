/**
 * Changing a draft that others may be changing too (decision 0059). Every change is made to the draft as it was read, or it
 * is not made: settings are merged one by one, and two merges at the same moment would lose one of them.
 */
import type { AppContext } from "../../context.ts";
import { Problem } from "../../problem.ts";
import { writeAudit } from "../../../records/audit.ts";
import { withRecords } from "../../../records/database.ts";
import { changeDraft, type PerformancePatch, type PerformanceRow } from "../../../records/drafts.ts";
import { auditEntry, ownPerformance } from "./access.ts";

/** Against changes of others that are quicker every time, there is no more to do than to say so. */
const TRIES = 5;

export interface DraftChange {
  readonly id: string;
  /** Names of what changes, for the log. */
  readonly fields: readonly string[];
  /** The `updatedAt` that the organiser saw, in milliseconds: who names it is refused when it has changed since. */
  readonly basedOn?: number | undefined;
  readonly columns: (before: PerformanceRow) => PerformancePatch;
}

/** @throws a problem: `not-found`, `published-differently`, or `draft-changed` when somebody else was quicker. */
export async function changeOwnDraft(c: AppContext, change: DraftChange): Promise<PerformanceRow> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await ownPerformance(c, change.id);
    if (before.publishingAt !== null || before.publishedAt !== null) throw new Problem("published-differently");
    const seen = before.updatedAt.getTime();
    if (change.basedOn !== undefined && change.basedOn !== seen) break;
    // Later than the one before, whatever the clocks say: it is what tells two versions apart.
    const columns = { ...change.columns(before), updatedAt: new Date(Math.max(Date.now(), seen + 1)) };
    const changed = await withRecords(c.env, async (db) => {
      const row = await changeDraft(db, change.id, columns, before.updatedAt);
      if (row !== null)
        await writeAudit(db, auditEntry(c, "performance.changed", change.id, { fields: change.fields }));
      return row;
    });
    if (changed !== null) return changed;
  }
  throw new Problem("draft-changed");
}
