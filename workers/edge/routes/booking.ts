/** What a booking pass opens: the seats of a schedule, holds, placing an order. The chart itself is public. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { idempotencyKey } from "../gate/idempotency.ts";
import { anyBookingLobby, answered, granted, overloaded, roomOf } from "../gate/room.ts";
import { Problem, problemOfRefusal } from "../problem.ts";
import { performanceParams } from "./queue.ts";
import { iso, viewHold, viewOrder } from "./views.ts";

const scheduleParams = performanceParams.extend({ scheduleId: z.string().min(1).max(64) });
const some = z.looseObject({});
const json = { "application/json": { schema: some } };

const chartRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/schedules/{scheduleId}/chart",
  tags: ["seats"],
  request: {
    params: scheduleParams,
    /** Of which version of the chart the caller has heard: it gets this one or a newer. */
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
  },
  responses: { 200: { description: "The chart and prices of a schedule.", content: json } },
});

const seatsRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/schedules/{scheduleId}/seats",
  tags: ["seats"],
  request: { params: scheduleParams },
  responses: { 200: { description: "The state of every seat, with a version.", content: json } },
});

const count = z.int().min(1).max(1_000);
const price = z.int().min(0).max(1_000_000_000);

/** Seats and places of zones, or the best there is: one or the other. */
const holdInput = z
  .strictObject({
    scheduleId: z.string().min(1).max(64),
    seats: z.array(z.string().min(1).max(64)).max(1_000).exactOptional(),
    zones: z
      .array(z.strictObject({ zone: z.string().min(1).max(64), count }))
      .max(50)
      .exactOptional(),
    best: z
      .strictObject({
        count,
        grade: z.string().min(1).max(64).exactOptional(),
        minPrice: price.exactOptional(),
        maxPrice: price.exactOptional(),
      })
      .exactOptional(),
    addTo: z.string().min(1).max(64).exactOptional(),
    code: z.string().min(1).max(64).exactOptional(),
    accessible: z.boolean().exactOptional(),
  })
  .refine(({ seats, zones, best }) => best === undefined || (seats === undefined && zones === undefined), {
    path: ["best"],
    message: "is instead of seats and zones, not beside them",
  })
  .refine(({ seats, zones, best }) => best !== undefined || seats !== undefined || zones !== undefined, {
    path: ["seats"],
    message: "is missing, and so are zones and best",
  })
  .openapi("HoldWish");

const holdRoute = createRoute({
  method: "post",
  path: "/api/performances/{id}/holds",
  tags: ["seats"],
  request: {
    params: performanceParams,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: holdInput,
        },
      },
    },
  },
  responses: { 201: { description: "The seats are set aside: all of them or none.", content: json } },
});

const holdsRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/holds",
  tags: ["seats"],
  request: { params: performanceParams },
  responses: { 200: { description: "The member's own holds.", content: json } },
});

const releaseRoute = createRoute({
  method: "delete",
  path: "/api/performances/{id}/holds/{holdId}",
  tags: ["seats"],
  request: { params: performanceParams.extend({ holdId: z.string().min(1).max(64) }) },
  responses: { 204: { description: "Released." } },
});

const orderRoute = createRoute({
  method: "post",
  path: "/api/performances/{id}/orders",
  tags: ["orders"],
  request: {
    params: performanceParams,
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ holdId: z.string().min(1).max(64) }) } },
    },
  },
  responses: { 201: { description: "An order at the server's price, with its time to pay.", content: json } },
});

export function registerBooking(app: App): void {
  app.openapi(chartRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    const { version } = c.req.valid("query");
    const view = await (await anyBookingLobby(c.env, id)).schedule(scheduleId, version);
    if (view === null) throw new Problem("unknown-schedule");
    const body = { ...view, startsAt: iso(view.startsAt) };
    // One that is older than what was asked for is on its way to be replaced.
    const good = version === undefined || view.chartVersion >= version;
    return c.json(body, 200, { "cache-control": good ? "public, max-age=60" : "no-store" });
  });

  app.openapi(seatsRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const reply = await room.booking.seats(scheduleId, room.entry);
    if (reply === null) throw overloaded();
    if (!reply.ok) throw problemOfRefusal(reply.refusal);
    const { snapshot } = reply;
    return c.json({ ...snapshot, sections: [...snapshot.sections], zones: [...snapshot.zones] }, 200, {
      "cache-control": "no-store",
    });
  });

  app.openapi(holdRoute, async (c) => {
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const key = idempotencyKey(c, "hold", body);
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const command = {
      kind: "hold",
      entry: room.entry,
      member: c.var.member.id,
      epoch: c.var.pass.epoch,
      ...body,
      key,
    } as const;
    const { hold, why } = granted(await room.booking.submit(command), "hold");
    const answer: Record<string, unknown> = { hold: viewHold(hold), ...(why === null ? {} : { why }) };
    return c.json(answer, 201);
  });

  app.openapi(holdsRoute, async (c) => {
    const { id } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const { holds } = granted(await room.booking.submit({ kind: "holds", member: c.var.member.id }), "holds");
    return c.json({ items: holds.map(viewHold) }, 200, { "cache-control": "no-store" });
  });

  app.openapi(releaseRoute, async (c) => {
    const { id, holdId } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    answered(await room.booking.submit({ kind: "release", member: c.var.member.id, holdId }));
    return c.body(null, 204);
  });

  app.openapi(orderRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { holdId } = c.req.valid("json");
    const key = idempotencyKey(c, "place-order", { holdId });
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const command = {
      kind: "place-order",
      entry: room.entry,
      member: c.var.member.id,
      epoch: c.var.pass.epoch,
      holdId,
      key,
    } as const;
    const { order } = granted(await room.booking.submit(command), "order");
    return c.json({ order: viewOrder(order) }, 201);
  });
}
