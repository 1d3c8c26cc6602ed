/**
 * Whose performance it is. Organisers see and touch their own rows, admins everybody's; a foreign one is not found, so
 * that ids tell nothing.
 */
import type { AppContext, Member } from "../../context.ts";
import { Problem } from "../../problem.ts";
import { StaleCache } from "../../stale-cache.ts";
import { withRecords } from "../../../records/database.ts";
import type { AuditEntry } from "../../../records/audit.ts";
import { readPerformance } from "../../../records/drafts.ts";
import type { PerformanceRow, Scope } from "../../../records/drafts.ts";

export const scopeOf = ({ id, role }: Member): Scope => (role === "admin" ? null : id);

export async function ownPerformance(c: AppContext, id: string): Promise<PerformanceRow> {
  const row = await withRecords(c.env, (db) => readPerformance(db, scopeOf(c.var.member), id));
  if (row === null) throw new Problem("not-found");
  return row;
}

const owners = new StaleCache<true>({ freshMs: 60_000, staleMs: 3_600_000, entries: 1_000 });

/**
 * Whether the member may operate a running sale. Remembered, and for admins not asked at all, because a sale must be
 * possible to pause while Postgres is down.
 */
export async function mayOperate(c: AppContext, id: string): Promise<void> {
  const { member: operator } = c.var;
  if (operator.role === "admin") return;
  await owners.get(`${operator.id} ${id}`, async () => {
    await ownPerformance(c, id);
    return true;
  });
}

export function auditEntry(
  c: AppContext,
  action: string,
  performanceId: string | null,
  detail: Readonly<Record<string, unknown>> = {},
): AuditEntry {
  return { performanceId, actor: c.var.member.id, action, detail };
}
