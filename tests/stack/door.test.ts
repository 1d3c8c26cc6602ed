/** Tickets and the door, on the real stack: bought, shown, shown again, re-issued, cancelled, and merged from offline. */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ApiFailure } from "../../dev/demo/client.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";

let house: House;
let show: Show;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
  show = await house.open({ title: "문 앞", rows: 4, columns: 5 });
}, 180_000);

afterAll(() => house.close());

const ticket = z.looseObject({ id: z.string(), version: z.number(), code: z.string(), token: z.string() });
type Ticket = z.infer<typeof ticket>;
const tickets = z.object({ items: z.array(ticket) });
const answers = z.object({
  items: z.array(
    z.looseObject({
      id: z.string(),
      result: z.string(),
      letIn: z.boolean(),
      firstUse: z.object({ at: z.string(), device: z.string() }).nullable(),
    }),
  ),
});
type Answer = z.infer<typeof answers>["items"][number];
const figures = z.looseObject({
  valid: z.number(),
  admitted: z.number(),
  conflicts: z.array(z.looseObject({ id: z.string(), result: z.string() })),
});

const PATIENCE_MS = 30_000;

/** A paid order with its tickets in the records. */
async function bought(
  seats: readonly string[],
  where = show,
): Promise<{ buyer: Buyer; orderId: string; tickets: Ticket[] }> {
  const buyer = await Buyer.inside(house, where);
  const { id: orderId } = await buyer.buy(seats);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await house.api.call(`GET /api/orders/${orderId}/tickets`, tickets, { token: buyer.token });
    if (items.length === seats.length) return { buyer, orderId, tickets: items };
    if (Date.now() > until) throw new Error("no tickets");
    await sleep(100);
  }
}

const door = (where: Show = show): string => `/api/door/performances/${where.id}/schedules/${where.scheduleId}`;

async function scan(scans: readonly Record<string, unknown>[], device = "A", where = show): Promise<readonly Answer[]> {
  const body = { device, scans };
  return (await house.api.call(`POST ${door(where)}/scans`, answers, { token: house.organiser, body })).items;
}

async function scanned(what: Record<string, unknown>, device = "A", where = show): Promise<Answer | undefined> {
  return (await scan([{ id: crypto.randomUUID(), ...what }], device, where))[0];
}

const count = (where: Show = show) => house.api.call(`GET ${door(where)}`, figures, { token: house.organiser });

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "granted",
    (error: unknown) => (error instanceof ApiFailure ? error.code : String(error)),
  );
}

describe("a ticket", () => {
  it("is verified with the public keys and nothing else, and is the same token every time", async () => {
    const { buyer, orderId, tickets: own } = await bought(["r1s1"]);
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", house.where.origin));
    const { payload } = await jwtVerify(own[0]?.token ?? "", keys, { audience: "ticketping:door", typ: "ticket+jwt" });
    expect(payload).toMatchObject({ sub: own[0]?.id, schedule: show.scheduleId, version: 1 });
    const again = await house.api.call(`GET /api/orders/${orderId}/tickets`, tickets, { token: buyer.token });
    expect(again.items[0]?.token).toBe(own[0]?.token);
  });

  it("lets one person in, and says when and where to the next; a repeated scan changes nothing", async () => {
    const { tickets: own } = await bought(["r1s2"]);
    const token = own[0]?.token ?? "";
    const before = await count();
    const first = { id: crypto.randomUUID(), token };
    const [entered] = await scan([first], "정문");
    expect(entered).toMatchObject({ result: "admitted", letIn: true, firstUse: null });
    expect((await scan([first], "정문"))[0]).toEqual(entered);
    expect(await scanned({ token }, "후문")).toMatchObject({
      result: "already-used",
      letIn: false,
      firstUse: { device: "정문" },
    });
    expect((await count()).admitted).toBe(before.admitted + 1);
  });

  it("of which many doors see one at the same moment lets exactly one person in", async () => {
    const { tickets: own } = await bought(["r1s3"]);
    const { token } = own[0] ?? { token: "" };
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => scanned({ token }, `door ${n}`)));
    const by = Map.groupBy(results, (answer) => answer?.result);
    expect([by.get("admitted")?.length, by.get("already-used")?.length]).toEqual([1, 11]);
  });

  it("can be typed, as people type", async () => {
    const { tickets: own } = await bought(["r1s4"]);
    const code = own[0]?.code ?? "";
    const typed = `${code.slice(0, 5)} - ${code.slice(5)}`.toLowerCase().replaceAll("0", "o");
    expect(await scanned({ code: typed })).toMatchObject({ result: "admitted", ticket: { id: own[0]?.id } });
    expect(await scanned({ code: "FFFFFFFFFF" })).toMatchObject({ result: "not-a-ticket" });
  });

  it("that is issued again opens no door in its old form; asking twice makes one", async () => {
    const { buyer, orderId, tickets: own } = await bought(["r1s5", "r2s1"]);
    const [first, second] = own;
    const again = (id: string | undefined, version: number) =>
      house.api.call(`POST /api/orders/${orderId}/tickets/${id}/reissue`, z.object({ ticket }), {
        token: buyer.token,
        body: { version },
      });
    const made = await again(first?.id, 1);
    expect(made.ticket).toMatchObject({ id: first?.id, version: 2 });
    expect((await again(first?.id, 1)).ticket).toEqual(made.ticket);
    expect(await scanned({ token: first?.token })).toMatchObject({ result: "reissued", letIn: false });
    expect(await scanned({ code: first?.code })).toMatchObject({ result: "not-a-ticket" });
    expect(await scanned({ token: made.ticket.token })).toMatchObject({ result: "admitted" });
    expect(await codeOf(again(first?.id, 2))).toBe("ticket-used");
    expect(await codeOf(again(second?.id, 7))).toBe("ticket-reissued");
    expect(await codeOf(again("nobody's", 1))).toBe("ticket-not-found");
    expect((await scanned({ token: second?.token }))?.result).toBe("admitted");
    const stranger = (await house.member()).token;
    const theirs = house.api.call(`POST /api/orders/${orderId}/tickets/${first?.id}/reissue`, z.unknown(), {
      token: stranger,
      body: { version: 2 },
    });
    expect(await codeOf(theirs)).toBe("order-not-found");
  });

  it("ends with the cancellation of its order", async () => {
    const { buyer, orderId, tickets: own } = await bought(["r2s2"]);
    await buyer.cancel(orderId);
    const until = Date.now() + PATIENCE_MS;
    while ((await house.recordOf(orderId))["tickets"] !== 0 && Date.now() < until) await sleep(100);
    expect(await scanned({ token: own[0]?.token })).toMatchObject({ result: "cancelled", letIn: false });
  });

  it("of another show or forged is told so", async () => {
    const other = await house.open({ title: "다른 공연", rows: 1, columns: 1 });
    const { tickets: own } = await bought(["r1s1"], other);
    expect(await scanned({ token: own[0]?.token })).toMatchObject({ result: "other-performance", ticket: null });
    const [head = "", claims = "", tail = ""] = (own[0]?.token ?? "").split(".");
    const forged = `${head}.${claims}.${tail.startsWith("A") ? "B" : "A"}${tail.slice(1)}`;
    expect(await scanned({ token: forged }, "A", other)).toMatchObject({ result: "not-a-ticket" });
    expect(await scanned({ token: "<html>" })).toMatchObject({ result: "not-a-ticket" });
  });
});

describe("a door without a connection", () => {
  it("has a signed list, merges later, and is told whom it should not have let in", async () => {
    const { tickets: own } = await bought(["r3s1", "r3s2"]);
    const [one, two] = own;
    const { list } = await house.api.call(`GET ${door()}/list`, z.object({ list: z.string() }), {
      token: house.organiser,
    });
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", house.where.origin));
    const { payload } = await jwtVerify(list, keys, { audience: "ticketping:door-list", typ: "door-list+jwt" });
    expect(payload.sub).toBe(show.scheduleId);
    expect(payload["tickets"]).toContainEqual([
      one?.id,
      1,
      one?.code,
      true,
      ["main", "1", "1", "S"].map(() => expect.any(String) as string),
      null,
    ]);
    expect((await scanned({ token: one?.token }, "online"))?.result).toBe("admitted");
    const at = new Date(Date.now() - 60_000).toISOString();
    const kept = [
      { id: crypto.randomUUID(), token: one?.token, at, letIn: true },
      { id: crypto.randomUUID(), token: two?.token, at, letIn: true },
      { id: crypto.randomUUID(), token: two?.token, at, letIn: false },
    ];
    const merged = await scan(kept, "offline");
    expect(merged.map(({ result, letIn }) => [result, letIn])).toEqual([
      ["already-used", true],
      ["admitted", true],
      ["already-used", false],
    ]);
    expect(await scan(kept, "offline")).toEqual(merged);
    expect((await count()).conflicts.map(({ id }) => id)).toEqual([kept[0]?.id]);
  });
});

describe("whoever does not stand at the door", () => {
  it("does not find it", async () => {
    const { token } = await house.member();
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/list"],
      ["POST", "/scans"],
    ] as const) {
      const body = method === "POST" ? { body: { device: "x", scans: [{ id: crypto.randomUUID(), code: "1" }] } } : {};
      expect(await codeOf(house.api.call(`${method} ${door()}${path}`, z.unknown(), { token, ...body }))).toBe(
        "not-found",
      );
    }
  });

  it("and a scan that is none is refused whole", async () => {
    const id = crypto.randomUUID();
    for (const scans of [[], [{ id }], [{ id, code: "1", token: "2" }], [{ id: "x", code: "1" }]]) {
      expect(await codeOf(scan(scans))).toBe("invalid-request");
    }
  });
});
