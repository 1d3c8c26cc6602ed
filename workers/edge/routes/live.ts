/** The WebSocket of the waiting room and, with a booking pass, of the seats. Authenticated here, served by a lobby. */
import { whoIs, memberOfToken, originListed } from "../auth/who.ts";
import type { App, AppContext } from "../context.ts";
import { pass, waiter } from "../gate/pass.ts";
import { roomOf } from "../gate/room.ts";
import { Problem } from "../problem.ts";

const PROTOCOL = "ticketping.v1";

export function registerLive(app: App): void {
  app.get("/api/performances/:id/live", async (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw new Problem("websocket-required");
    const bearer = bearerProtocol(c);
    // A page of another site could open a socket with the visitor's cookies: so its origin has to be listed. A program
    // without cookies names its token itself and sends no origin.
    const origin = c.req.header("origin");
    if ((origin !== undefined || bearer === null) && !originListed(origin, c.req.url, c.env.ALLOWED_ORIGINS)) {
      if (origin !== undefined || c.req.header("authorization") === undefined) throw new Problem("origin-not-allowed");
    }
    if (bearer !== null) c.set("member", await memberOfToken(c.env, bearer));
    else await waiter(c, async () => undefined);
    const booking = c.req.query("booking") === "1";
    if (booking) {
      if (bearer === null) c.set("member", await whoIs(c));
      await pass(c, async () => undefined);
    }
    const id = c.req.param("id");
    const room = await roomOf(c.env, id, c.var.member.id);
    const headers = new Headers({
      upgrade: "websocket",
      "x-lobby-entry": room.entry,
      "x-lobby-booking": booking ? "1" : "0",
    });
    if (protocols(c).includes(PROTOCOL)) headers.set("sec-websocket-protocol", PROTOCOL);
    const lobby = booking ? room.booking : room.waiting;
    return lobby.fetch(new Request("https://lobby/live", { headers }));
  });
}

function protocols(c: AppContext): string[] {
  return (c.req.header("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
}

/** A token as a subprotocol ("bearer.<jwt>"): browsers can set no header on a socket, and a URL would end up in logs. */
function bearerProtocol(c: AppContext): string | null {
  const named = protocols(c).find((name) => name.startsWith("bearer."));
  return named === undefined ? null : named.slice("bearer.".length);
}
