/** Confirming an e-mail address, and a new password for who has forgotten the old one: both by a link in a mail. */
import { createRoute, z } from "@hono/zod-openapi";
import { afterAnswer } from "../after-answer.ts";
import { limitAttempts } from "../auth/attempts.ts";
import { hashOfLink, linkToken, mailLink, publicOrigin } from "../auth/links.ts";
import { hashPassword } from "../auth/password.ts";
import type { App } from "../context.ts";
import { body, done } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { emailAddress, password } from "../text-input.ts";
import { mailIsOn, sendMail } from "../../mail/mail.ts";
import { writeAudit } from "../../records/audit.ts";
import { readRecords, withRecords } from "../../records/database.ts";
import { memberByEmail, memberById } from "../../records/members.ts";
import { confirmEmail, resetPassword, tokenWorks } from "../../records/member-tokens.ts";

const verifyRoute = createRoute({
  method: "post",
  path: "/api/auth/verify-email",
  request: { body: body(z.object({ token: linkToken })) },
  responses: done("The address is confirmed. Renew the sign-in to have it in the token"),
});

const resendRoute = createRoute({
  method: "post",
  path: "/api/me/verification-mail",
  responses: done("A new link is on its way; nothing is sent for an address that is confirmed already"),
});

const forgotRoute = createRoute({
  method: "post",
  path: "/api/auth/forgot-password",
  request: { body: body(z.object({ email: emailAddress })) },
  responses: done("If the address has an account, a link is on its way. The answer is the same if not"),
});

const resetRoute = createRoute({
  method: "post",
  path: "/api/auth/reset-password",
  request: { body: body(z.object({ token: linkToken, password })) },
  responses: done("The new password holds; every sign-in has ended"),
});

export function registerLinks(app: App): void {
  app.openapi(verifyRoute, async (c) => {
    await limitAttempts(c, "links");
    const hash = hashOfLink(c.req.valid("json").token);
    const confirmed = await withRecords(c.env, (db) => confirmEmail(db, hash, new Date()));
    if (!confirmed) throw new Problem("link-invalid");
    return c.body(null, 204);
  });

  app.openapi(resendRoute, async (c) => {
    const { id } = c.var.member;
    await limitAttempts(c, id);
    const known = await readRecords(c.env, (db) => memberById(db, id));
    if (known === null || known.withdrawnAt !== null) throw new Problem("token-invalid");
    if (known.emailVerifiedAt !== null) return c.body(null, 204);
    const outcome = await mailLink(c, known, "verify-email", new Date());
    if (outcome === "too-many") throw new Problem("rate-limited", { retryAfterSeconds: 3_600 });
    if (!outcome.sent) throw new Problem("mail-unavailable", { retryAfterSeconds: 30 });
    return c.body(null, 204);
  });

  app.openapi(forgotRoute, async (c) => {
    const { email } = c.req.valid("json");
    await limitAttempts(c, email.key);
    // Said to everybody alike, and before anything is looked up.
    if (!mailIsOn(c.env)) throw new Problem("mail-unavailable");
    const known = await readRecords(c.env, (db) => memberByEmail(db, email.key));
    // What only an existing account causes happens after the answer, where nobody can time it.
    if (known !== null) afterAnswer(c, "forgot-password", mailLink(c, known, "reset-password", new Date()));
    return c.body(null, 204);
  });

  app.openapi(resetRoute, async (c) => {
    const { token, password: secret } = c.req.valid("json");
    await limitAttempts(c, "links");
    const hash = hashOfLink(token);
    const works = await readRecords(c.env, (db) => tokenWorks(db, hash, "reset-password", new Date()));
    if (!works) throw new Problem("link-invalid");
    const passwordHash = await hashPassword(secret);
    const changed = await withRecords(c.env, async (db) => {
      const found = await resetPassword(db, hash, passwordHash, new Date());
      const audit = { performanceId: null, action: "member.password-reset", detail: {} };
      if (found !== null) await writeAudit(db, { ...audit, actor: found.id });
      return found;
    });
    if (changed === null) throw new Problem("link-invalid");
    const { email: to, nickname, language } = changed;
    const values = { nickname, link: `${publicOrigin(c)}/forgot` };
    afterAnswer(c, "reset-password", sendMail(c.env, { to, language, kind: "password-changed", values }));
    return c.body(null, 204);
  });
}
