/** The dashboard's socket: figures of a running sale, pushed by its control room. */
import { originListed } from "../../auth/who.ts";
import { askObject } from "../../../calls/objects.ts";
import type { App } from "../../context.ts";
import { protocols } from "../../gate/socket.ts";
import { idParameter } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { mayOperate } from "./access.ts";

const PROTOCOL = "ticketping.v1";

export function registerWatch(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/api/organizer/performances/{id}/watch",
    request: { params: idParameter },
    responses: { 101: { description: "A WebSocket: the figures so far, then new ones every second." } },
  });
  app.get("/api/organizer/performances/:id/watch", async (c) => {
    // As for every socket: a page of another site could open one with the visitor's cookies. Whose sale it is comes next,
    // so that nobody learns from the words that somebody else's exists.
    const origin = c.req.header("origin");
    const program = origin === undefined && c.req.header("authorization") !== undefined;
    if (!program && !originListed(origin, c.req.url, c.env.ALLOWED_ORIGINS)) throw new Problem("origin-not-allowed");
    const parsed = idParameter.safeParse(c.req.param());
    if (!parsed.success) throw new Problem("not-found");
    const { id } = parsed.data;
    await mayOperate(c, id);
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw new Problem("websocket-required");
    const headers = new Headers({ upgrade: "websocket" });
    if (protocols(c).includes(PROTOCOL)) headers.set("sec-websocket-protocol", PROTOCOL);
    const request = new Request("https://control/watch", { headers });
    return askObject(c.env, "control", id, () => c.env.CONTROL.getByName(id).fetch(request));
  });
}
