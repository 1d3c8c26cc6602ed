/** The WebSocket of the waiting room and, with a booking pass, of the seats. Authenticated by the gate, served by a lobby. */
import { z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { roomOf } from "../gate/room.ts";
import { isBooking, protocols } from "../gate/socket.ts";
import { performanceParams } from "./queue.ts";

const PROTOCOL = "ticketping.v1";

export function registerLive(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/performances/{id}/live",
    tags: ["queue"],
    request: { params: performanceParams, query: z.object({ booking: z.literal("1").optional() }) },
    responses: {
      101: { description: "A WebSocket: news of the queue, and with `booking=1` and a pass, changes of seats." },
    },
  });
  app.get("/api/performances/:id/live", async (c) => {
    const booking = isBooking(c);
    const room = await roomOf(c.env, c.req.param("id"), c.get("member").id);
    const headers = new Headers({
      upgrade: "websocket",
      "x-lobby-entry": room.entry,
      "x-lobby-booking": booking ? "1" : "0",
    });
    if (protocols(c).includes(PROTOCOL)) headers.set("sec-websocket-protocol", PROTOCOL);
    const lobby = booking ? room.booking : room.waiting;
    return lobby.open(headers);
  });
}
