/** The signed-in member's own profile. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App, Role } from "../context.ts";
import { ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { isRecordsUnavailable, withRecords } from "../../records/database.ts";
import { memberById } from "../../records/members.ts";
import { roles } from "../../records/schema/members.ts";

export const memberSchema = z
  .object({
    id: z.uuid(),
    /** null only while the records cannot be reached: tokens hold no address. */
    email: z.string().nullable(),
    nickname: z.string(),
    role: z.enum(roles),
  })
  .openapi("Member");

export interface MemberView {
  readonly id: string;
  readonly email: string | null;
  readonly nickname: string;
  readonly role: Role;
}

/** Names each field, so that a row's other columns can never leave by accident. */
export function memberView({ id, email, nickname, role }: MemberView): MemberView {
  return { id, email, nickname, role };
}

const meRoute = createRoute({
  method: "get",
  path: "/api/me",
  responses: ok(z.object({ member: memberSchema }), "Who is signed in"),
});

export function registerMe(app: App): void {
  app.openapi(meRoute, async (c) => {
    const { id, role, nickname } = c.var.member;
    const known = await withRecords(c.env, (db) => memberById(db, id)).catch((error: unknown) => {
      if (isRecordsUnavailable(error)) return { id, email: null, nickname: nickname ?? "", role };
      throw error;
    });
    if (known === null) throw new Problem("token-invalid");
    return c.json({ member: memberView(known) }, 200);
  });
}
