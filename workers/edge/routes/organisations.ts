/** Organisations: asking for one, who belongs to it, invitations by mail. */
import { randomBytes } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import { limitAttempts } from "../auth/attempts.ts";
import { hashOfLink, linkToken, publicOrigin } from "../auth/links.ts";
import type { App, AppContext } from "../context.ts";
import { body, created, done, idParameter, idSchema, momentSchema, ok } from "../openapi.ts";
import { languageOf, Problem } from "../problem.ts";
import { emailAddress, line } from "../text-input.ts";
import { sendMail } from "../../mail/mail.ts";
import type { AuditEntry } from "../../records/audit.ts";
import { readRecords, withRecords } from "../../records/database.ts";
import { memberByEmail, memberById } from "../../records/members.ts";
import {
  acceptInvitation,
  changeBelonging,
  countInvitations,
  countPending,
  createInvitation,
  createOrganisation,
  membersOf,
  organisationsOf,
  readInvitation,
  type Belonging,
} from "../../records/organisations.ts";
import { organisationRoles, organisationStatuses } from "../../records/schema/organisations.ts";

const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;
/** Of one member, undecided at a time. */
const PENDING_MAX = 3;
/** Of one organisation in a day. */
const INVITATIONS_MAX = 50;

const role = z.enum(organisationRoles);
const organisationSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(organisationStatuses),
    /** What the asking member is in it. */
    role,
    createdAt: momentSchema,
  })
  .openapi("Organisation");
const memberSchema = z.object({ id: z.uuid(), nickname: z.string(), email: z.string(), role });

const listRoute = createRoute({
  method: "get",
  path: "/api/organisations",
  responses: ok(z.object({ items: z.array(organisationSchema) }), "The organisations the member belongs to"),
});

const askRoute = createRoute({
  method: "post",
  path: "/api/organisations",
  request: { body: body(z.strictObject({ name: line(1, 80) })) },
  responses: created(z.object({ organisation: organisationSchema }), "It waits for an admin's approval"),
});

const membersRoute = createRoute({
  method: "get",
  path: "/api/organisations/{id}/members",
  request: { params: idParameter },
  responses: ok(z.object({ items: z.array(memberSchema) }), "Who belongs to it, for its owners"),
});

const memberParameters = idParameter.extend({ memberId: idSchema });

const changeRoute = createRoute({
  method: "put",
  path: "/api/organisations/{id}/members/{memberId}",
  request: { params: memberParameters, body: body(z.strictObject({ role })) },
  responses: done("The member's part is another now"),
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/organisations/{id}/members/{memberId}",
  request: { params: memberParameters },
  responses: done("The member belongs to it no more. Owners remove anybody, everybody themselves"),
});

const inviteRoute = createRoute({
  method: "post",
  path: "/api/organisations/{id}/invitations",
  request: { params: idParameter, body: body(z.strictObject({ email: emailAddress, role })) },
  responses: done("An invitation is in the mail, whether or not the address has an account"),
});

const acceptRoute = createRoute({
  method: "post",
  path: "/api/invitations/accept",
  request: { body: body(z.strictObject({ token: linkToken })) },
  responses: ok(
    z.object({ organisation: z.string(), role }),
    "Belongs to it now; renew the sign-in to have it in the token",
  ),
});

export function registerOrganisations(app: App): void {
  app.openapi(listRoute, async (c) => {
    const mine = await readRecords(c.env, (db) => organisationsOf(db, c.var.member.id));
    return c.json({ items: mine.map(view) }, 200);
  });

  app.openapi(askRoute, async (c) => {
    const { name } = c.req.valid("json");
    const draft = { id: crypto.randomUUID(), name, createdBy: c.var.member.id };
    const organisation = await withRecords(c.env, async (db) => {
      if ((await countPending(db, draft.createdBy)) >= PENDING_MAX) throw new Problem("rate-limited");
      return createOrganisation(db, draft, entry(c, "organisation.requested", { organisationId: draft.id, name }));
    });
    if (organisation === null) throw new Error("an insert returned no row");
    return c.json({ organisation: view({ organisation, role: "owner" }) }, 201);
  });

  app.openapi(membersRoute, async (c) => {
    const { id } = c.req.valid("param");
    await owned(c, id);
    const items = await readRecords(c.env, (db) => membersOf(db, id));
    return c.json({ items: [...items] }, 200);
  });

  app.openapi(changeRoute, async (c) => {
    const { id, memberId } = c.req.valid("param");
    await owned(c, id);
    await belong(c, { organisationId: id, memberId, role: c.req.valid("json").role });
    return c.body(null, 204);
  });

  app.openapi(removeRoute, async (c) => {
    const { id, memberId } = c.req.valid("param");
    if (memberId === c.var.member.id) await belonging(c, id);
    else await owned(c, id);
    await belong(c, { organisationId: id, memberId, role: null });
    return c.body(null, 204);
  });

  app.openapi(inviteRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { organisation } = await owned(c, id);
    if (organisation.status !== "approved") throw new Problem("organisation-not-approved");
    await invite(c, { id, name: organisation.name }, c.req.valid("json"));
    return c.body(null, 204);
  });

  app.openapi(acceptRoute, async (c) => {
    await limitAttempts(c, "links");
    const hash = hashOfLink(c.req.valid("json").token);
    const { id: memberId } = c.var.member;
    return withRecords(c.env, async (db) => {
      const invitation = await readInvitation(db, hash, new Date());
      if (invitation === null) throw new Problem("link-invalid");
      const known = await memberById(db, memberId);
      if (known?.emailKey !== invitation.emailKey) throw new Problem("invitation-for-another");
      const { organisationId, organisation, role: part } = invitation;
      const audit = entry(c, "organisation.joined", { organisationId, role: part });
      if (!(await acceptInvitation(db, hash, memberId, audit))) throw new Problem("link-invalid");
      return c.json({ organisation, role: part }, 200);
    });
  });
}

function view({ organisation: { id, name, status, createdAt }, role: part }: Belonging) {
  return { id, name, status, role: part, createdAt: createdAt.toISOString() };
}

/** The member's part in it; an organisation one has no part in does not exist. */
async function belonging(c: AppContext, id: string): Promise<Belonging> {
  const mine = await readRecords(c.env, (db) => organisationsOf(db, c.var.member.id));
  const found = mine.find(({ organisation }) => organisation.id === id);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

async function owned(c: AppContext, id: string): Promise<Belonging> {
  const found = await belonging(c, id);
  if (found.role !== "owner") throw new Problem("role-required");
  return found;
}

async function belong(c: AppContext, change: Parameters<typeof changeBelonging>[1]): Promise<void> {
  const audit = entry(c, change.role === null ? "organisation.left" : "organisation.role-changed", { ...change });
  await withRecords(c.env, async (db) => {
    const there = (await membersOf(db, change.organisationId)).some(({ id }) => id === change.memberId);
    if (!there) throw new Problem("not-found");
    if (!(await changeBelonging(db, change, audit))) throw new Problem("last-owner");
  });
}

async function invite(
  c: AppContext,
  organisation: { readonly id: string; readonly name: string },
  { email, role: part }: { readonly email: { email: string; key: string }; readonly role: Belonging["role"] },
): Promise<void> {
  const now = Date.now();
  const token = randomBytes(32).toString("base64url");
  const hash = hashOfLink(token);
  const { id: organisationId, name } = organisation;
  const known = await withRecords(c.env, async (db) => {
    if ((await countInvitations(db, organisationId, new Date(now - DAY_MS))) >= INVITATIONS_MAX)
      throw new Problem("rate-limited", { retryAfterSeconds: 3_600 });
    const expiresAt = new Date(now + INVITATION_DAYS * DAY_MS);
    const draft = { hash, organisationId, emailKey: email.key, role: part, invitedBy: c.var.member.id, expiresAt };
    await createInvitation(db, draft, entry(c, "organisation.invited", { organisationId, role: part }));
    return memberByEmail(db, email.key);
  });
  const link = `${publicOrigin(c)}/invitation#${token}`;
  const mail = sendMail(c.env, {
    to: email.email,
    // Somebody without an account is written to in the language of who invites.
    language: known?.language ?? languageOf(c.req.header("accept-language")),
    kind: "invitation",
    values: { organisation: name, role: part, link, days: INVITATION_DAYS },
    id: hash,
  });
  // Waited for, so that who invites is told when nothing left. Known and unknown addresses take the same road.
  if (!(await mail).sent) throw new Problem("mail-unavailable", { retryAfterSeconds: 30 });
}

function entry(c: AppContext, action: string, detail: Readonly<Record<string, unknown>>): AuditEntry {
  return { performanceId: null, actor: c.var.member.id, action, detail };
}
