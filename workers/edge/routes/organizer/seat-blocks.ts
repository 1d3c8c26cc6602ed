/**
 * Seats an organiser keeps out of the sale, grants to whoever has a code, or frees again. The object decides and reports each
 * change to the audit log; the code itself is hashed here and is in no log, no answer and no storage.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { BlockView, SeatAction } from "../../../../durable-objects/performance/contract.ts";
import { codeHash } from "../../../../durable-objects/performance/seats/code.ts";
import type { App, AppContext } from "../../context.ts";
import { body, done, idParameter, idSchema, ok } from "../../openapi.ts";
import { askPerformance, commandPerformance } from "../../performance-object.ts";
import { Problem } from "../../problem.ts";
import { line } from "../../text-input.ts";
import { mayOperate } from "./access.ts";

const BASE = "/api/organizer/performances/{id}";
const seatId = z.string().min(1).max(64);
const seatIds = z.array(seatId).min(1).max(1_000);

const blockSchema = z
  .object({
    number: z.int(),
    scheduleId: z.string(),
    reason: z.string(),
    channel: z.string().nullable(),
    taken: z.int(),
    places: z.array(
      z.object({
        id: z.string(),
        section: z.string(),
        row: z.string(),
        label: z.string(),
        grade: z.string(),
        price: z.int(),
      }),
    ),
  })
  .openapi("SeatBlock");

const blockParams = idParameter.extend({
  block: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .openapi({ param: { name: "block", in: "path" } }),
});

const listRoute = createRoute({
  method: "get",
  path: `${BASE}/schedules/{scheduleId}/blocks`,
  tags: ["organiser seats"],
  request: {
    params: idParameter.extend({ scheduleId: idSchema.openapi({ param: { name: "scheduleId", in: "path" } }) }),
  },
  responses: ok(z.object({ items: z.array(blockSchema) }), "Blocks and allotments of a date"),
});

const blockRoute = createRoute({
  method: "post",
  path: `${BASE}/blocks`,
  tags: ["organiser seats"],
  request: {
    params: idParameter,
    body: body(
      z.strictObject({
        scheduleId: idSchema,
        reason: line(1, 200),
        seats: seatIds.exactOptional(),
        sections: z.array(seatId).min(1).max(50).exactOptional(),
        zones: z
          .array(z.strictObject({ zone: seatId, count: z.int().min(1).max(1_000) }))
          .min(1)
          .max(50)
          .exactOptional(),
      }),
    ),
  },
  responses: ok(z.object({ block: blockSchema }), "Out of the sale: all of these places, or none"),
});

const unblockRoute = createRoute({
  method: "post",
  path: `${BASE}/blocks/{block}/release`,
  tags: ["organiser seats"],
  request: { params: blockParams, body: body(z.strictObject({ seats: seatIds.exactOptional() })) },
  responses: ok(z.object({ block: blockSchema }), "Back into the sale: all its places, or those named"),
});

const grantRoute = createRoute({
  method: "put",
  path: `${BASE}/blocks/{block}/grant`,
  tags: ["organiser seats"],
  request: {
    params: blockParams,
    body: body(z.strictObject({ channel: line(1, 60).nullable(), code: line(8, 64).nullable() })),
  },
  responses: ok(z.object({ block: blockSchema }), "Granted to whoever has the code; without one, to nobody"),
});

const accessibleRoute = createRoute({
  method: "post",
  path: `${BASE}/accessible/release`,
  tags: ["organiser seats"],
  request: { params: idParameter },
  responses: done("The accessible seats are sold like all others from now on"),
});

export function registerSeatBlocks(app: App): void {
  app.openapi(listRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    await mayOperate(c, id);
    const blocks = await askPerformance(c.env, id, (object) => object.blocks(scheduleId), { repeatable: true });
    if (blocks === null) throw new Problem("unknown-schedule");
    return c.json({ items: blocks.map(shown) }, 200);
  });

  app.openapi(blockRoute, async (c) => {
    const action = { do: "block", ...c.req.valid("json") } as const;
    return c.json({ block: await act(c, c.req.valid("param").id, action) }, 200);
  });

  app.openapi(unblockRoute, async (c) => {
    const { id, block } = c.req.valid("param");
    return c.json({ block: await act(c, id, { do: "unblock", block, ...c.req.valid("json") }) }, 200);
  });

  app.openapi(grantRoute, async (c) => {
    const { id, block } = c.req.valid("param");
    const { channel, code } = c.req.valid("json");
    const hash = code === null ? null : codeHash(code);
    return c.json({ block: await act(c, id, { do: "grant", block, channel, codeHash: hash }) }, 200);
  });

  app.openapi(accessibleRoute, async (c) => {
    const { id } = c.req.valid("param");
    await mayOperate(c, id);
    const action = { do: "release-accessible" } as const;
    await commandPerformance(c, id, { kind: "operate", operator: c.var.member.id, action });
    return c.body(null, 204);
  });
}

async function act(c: AppContext, id: string, action: SeatAction) {
  await mayOperate(c, id);
  const reply = await commandPerformance(c, id, { kind: "operate", operator: c.var.member.id, action });
  if (reply.kind !== "block") throw new Error(`a block was expected, not ${reply.kind}`);
  return shown(reply.block);
}

/** The router's types want arrays they may change. */
function shown(block: BlockView) {
  return { ...block, places: [...block.places] };
}
