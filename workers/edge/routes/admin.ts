/** What admins do: decide about organisations, and name other admins. */
import { createRoute, z } from "@hono/zod-openapi";
import { afterAnswer } from "../after-answer.ts";
import { publicOrigin } from "../auth/links.ts";
import type { App, AppContext } from "../context.ts";
import { body, idParameter, momentSchema, ok, pageQuery, pageSchema } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { emailAddress } from "../text-input.ts";
import { sendMail } from "../../mail/mail.ts";
import type { AuditEntry } from "../../records/audit.ts";
import { isUuid, readCursor } from "../../records/cursor.ts";
import { readRecords, withRecords } from "../../records/database.ts";
import { memberByEmail, memberById } from "../../records/members.ts";
import { decideOrganisation, listOrganisations, setAdmin } from "../../records/organisations.ts";
import type { OrganisationRow } from "../../records/organisations.ts";
import { roles } from "../../records/schema/members.ts";
import { organisationStatuses } from "../../records/schema/organisations.ts";

const status = z.enum(organisationStatuses);
const organisationSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    status,
    createdAt: momentSchema,
    decidedAt: momentSchema.nullable(),
  })
  .openapi("OrganisationCase");

const listRoute = createRoute({
  method: "get",
  path: "/api/admin/organisations",
  request: { query: pageQuery.extend({ status: status.optional() }) },
  responses: ok(
    pageSchema(
      organisationSchema.extend({ founder: z.string().openapi({ description: "E-mail of who asked for it" }) }),
    ),
    "Organisations, the newest first",
  ),
});

const decideRoute = createRoute({
  method: "post",
  path: "/api/admin/organisations/{id}/decision",
  request: {
    params: idParameter,
    body: body(z.strictObject({ status: z.enum(["approved", "rejected", "suspended"]) })),
  },
  responses: ok(z.object({ organisation: organisationSchema }), "Decided; who asked for it is told by mail"),
});

const adminRoute = createRoute({
  method: "post",
  path: "/api/admin/admins",
  request: { body: body(z.strictObject({ email: emailAddress, admin: z.boolean() })) },
  responses: ok(z.object({ id: z.uuid(), role: z.enum(roles) }), "What the member is from now on"),
});

export function registerAdmin(app: App): void {
  app.openapi(listRoute, async (c) => {
    const { cursor, limit, status: wanted } = c.req.valid("query");
    const after = readCursor(cursor, isUuid);
    const page = await readRecords(c.env, (db) => listOrganisations(db, wanted ?? null, after, limit));
    const items = page.items.map((row) => ({ ...view(row), founder: row.founder }));
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });

  app.openapi(decideRoute, async (c) => {
    const { id } = c.req.valid("param");
    const decision = { status: c.req.valid("json").status, by: c.var.member.id, now: new Date() };
    const audit = entry(c, `organisation.${decision.status}`, { organisationId: id });
    const organisation = await withRecords(c.env, (db) => decideOrganisation(db, id, decision, audit));
    if (organisation === null) throw new Problem("not-found");
    afterAnswer(c, "organisation-decided", tellFounder(c, organisation));
    return c.json({ organisation: view(organisation) }, 200);
  });

  app.openapi(adminRoute, async (c) => {
    const { email, admin } = c.req.valid("json");
    const changed = await withRecords(c.env, async (db) => {
      const known = await memberByEmail(db, email.key);
      if (known === null) throw wrong("there is no member with this address");
      // So that there is always one who can undo it.
      if (known.id === c.var.member.id) throw wrong("is your own: another admin has to do it");
      return setAdmin(db, { emailKey: email.key, admin }, entry(c, "member.admin-set", { memberId: known.id, admin }));
    });
    if (changed === null) throw wrong("there is no member with this address");
    return c.json({ id: changed.id, role: changed.role }, 200);
  });
}

function view({ id, name, status: now, createdAt, decidedAt }: OrganisationRow) {
  return { id, name, status: now, createdAt: createdAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null };
}

async function tellFounder(c: AppContext, { name, status: decided, createdBy }: OrganisationRow): Promise<void> {
  const founder = await readRecords(c.env, (db) => memberById(db, createdBy));
  if (founder === null || founder.withdrawnAt !== null || decided === "pending") return;
  const values = { organisation: name, status: decided, link: `${publicOrigin(c)}/organisations` };
  await sendMail(c.env, { to: founder.email, language: founder.language, kind: "organisation-decided", values });
}

function wrong(message: string): Problem {
  return new Problem("invalid-request", { errors: [{ field: "email", message }] });
}

function entry(c: AppContext, action: string, detail: Readonly<Record<string, unknown>>): AuditEntry {
  return { performanceId: null, actor: c.var.member.id, action, detail };
}
