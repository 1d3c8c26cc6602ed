/**
 * A small shop behind the waiting room, as an example of what an origin does: it verifies the pass with the public keys,
 * and says when a visitor has finished, so that the next one comes in at once.
 */
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { answerJson, listen, readBody, type ListeningServer } from "./http-server.ts";

export interface ShopOptions {
  readonly port: number;
  /** The site's name in SITES, and its secret in SITE_SECRETS. */
  readonly name: string;
  readonly secret: string;
  /** Where the waiting room can be asked: the held site's own address. Known only once that runs. */
  readonly room: () => string;
}

export function startShop({ port, name, secret, room }: ShopOptions): Promise<ListeningServer> {
  let keys: ReturnType<typeof createRemoteJWKSet> | null = null;

  /** Null: whoever asks did not come through the waiting room. */
  async function visitor(request: IncomingMessage): Promise<string | null> {
    const pass = request.headers["ticketping-pass"];
    if (typeof pass !== "string") return null;
    keys ??= createRemoteJWKSet(new URL("/.ticketping/jwks.json", room()));
    try {
      const check = { issuer: "ticketping", audience: `ticketping:site:${name}`, typ: "site-pass+jwt" };
      await jwtVerify(pass, keys, check);
      return pass;
    } catch {
      return null;
    }
  }

  /** The one signed call: "completed" after a purchase, "released" when somebody gives up. */
  async function finish(pass: string, outcome: "completed" | "released"): Promise<number> {
    const body = JSON.stringify({ pass, outcome });
    const time = Math.floor(Date.now() / 1_000);
    const signature = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
    const answer = await fetch(new URL(`/.ticketping/release/${name}`, room()), {
      method: "POST",
      headers: { "content-type": "application/json", "ticketping-signature": `t=${time},v1=${signature}` },
      body,
    });
    return answer.status;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pass = await visitor(request);
    const path = request.url ?? "/";
    if (path === "/buy" && request.method === "POST") {
      if (pass === null) return answerJson(response, 403, { error: "please come through the waiting room" });
      return answerJson(response, 200, {
        bought: await readBody(request, 10_000),
        released: await finish(pass, "completed"),
      });
    }
    if (path.endsWith("/moved")) {
      response.writeHead(302, {
        location: `http://${request.headers.host}/there`,
        "set-cookie": ["a=1", "tp_guest=forged"],
      });
      return void response.end();
    }
    answerJson(response, 200, { welcome: pass !== null, method: request.method, path, headers: request.headers });
  }

  return listen(port, (request, response) => void serve(request, response));
}
