/** How much is asked of Postgres: as much for many rows as for one. Counted by a listener in front of Neon's endpoint. */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Delivery } from "./delivery.ts";
import { bearer, columnAt, startEdge, textAt, type Edge } from "./edge.ts";
import { History } from "./history.ts";

let edge: Edge;
let counter: Server;
let counted = { requests: 0, statements: 0 };
let counting = "";
const asked = z.union([z.looseObject({ queries: z.array(z.unknown()) }), z.looseObject({ query: z.string() })]);

beforeAll(async () => {
  edge = await startEdge();
  vi.spyOn(console, "log").mockReturnValue();
  const endpoint = edge.env["NEON_HTTP_ENDPOINT"];
  counter = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const parsed = asked.parse(JSON.parse(body.toString("utf8")));
      counted.requests += 1;
      counted.statements += "queries" in parsed && Array.isArray(parsed.queries) ? parsed.queries.length : 1;
      const headers = Object.entries(request.headers).filter(([name]) => /^neon-|^content-type$/.test(name));
      void fetch(endpoint, {
        method: "POST",
        body,
        headers: headers.map(([name, value]) => [name, String(value)]),
      }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(await answer.text());
      });
    });
  });
  counter.listen(0, "127.0.0.1");
  await once(counter, "listening");
  const address = counter.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  counting = `http://127.0.0.1:${address.port}/sql`;
}, 90_000);

afterAll(async () => {
  vi.restoreAllMocks();
  counter?.close();
  await edge?.close();
});

async function cost(work: () => Promise<unknown>): Promise<typeof counted> {
  counted = { requests: 0, statements: 0 };
  await work();
  return { ...counted };
}

describe("Postgres", () => {
  it("is asked once for a list of orders, however many there are", async () => {
    const { body } = await edge.signIn("lists@ticketping.test");
    const [token, memberId] = [textAt(body, "accessToken"), textAt(body, "member", "id")];
    const place = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        const order = { ...new History().place("r1s1"), member: memberId };
        await edge.sql.query(
          `insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
           values ($1, $2, 1, $3, $4, 'pending', $5, 'KRW', now(), now(), $6)`,
          [order.id, order.performanceId, memberId, order.scheduleId, order.amount, JSON.stringify(order)],
        );
      }
    };
    edge.set({ NEON_HTTP_ENDPOINT: counting });
    const list = async (expected: number): Promise<void> => {
      const answer = await edge.ask("GET", "/api/orders?limit=40", { headers: bearer(token) });
      expect(columnAt(answer.body, "items", "id")).toHaveLength(expected);
    };
    await place(1);
    const one = await cost(() => list(1));
    await place(29);
    expect(await cost(() => list(30))).toEqual(one);
    expect(one).toEqual({ requests: 1, statements: 1 });
  });

  it("gets a batch of events in one round trip, and no more statements for a hundred than for one", async () => {
    const delivery = new Delivery({ ...edge.env, NEON_HTTP_ENDPOINT: counting });
    const history = new History();
    const placed = (count: number): readonly unknown[] => {
      for (let n = 0; n < count; n++) history.place(`seat-${history.events.length}`);
      return history.events.slice(-count);
    };
    const one = await cost(() => delivery.deliver(...placed(1)));
    const many = await cost(() => delivery.deliver(...placed(100)));
    expect(
      await edge.sql.query("select 1 from applied_events where performance_id = $1", [history.performanceId]),
    ).toMatchObject({ rowCount: 101 });
    expect(one.requests).toBe(1);
    expect(many).toEqual(one);
  });
});
