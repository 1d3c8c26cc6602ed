/** The waiting room's routes: join, look, leave, enter, and how the order comes about. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { setPassCookie, setTicketCookie } from "../gate/pass.ts";
import { firstBookingLobby, answered, granted, overloaded, roomOf } from "../gate/room.ts";
import { signPass, signReceipt, signTicket } from "../gate/tokens.ts";
import { Problem, problemOfRefusal } from "../problem.ts";
import type { Environment } from "../../environment.ts";
import { isUuid } from "../../records/cursor.ts";
import { withRecords } from "../../records/database.ts";
import { readKeptDraw, readSealedSegment } from "../../records/sale-copies.ts";
import { iso, viewDraw } from "./views.ts";

export const performanceParams = z.object({ id: z.string().min(1).max(64) });

const state = z.looseObject({}).openapi("QueueState");
const json = <Schema extends z.ZodType>(schema: Schema) => ({ "application/json": { schema } });

const joinRoute = createRoute({
  method: "post",
  path: "/api/performances/{id}/queue",
  tags: ["queue"],
  request: { params: performanceParams },
  responses: {
    200: { description: "The member's place and queue ticket; joining again answers the same.", content: json(state) },
  },
});

const lookRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/queue",
  tags: ["queue"],
  request: { params: performanceParams },
  responses: { 200: { description: "The member's state in the queue.", content: json(state) } },
});

const leaveRoute = createRoute({
  method: "delete",
  path: "/api/performances/{id}/queue",
  tags: ["queue"],
  request: { params: performanceParams },
  responses: { 204: { description: "Left the queue, or gave the slot up." } },
});

const enterRoute = createRoute({
  method: "post",
  path: "/api/performances/{id}/enter",
  tags: ["queue"],
  request: { params: performanceParams },
  responses: {
    200: {
      description: "The booking pass, in the body and as a cookie.",
      content: json(z.object({ pass: z.string(), expiresAt: z.string() }).openapi("BookingPass")),
    },
  },
});

const segmentRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/draw/segments/{index}",
  tags: ["queue"],
  request: { params: performanceParams.extend({ index: z.coerce.number().int().min(0).max(1_000_000) }) },
  responses: {
    200: {
      description: "Entries of the sealed list, 16 bytes each, 1,024 to a segment.",
      content: { "application/octet-stream": { schema: z.string() } },
    },
  },
});

const drawRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/draw",
  tags: ["queue"],
  request: { params: performanceParams },
  responses: { 200: { description: "How the order of the queue comes about.", content: json(z.looseObject({})) } },
});

export function registerQueue(app: App): void {
  app.openapi(joinRoute, async (c) => {
    const { id } = c.req.valid("param");
    const member = c.get("member").id;
    const room = await roomOf(c.env, id, member, c.get("trail"));
    const reply = await room.waiting.join(room.entry);
    if (reply === null) throw overloaded();
    if (!reply.ok) throw problemOfRefusal(reply.refusal);
    const { number, state: place, connectAfterMs } = reply;
    const queueTicket = await signTicket(c.env, { member, performanceId: id, number });
    const receipt = await signReceipt(c.env, { performanceId: id, entry: room.entry, number, lane: place.lane });
    setTicketCookie(c, id, queueTicket);
    return c.json({ queueTicket, receipt, connectAfterMs, ...place }, 200);
  });

  app.openapi(lookRoute, async (c) => {
    const { id } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const found = await room.waiting.look(room.entry);
    if (found === null) throw overloaded();
    return c.json({ ...found }, 200, { "cache-control": "no-store", "retry-after": String(found.pollAfterSeconds) });
  });

  app.openapi(leaveRoute, async (c) => {
    const { id } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    answered(await room.waiting.submit({ kind: "leave", entry: room.entry }));
    return c.body(null, 204);
  });

  app.openapi(enterRoute, async (c) => {
    const { id } = c.req.valid("param");
    const room = await roomOf(c.env, id, c.var.member.id, c.var.trail);
    const command = { kind: "enter", entry: room.entry, member: c.var.member.id } as const;
    const { session } = granted(await room.booking.submit(command), "session");
    const claims = { member: c.var.member.id, performanceId: id, number: session.number, epoch: session.epoch };
    const pass = await signPass(c.env, claims, session.until);
    setPassCookie(c, id, pass, session.until);
    return c.json({ pass, expiresAt: iso(session.until) }, 200, { "cache-control": "no-store" });
  });

  app.openapi(drawRoute, async (c) => {
    const { id } = c.req.valid("param");
    const live = await (await firstBookingLobby(c.env, id)).draw();
    // Long after the sale the records know it, and they alone.
    const view = live ?? (await withRecords(c.env, (db) => readKeptDraw(db, id)));
    if (view === null) throw new Problem("not-found");
    return c.json({ ...viewDraw(view) }, 200, { "cache-control": "public, max-age=2" });
  });

  app.openapi(segmentRoute, async (c) => {
    const { id, index } = c.req.valid("param");
    const live = await (await firstBookingLobby(c.env, id)).drawSegment(index);
    const segment = live ?? (await keptSegment(c.env, id, index));
    if (segment === null) throw new Problem("not-found");
    const headers = {
      "content-type": "application/octet-stream",
      "cache-control": "public, max-age=31536000, immutable",
    };
    return c.body(new Uint8Array(segment), 200, headers);
  });
}

/** Of a sale whose object was emptied. Ids that are none of ours ask nobody. */
async function keptSegment(env: Environment, id: string, index: number): Promise<Uint8Array | null> {
  return isUuid(id) ? withRecords(env, (db) => readSealedSegment(db, id, index)) : null;
}
