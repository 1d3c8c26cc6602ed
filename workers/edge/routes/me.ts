/** The signed-in member's own account: profile, password, sign-ins, and leaving for good. */
import { createRoute, z } from "@hono/zod-openapi";
import { afterAnswer } from "../after-answer.ts";
import { limitAttempts } from "../auth/attempts.ts";
import { clearSessionCookies } from "../auth/cookies.ts";
import { publicOrigin } from "../auth/links.ts";
import { hashPassword, verifyPassword } from "../auth/password.ts";
import type { App, AppContext, Role } from "../context.ts";
import { leaveQueues } from "../gate/leave-queues.ts";
import { body, done, ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { line, password } from "../text-input.ts";
import { sendMail } from "../../mail/mail.ts";
import { auditInsert, type AuditEntry } from "../../records/audit.ts";
import { isRecordsUnavailable, readRecords, withRecords } from "../../records/database.ts";
import { changeMember, changePassword, memberById, type MemberRow } from "../../records/members.ts";
import { revokeFamilies } from "../../records/refresh-tokens.ts";
import { languages, roles } from "../../records/schema/members.ts";
import type { Language } from "../../records/schema/members.ts";
import { eraseMember, obligationsOf } from "../../records/withdrawal.ts";

export const memberSchema = z
  .object({
    id: z.uuid(),
    /** null only while the records cannot be reached: tokens hold no address. */
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    nickname: z.string(),
    role: z.enum(roles),
    /** Of mails; null while the records cannot be reached. */
    language: z.enum(languages).nullable(),
  })
  .openapi("Member");

export interface MemberView {
  readonly id: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly nickname: string;
  readonly role: Role;
  readonly language: Language | null;
}

type Known = Pick<MemberRow, "id" | "email" | "nickname" | "role" | "language" | "emailVerifiedAt">;

/** Names each field, so that a row's other columns can never leave by accident. */
export function memberView({ id, email, nickname, role, language, emailVerifiedAt }: Known): MemberView {
  return { id, email, emailVerified: emailVerifiedAt !== null, nickname, role, language };
}

/** As far as a token tells, while the records cannot be reached. */
export function viewOfToken({ id, role, nickname, verified }: AppContext["var"]["member"]): MemberView {
  return { id, email: null, emailVerified: verified === true, nickname: nickname ?? "", role, language: null };
}

const currentPassword = z.string().min(1).max(1_000);

const meRoute = createRoute({
  method: "get",
  path: "/api/me",
  responses: ok(z.object({ member: memberSchema }), "Who is signed in"),
});

const changeRoute = createRoute({
  method: "patch",
  path: "/api/me",
  request: {
    body: body(z.strictObject({ nickname: line(1, 40).optional(), language: z.enum(languages).optional() })),
  },
  responses: ok(z.object({ member: memberSchema }), "The changed profile; renew the sign-in to have it in the token"),
});

const passwordRoute = createRoute({
  method: "post",
  path: "/api/me/password",
  request: { body: body(z.object({ current: currentPassword, password })) },
  responses: done("The new password holds; every other sign-in has ended"),
});

const signOutRoute = createRoute({
  method: "post",
  path: "/api/me/sign-out-everywhere",
  responses: done("Every sign-in has ended, this one too"),
});

const withdrawRoute = createRoute({
  method: "post",
  path: "/api/me/withdrawal",
  request: { body: body(z.object({ password: currentPassword })) },
  responses: done("The account is gone. Orders and books keep a number that refers to nobody"),
});

export function registerMe(app: App): void {
  app.openapi(meRoute, async (c) => {
    const known = await readRecords(c.env, (db) => memberById(db, c.var.member.id)).catch((error: unknown) => {
      if (isRecordsUnavailable(error)) return "away" as const;
      throw error;
    });
    if (known === "away") return c.json({ member: viewOfToken(c.var.member) }, 200);
    if (known === null || known.withdrawnAt !== null) throw new Problem("token-invalid");
    return c.json({ member: memberView(known) }, 200);
  });

  app.openapi(changeRoute, async (c) => {
    const { nickname, language } = c.req.valid("json");
    const change = { ...(nickname === undefined ? {} : { nickname }), ...(language === undefined ? {} : { language }) };
    const changed = await withRecords(c.env, (db) =>
      changeMember(db, c.var.member.id, { ...change, updatedAt: new Date() }),
    );
    if (changed === null) throw new Problem("token-invalid");
    return c.json({ member: memberView(changed) }, 200);
  });

  app.openapi(passwordRoute, async (c) => {
    const { current, password: secret } = c.req.valid("json");
    const known = await proven(c, current);
    const passwordHash = await hashPassword(secret);
    const session = c.var.member.session ?? null;
    const audit = entry(c, "member.password-changed");
    await withRecords(c.env, (db) =>
      changePassword(db, { id: known.id, passwordHash, session, now: new Date() }, audit),
    );
    const values = { nickname: known.nickname, link: `${publicOrigin(c)}/forgot` };
    const mail = { to: known.email, language: known.language, kind: "password-changed", values } as const;
    afterAnswer(c, "password-changed", sendMail(c.env, mail));
    return c.body(null, 204);
  });

  app.openapi(signOutRoute, async (c) => {
    const audit = entry(c, "member.signed-out-everywhere");
    await withRecords(c.env, (db) =>
      db.batch([revokeFamilies(db, c.var.member.id, new Date()), auditInsert(db, audit)]),
    );
    clearSessionCookies(c);
    return c.body(null, 204);
  });

  app.openapi(withdrawRoute, async (c) => {
    const known = await proven(c, c.req.valid("json").password);
    const now = new Date();
    const obligations = await readRecords(c.env, (db) => obligationsOf(db, known.id, now));
    if (Object.values(obligations).some((n) => n > 0)) {
      throw new Problem("withdrawal-blocked", { evidence: { ...obligations } });
    }
    await withRecords(c.env, (db) => eraseMember(db, known.id, now, entry(c, "member.withdrawn")));
    clearSessionCookies(c);
    afterAnswer(c, "withdrawal", leaveQueues(c.env, known.id));
    const values = { nickname: known.nickname };
    afterAnswer(
      c,
      "withdrawal",
      sendMail(c.env, { to: known.email, language: known.language, kind: "withdrawn", values }),
    );
    return c.body(null, 204);
  });
}

/** The member, who has just shown to know the password: a page left open must not be enough. */
async function proven(c: AppContext, secret: string): Promise<MemberRow> {
  const { id } = c.var.member;
  await limitAttempts(c, id);
  const known = await readRecords(c.env, (db) => memberById(db, id));
  if (known === null || known.withdrawnAt !== null) throw new Problem("token-invalid");
  const { matches } = await verifyPassword(secret, known.passwordHash);
  if (!matches) throw new Problem("password-wrong");
  return known;
}

function entry(c: AppContext, action: string): AuditEntry {
  return { performanceId: null, actor: c.var.member.id, action, detail: {} };
}
