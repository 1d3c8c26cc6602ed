/** What there is about a member, for the member: the account, where it is signed in, orders and tickets. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Order } from "../../../durable-objects/performance/contract.ts";
import { writeAudit } from "../../records/audit.ts";
import { withRecords, type Records } from "../../records/database.ts";
import { memberById } from "../../records/members.ts";
import { listOrders } from "../../records/orders.ts";
import type { Position } from "../../records/cursor.ts";
import { readCursor } from "../../records/cursor.ts";
import { readOwnTraces } from "../../records/own-data.ts";
import type { App } from "../context.ts";
import { momentSchema, ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { viewOrder } from "./views.ts";

const PAGE = 100;

const dataSchema = z
  .object({
    account: z.object({
      id: z.uuid(),
      email: z.string(),
      nickname: z.string(),
      language: z.string(),
      role: z.string(),
      emailVerifiedAt: momentSchema.nullable(),
      createdAt: momentSchema,
    }),
    signIns: z.array(z.object({ begunAt: momentSchema, until: momentSchema, ended: z.boolean() })),
    organisations: z.array(z.object({ name: z.string(), role: z.string() })),
    orders: z.array(z.looseObject({})),
    tickets: z.array(z.object({ id: z.string(), orderId: z.string(), status: z.string(), issuedAt: momentSchema })),
    audit: z.array(z.object({ action: z.string(), at: momentSchema })),
  })
  .openapi("OwnData");

const dataRoute = createRoute({
  method: "get",
  path: "/api/me/data",
  responses: ok(dataSchema, "Everything that is kept about the member, as a file"),
});

export function registerMyData(app: App): void {
  app.openapi(dataRoute, async (c) => {
    const { id } = c.var.member;
    const data = await withRecords(c.env, async (db) => {
      const known = await memberById(db, id);
      if (known === null || known.withdrawnAt !== null) throw new Problem("token-invalid");
      const traces = await readOwnTraces(db, id);
      const orders = await allOrders(db, id);
      await writeAudit(db, { performanceId: null, actor: id, action: "member.data-exported", detail: {} });
      return { known, traces, orders };
    });
    const { known, traces, orders } = data;
    const { email, nickname, language, role, emailVerifiedAt, createdAt } = known;
    const account = { id, email, nickname, language, role };
    c.header("content-disposition", 'attachment; filename="ticketping.json"');
    c.header("cache-control", "no-store");
    return c.json(
      {
        account: {
          ...account,
          emailVerifiedAt: emailVerifiedAt?.toISOString() ?? null,
          createdAt: createdAt.toISOString(),
        },
        ...traces,
        orders: orders.map(viewOrder),
      },
      200,
    );
  });
}

async function allOrders(db: Records, memberId: string): Promise<readonly Order[]> {
  const found: Order[] = [];
  for (let after: Position | null | undefined; after !== null;) {
    const page: Awaited<ReturnType<typeof listOrders>> = await listOrders(db, memberId, after ?? null, PAGE);
    found.push(...page.items);
    after = page.nextCursor === null ? null : readCursor(page.nextCursor);
  }
  return found;
}
