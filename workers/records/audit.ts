/** The audit log: inserts and reads, never an update (triggers would refuse one). */
import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import { z } from "zod";
import type { Page, Position } from "./cursor.ts";
import { pageOf } from "./cursor.ts";
import type { Records } from "./database.ts";
import { auditChain, auditLog, members } from "./schema.ts";

export interface AuditEntry {
  readonly performanceId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type AuditRow = typeof auditLog.$inferSelect;

/** The insert itself, not yet sent: it can join a batch, so that an action and its entry are one transaction. */
export function auditInsert(db: Records, entry: AuditEntry) {
  return db.insert(auditLog).values(entry);
}

export async function writeAudit(db: Records, entry: AuditEntry): Promise<void> {
  await auditInsert(db, entry);
}

export interface AuditSeal {
  readonly position: number;
  /** null: the entry is gone. */
  readonly line: string | null;
  readonly hash: string;
}

/** Entries with their seals from a position on, as dev/audit-chain.ts checks them. */
export async function exportAudit(db: Records, after: number, limit: number): Promise<readonly AuditSeal[]> {
  const { rows } = await db.execute(sql`
    select c.position::int as position, case when e.id is not null then audit_line(e) end as line, c.hash from ${auditChain} c
    left join ${auditLog} e on e.id = c.audit_id where c.position > ${after} order by c.position limit ${limit}`);
  return z.array(seal).parse(rows);
}

const seal = z.object({ position: z.number(), line: z.string().nullable(), hash: z.string() });

/** Which keys sign and verify: each of them is in the log from the first time it is used. The ids are public. */
export async function noteKeys(db: Records, keys: readonly { readonly purpose: string; readonly kid: string }[]) {
  await db.execute(sql`
    insert into ${auditLog} (actor, action, detail)
    select 'edge', 'key.in-use', jsonb_build_object('purpose', k.purpose, 'kid', k.kid)
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(purpose text, kid text)
    where not exists (select 1 from ${auditLog} a where a.action = 'key.in-use'
      and a.detail = jsonb_build_object('purpose', k.purpose, 'kid', k.kid))`);
}

/** Newest first, each with what whoever did it is called now. */
export async function listAudit(
  db: Records,
  performanceId: string,
  after: Position | null,
  limit: number,
): Promise<Page<AuditRow & { readonly actorName: string | null }>> {
  const before =
    after === null
      ? undefined
      : sql`(${auditLog.at}, ${auditLog.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::bigint)`;
  const member = sql`case when ${auditLog.actor} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${auditLog.actor}::uuid end`;
  const rows = await db
    .select({ ...getTableColumns(auditLog), actorName: sql<string | null>`nullif(${members.nickname}, '')` })
    .from(auditLog)
    .leftJoin(members, eq(members.id, member))
    .where(and(eq(auditLog.performanceId, performanceId), before))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ at, id }) => ({ at, id: String(id) }));
}
