/**
 * From conditions to what somebody is told: once when it begins, once an hour while it lasts, once when it is over. Pure;
 * what was told is kept in Postgres (table alerts), so that neither a restart nor another isolate tells it again.
 */
import type { AlertRow } from "../../records/alerts.ts";
import type { Condition } from "./conditions.ts";

const REMIND_MS = 60 * 60_000;
/** A condition that comes and goes is told again after this time at the earliest. */
const CALM_MS = 10 * 60_000;

export interface Notice {
  readonly state: "firing" | "resolved";
  readonly row: AlertRow;
}

export interface Plan {
  /** Rows as they are to be written before anybody is told. */
  readonly rows: readonly AlertRow[];
  /** Rows nobody needs any more. */
  readonly forgotten: readonly string[];
  readonly notices: readonly Notice[];
}

/** `silent`: performances that could not be asked. Nothing is over that nobody could look at. */
export function plan(
  known: readonly AlertRow[],
  conditions: readonly Condition[],
  silent: ReadonlySet<string>,
  now: Date,
): Plan {
  const rows = new Map<string, AlertRow>();
  const before = new Map(known.map((row) => [row.key, row]));
  for (const { key, performanceId, severity, title, detail } of conditions) {
    const old = before.get(key);
    const raisedAt = old === undefined || old.clearedAt !== null ? now : old.raisedAt;
    rows.set(key, {
      key,
      performanceId,
      severity,
      title,
      detail,
      raisedAt,
      toldAt: old?.toldAt ?? null,
      clearedAt: null,
    });
  }
  const forgotten: string[] = [];
  for (const row of known) {
    if (rows.has(row.key) || (row.performanceId !== null && silent.has(row.performanceId))) continue;
    const over = { ...row, clearedAt: row.clearedAt ?? now };
    const age = now.getTime() - over.clearedAt.getTime();
    // Kept for a while even if nobody heard of it this time: it may come again, and then is the same.
    if (row.toldAt === null || age > CALM_MS + tellingTime(over)) forgotten.push(row.key);
    else rows.set(row.key, over);
  }
  const list = Array.from(rows.values());
  const notices = list.flatMap((row): Notice[] => {
    if (row.clearedAt !== null) return resolutionIsDue(row) ? [{ state: "resolved", row }] : [];
    return firingIsDue(row, now) ? [{ state: "firing", row }] : [];
  });
  return { rows: list, forgotten, notices };
}

/** Somebody heard that it began. */
function wasTold(row: AlertRow): boolean {
  return row.toldAt !== null && row.toldAt >= row.raisedAt;
}

function resolutionIsDue(row: AlertRow): boolean {
  return row.clearedAt !== null && wasTold(row) && row.toldAt !== null && row.toldAt < row.clearedAt;
}

/** A message that could not be delivered is tried for a day. */
function tellingTime(row: AlertRow): number {
  return resolutionIsDue(row) ? 24 * 60 * 60_000 : 0;
}

function firingIsDue(row: AlertRow, now: Date): boolean {
  if (row.toldAt === null) return true;
  return now.getTime() - row.toldAt.getTime() >= (wasTold(row) ? REMIND_MS : CALM_MS);
}
