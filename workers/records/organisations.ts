/**
 * Organisations and who may do what in them. A member's own role (`organiser`) follows from belonging to an approved
 * organisation, and is written in the transaction that changes the belonging.
 */
import { and, asc, count, desc, eq, gt, inArray, lt, ne, sql } from "drizzle-orm";
import { auditInsert, type AuditEntry } from "./audit.ts";
import { pageOf, type Page, type Position } from "./cursor.ts";
import type { Records } from "./database.ts";
import { invitations, members, organisationMembers, organisations, performances } from "./schema.ts";
import type { OrganisationRole, OrganisationStatus, Role } from "./schema.ts";

export type OrganisationRow = typeof organisations.$inferSelect;

/** A member's part in the organisation of a performance, or null: none, or the organisation is not approved. */
export async function roleInPerformance(
  db: Records,
  memberId: string,
  performanceId: string,
): Promise<OrganisationRole | null> {
  const rows = await db
    .select({ role: organisationMembers.role })
    .from(performances)
    .innerJoin(organisations, eq(organisations.id, performances.organisationId))
    .innerJoin(organisationMembers, eq(organisationMembers.organisationId, organisations.id))
    .where(
      and(
        eq(performances.id, performanceId),
        eq(organisationMembers.memberId, memberId),
        eq(organisations.status, "approved"),
      ),
    )
    .limit(1);
  return rows[0]?.role ?? null;
}

export interface Belonging {
  readonly organisation: OrganisationRow;
  readonly role: OrganisationRole;
}

export async function organisationsOf(db: Records, memberId: string): Promise<readonly Belonging[]> {
  return db
    .select({ organisation: organisations, role: organisationMembers.role })
    .from(organisationMembers)
    .innerJoin(organisations, eq(organisations.id, organisationMembers.organisationId))
    .where(eq(organisationMembers.memberId, memberId))
    .orderBy(asc(organisations.createdAt), asc(organisations.id));
}

export async function readOrganisation(db: Records, id: string): Promise<OrganisationRow | null> {
  return (await db.select().from(organisations).where(eq(organisations.id, id)).limit(1))[0] ?? null;
}

/** For admins, the newest first; with a status, those of that status only. */
export async function listOrganisations(
  db: Records,
  status: OrganisationStatus | null,
  after: Position | null,
  limit: number,
): Promise<Page<OrganisationRow & { readonly founder: string }>> {
  const older =
    after === null
      ? undefined
      : sql`(${organisations.createdAt}, ${organisations.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
  const rows = await db
    .select({ organisation: organisations, founder: members.email })
    .from(organisations)
    .innerJoin(members, eq(members.id, organisations.createdBy))
    .where(and(status === null ? undefined : eq(organisations.status, status), older))
    .orderBy(desc(organisations.createdAt), desc(organisations.id))
    .limit(limit + 1);
  const flat = rows.map(({ organisation, founder }) => ({ ...organisation, founder }));
  return pageOf(flat, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

/** How many a member waits for an answer for. */
export async function countPending(db: Records, memberId: string): Promise<number> {
  const own = and(eq(organisations.createdBy, memberId), eq(organisations.status, "pending"));
  return (await db.select({ n: count() }).from(organisations).where(own))[0]?.n ?? 0;
}

export async function createOrganisation(
  db: Records,
  organisation: { readonly id: string; readonly name: string; readonly createdBy: string },
  audit: AuditEntry,
): Promise<OrganisationRow | null> {
  const { id: organisationId, createdBy: memberId } = organisation;
  const [rows] = await db.batch([
    db.insert(organisations).values(organisation).returning(),
    db.insert(organisationMembers).values({ organisationId, memberId, role: "owner" }),
    auditInsert(db, audit),
  ]);
  return rows[0] ?? null;
}

/** An admin's word. Null when there is no such organisation. */
export async function decideOrganisation(
  db: Records,
  id: string,
  decision: { readonly status: OrganisationStatus; readonly by: string; readonly now: Date },
  audit: AuditEntry,
): Promise<OrganisationRow | null> {
  const { status, by: decidedBy, now: decidedAt } = decision;
  const everybody = db
    .select({ id: organisationMembers.memberId })
    .from(organisationMembers)
    .where(eq(organisationMembers.organisationId, id));
  const [rows] = await db.batch([
    db.update(organisations).set({ status, decidedBy, decidedAt }).where(eq(organisations.id, id)).returning(),
    roleFollows(db, inArray(members.id, everybody)),
    auditInsert(db, audit),
  ]);
  return rows[0] ?? null;
}

export interface OrganisationMember {
  readonly id: string;
  readonly nickname: string;
  readonly email: string;
  readonly role: OrganisationRole;
}

export async function membersOf(db: Records, organisationId: string): Promise<readonly OrganisationMember[]> {
  return db
    .select({ id: members.id, nickname: members.nickname, email: members.email, role: organisationMembers.role })
    .from(organisationMembers)
    .innerJoin(members, eq(members.id, organisationMembers.memberId))
    .where(eq(organisationMembers.organisationId, organisationId))
    .orderBy(asc(organisationMembers.createdAt), asc(members.id));
}

/** True when another owner remains: asked within the statement that would take one away. */
const anotherOwner = (organisationId: string, memberId: string) => sql`exists (
  select 1 from ${organisationMembers} as other
  where other.organisation_id = ${organisationId}::uuid and other.role = 'owner' and other.member_id <> ${memberId}::uuid)`;

/** False when it is the last owner, or no member. The organisation's row is locked, so that two owners cannot go at once. */
export async function changeBelonging(
  db: Records,
  { organisationId, memberId, role }: { organisationId: string; memberId: string; role: OrganisationRole | null },
  audit: AuditEntry,
): Promise<boolean> {
  const their = and(
    eq(organisationMembers.organisationId, organisationId),
    eq(organisationMembers.memberId, memberId),
    role === "owner"
      ? undefined
      : sql`(${ne(organisationMembers.role, "owner")} or ${anotherOwner(organisationId, memberId)})`,
  );
  const [, rows] = await db.batch([
    db.select({ id: organisations.id }).from(organisations).where(eq(organisations.id, organisationId)).for("update"),
    role === null
      ? db.delete(organisationMembers).where(their).returning({ id: organisationMembers.memberId })
      : db.update(organisationMembers).set({ role }).where(their).returning({ id: organisationMembers.memberId }),
    roleFollows(db, eq(members.id, memberId)),
    auditInsert(db, audit),
  ]);
  return rows.length > 0;
}

export async function createInvitation(
  db: Records,
  invitation: typeof invitations.$inferInsert,
  audit: AuditEntry,
): Promise<void> {
  await db.batch([db.insert(invitations).values(invitation), auditInsert(db, audit)]);
}

export async function countInvitations(db: Records, organisationId: string, since: Date): Promise<number> {
  const recent = and(eq(invitations.organisationId, organisationId), gt(invitations.createdAt, since));
  return (await db.select({ n: count() }).from(invitations).where(recent))[0]?.n ?? 0;
}

export interface Invitation {
  readonly organisationId: string;
  readonly organisation: string;
  readonly emailKey: string;
  readonly role: OrganisationRole;
}

/** By the hash of the link's token; null where it is used, withdrawn or over. */
export async function readInvitation(db: Records, hash: string, now: Date): Promise<Invitation | null> {
  const rows = await db
    .select({
      organisationId: invitations.organisationId,
      organisation: organisations.name,
      emailKey: invitations.emailKey,
      role: invitations.role,
    })
    .from(invitations)
    .innerJoin(organisations, eq(organisations.id, invitations.organisationId))
    .where(and(eq(invitations.hash, hash), gt(invitations.expiresAt, now)))
    .limit(1);
  return rows[0] ?? null;
}

/** Uses it up, in one statement. Who belongs already keeps the role there is: an invitation takes nothing away. */
export async function acceptInvitation(
  db: Records,
  hash: string,
  memberId: string,
  audit: AuditEntry,
): Promise<boolean> {
  const [used] = await db.batch([
    db.execute(sql`
      with used as (
        delete from ${invitations} where hash = ${hash} returning organisation_id, role
      ), added as (
        insert into ${organisationMembers} (organisation_id, member_id, role)
        select organisation_id, ${memberId}::uuid, role from used on conflict do nothing
      )
      select organisation_id from used`),
    roleFollows(db, eq(members.id, memberId)),
    auditInsert(db, audit),
  ]);
  return used.rows.length > 0;
}

/** For the cron. */
export async function purgeInvitations(db: Records, now: Date): Promise<void> {
  await db.delete(invitations).where(lt(invitations.expiresAt, now));
}

/** An admin stays one; everybody else is an organiser exactly while they belong to an approved organisation. */
function roleFollows(db: Records, whom: ReturnType<typeof eq>) {
  const belongs = sql`exists (
    select 1 from ${organisationMembers} join ${organisations} on ${organisations.id} = ${organisationMembers.organisationId}
    where ${organisationMembers.memberId} = ${members.id} and ${organisations.status} = 'approved')`;
  return db
    .update(members)
    .set({ role: sql`case when ${belongs} then 'organiser' else 'member' end` })
    .where(and(whom, ne(members.role, "admin")));
}

/** Makes somebody an admin, or takes that away; what they are then follows from where they belong. Null: no such member. */
export async function setAdmin(
  db: Records,
  { emailKey, admin }: { readonly emailKey: string; readonly admin: boolean },
  audit: AuditEntry,
): Promise<{ readonly id: string; readonly role: Role } | null> {
  const whom = eq(members.emailKey, emailKey);
  const role = admin ? "admin" : "member";
  const [, , rows] = await db.batch([
    db.update(members).set({ role }).where(whom),
    roleFollows(db, whom),
    db.select({ id: members.id, role: members.role }).from(members).where(whom),
    auditInsert(db, audit),
  ]);
  return rows[0] ?? null;
}
