/**
 * The records' copy of a chart that was changed while a date sold. Charts of halls stay as they are for ever; a new one is a
 * hall of its own, which only that date has (docs/decisions/0032-a-changed-chart-is-a-hall-of-its-own.md).
 */
import { and, eq, lt, sql } from "drizzle-orm";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { auditInsert, type AuditEntry } from "./audit.ts";
import type { Records } from "./database.ts";
import { halls, schedules } from "./schema.ts";

export interface NewChart {
  readonly id: string;
  readonly chart: Chart;
  readonly seats: number;
  readonly grades: readonly string[];
}

/**
 * Makes what the object has taken over under this version the date's chart. Of two that arrive in the wrong order the newer
 * one stays, and one that is here already changes nothing. The new hall has name, address and owner of the one before.
 */
export async function keepChart(
  db: Records,
  scheduleId: string,
  version: number,
  { id, chart, seats, grades }: NewChart,
  audit: AuditEntry,
): Promise<void> {
  const older = and(eq(schedules.id, scheduleId), lt(schedules.chartVersion, version));
  await db.batch([
    // Two at once wait for each other here.
    db.select({ id: schedules.id }).from(schedules).where(eq(schedules.id, scheduleId)).for("update"),
    db.execute(sql`
      insert into ${halls} (id, owner, organisation_id, name, address, time_zone, chart, seats, grades, revises)
      select ${id}::uuid, h.owner, h.organisation_id, h.name, h.address, h.time_zone, ${JSON.stringify(chart)}::jsonb,
        ${seats}::int, array(select jsonb_array_elements_text(${JSON.stringify(grades)}::jsonb)), coalesce(h.revises, h.id)
      from ${schedules} s join ${halls} h on h.id = s.hall_id where s.id = ${scheduleId}::uuid and s.chart_version < ${version}::int`),
    db.update(schedules).set({ hallId: id, chartVersion: version }).where(older),
    auditInsert(db, audit),
  ]);
}
