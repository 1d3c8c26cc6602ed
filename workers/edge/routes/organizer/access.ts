/**
 * Whose performance it is, and what a member may do with it. It belongs to an organisation; its owners and editors see
 * and touch it, its door staff let people in, admins may everything. A foreign one is not found, so that ids tell nothing.
 */
import type { AppContext, Member } from "../../context.ts";
import type { Environment } from "../../../environment.ts";
import { Problem } from "../../problem.ts";
import { StaleCache } from "../../stale-cache.ts";
import { readRecords } from "../../../records/database.ts";
import type { AuditEntry } from "../../../records/audit.ts";
import { readPerformance } from "../../../records/drafts.ts";
import type { PerformanceRow, Scope } from "../../../records/drafts.ts";
import { organisationsOf, readOrganisation, roleInPerformance } from "../../../records/organisations.ts";
import type { OrganisationRole } from "../../../records/schema/organisations.ts";

export const scopeOf = ({ id, role }: Member): Scope => (role === "admin" ? null : id);

export async function ownPerformance(c: AppContext, id: string): Promise<PerformanceRow> {
  const row = await readRecords(c.env, (db) => readPerformance(db, scopeOf(c.var.member), id));
  if (row === null) throw new Problem("not-found");
  return row;
}

/** `edit`: change it and run its sale. `door`: let people in. `read`: look at it, with its figures. */
export type Power = "edit" | "door" | "read";

const powers: Readonly<Record<OrganisationRole, ReadonlySet<Power>>> = {
  owner: new Set<Power>(["edit", "door", "read"]),
  editor: new Set<Power>(["edit", "door", "read"]),
  door: new Set<Power>(["door", "read"]),
};

const NOBODY = "nobody";
/** Short, because who was taken off an organisation is to be off; long while Postgres is away, because a sale goes on. */
const parts = new StaleCache<OrganisationRole | typeof NOBODY>({ freshMs: 10_000, staleMs: 3_600_000, entries: 1_000 });

/**
 * The one answer to what a member may do with a performance. Remembered for seconds, for up to an hour while Postgres is
 * down, and for admins not asked at all: a running sale must be possible to pause, and a door to pass, during an outage.
 */
async function mayDo(env: Environment, member: Member, performanceId: string, power: Power): Promise<boolean> {
  if (member.role === "admin") return true;
  const part = await partOf(env, member, performanceId);
  return part !== NOBODY && powers[part].has(power);
}

/** @throws a problem: `not-found` for who has no part in the performance, `role-required` for who has too small a one. */
export async function requirePower(c: AppContext, performanceId: string, power: Power): Promise<void> {
  const { member } = c.var;
  if (await mayDo(c.env, member, performanceId, power)) return;
  throw new Problem((await partOf(c.env, member, performanceId)) === NOBODY ? "not-found" : "role-required");
}

async function partOf(
  env: Environment,
  member: Member,
  performanceId: string,
): Promise<OrganisationRole | typeof NOBODY> {
  const key = `${member.id} ${performanceId}`;
  const part = await parts.get(key, async () => {
    const found = await readRecords(env, (db) => roleInPerformance(db, member.id, performanceId));
    return found ?? NOBODY;
  });
  // Whoever has just been given a part is not told for seconds that there is none.
  if (part === NOBODY) parts.forget(key);
  return part;
}

/** Whether the member may operate a running sale. */
export function mayOperate(c: AppContext, id: string): Promise<void> {
  return requirePower(c, id, "edit");
}

/** Which organisation a new hall or performance is for: the one named, or the only one the member edits. */
export async function organisationFor(c: AppContext, named: string | undefined): Promise<string> {
  const { id, role } = c.var.member;
  if (named !== undefined && role === "admin") {
    const known = await readRecords(c.env, (db) => readOrganisation(db, named));
    if (known?.status === "approved") return known.id;
  }
  const mine = (await readRecords(c.env, (db) => organisationsOf(db, id))).filter(
    ({ organisation, role: part }) => organisation.status === "approved" && powers[part].has("edit"),
  );
  const chosen = mine.filter(({ organisation }) => named === undefined || organisation.id === named);
  const [only, ...more] = chosen;
  if (only !== undefined && more.length === 0) return only.organisation.id;
  if (mine.length === 0 && named === undefined && role !== "admin") throw new Problem("role-required");
  const message = named === undefined ? "name one of your organisations" : "there is no such organisation";
  throw new Problem("invalid-request", { errors: [{ field: "organisationId", message }] });
}

export function auditEntry(
  c: AppContext,
  action: string,
  performanceId: string | null,
  detail: Readonly<Record<string, unknown>> = {},
): AuditEntry {
  return { performanceId, actor: c.var.member.id, action, detail };
}
