/** Webhooks of organisers, and what came of each try. */
import { and, asc, count, desc, eq, sql, type SQLWrapper } from "drizzle-orm";
import type { Page, Position } from "../cursor.ts";
import { pageOf } from "../cursor.ts";
import type { Records } from "../database.ts";
import { webhookDeliveries, webhooks } from "../schema.ts";

const WEBHOOKS_MAX = 10;

const shown = { id: webhooks.id, url: webhooks.url, createdAt: webhooks.createdAt };

export async function listWebhooks(db: Records, owner: string) {
  return db
    .select(shown)
    .from(webhooks)
    .where(and(eq(webhooks.owner, owner), eq(webhooks.enabled, true)))
    .orderBy(asc(webhooks.createdAt));
}

/**
 * Whether a webhook's owner may see a performance's orders at this moment: its organisation says, not who made it. Asked when a
 * notice comes about and again before every try, so that who was taken off an organisation hears nothing more of it.
 */
export function maySeeOrders(owner: SQLWrapper, performanceId: SQLWrapper) {
  return sql<boolean>`exists (
    select 1 from members seer where seer.id = ${owner} and seer.withdrawn_at is null and (seer.role = 'admin' or exists (
      select 1 from performances seen
        join organisations whose on whose.id = seen.organisation_id and whose.status = 'approved'
        join organisation_members part on part.organisation_id = whose.id and part.member_id = seer.id
      where seen.id = ${performanceId} and part.role in ('owner', 'editor'))))`;
}

/** null: there are as many as there may be. */
export async function createWebhook(db: Records, row: { id: string; owner: string; url: string; secret: string }) {
  const [there] = await db
    .select({ n: count() })
    .from(webhooks)
    .where(and(eq(webhooks.owner, row.owner), eq(webhooks.enabled, true)));
  if ((there?.n ?? 0) >= WEBHOOKS_MAX) return null;
  const [made] = await db.insert(webhooks).values(row).returning(shown);
  return made ?? null;
}

/** Its log stays; it is told nothing more. */
export async function removeWebhook(db: Records, owner: string, id: string): Promise<boolean> {
  const rows = await db
    .update(webhooks)
    .set({ enabled: false, secret: "" })
    .where(and(eq(webhooks.id, id), eq(webhooks.owner, owner), eq(webhooks.enabled, true)))
    .returning({ id: webhooks.id });
  return rows.length > 0;
}

export async function ownsWebhook(db: Records, owner: string, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.owner, owner)))
    .limit(1);
  return rows.length > 0;
}

/** The newest first. */
export async function listDeliveries(
  db: Records,
  webhookId: string,
  after: Position | null,
  limit: number,
): Promise<Page<typeof webhookDeliveries.$inferSelect>> {
  const before =
    after === null
      ? undefined
      : sql`(${webhookDeliveries.at}, ${webhookDeliveries.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
  const rows = await db
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.webhookId, webhookId), before))
    .orderBy(desc(webhookDeliveries.at), desc(webhookDeliveries.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
}
