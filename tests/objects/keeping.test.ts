/** The object as a whole in workerd: emptied, built again, taken back. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import { NOT_THERE } from "../../durable-objects/performance/contract.ts";
import type {
  Command,
  KeptState,
  PerformanceContract,
  QueueSegment,
  RebuildStep,
  Reply,
} from "../../durable-objects/performance/contract.ts";
import { lobbyName } from "../../durable-objects/lobby/contract.ts";
import type { Environment } from "../../workers/environment.ts";
import { publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";

const bindings = env as unknown as Environment;
const HOUR = 3_600_000;
const ann = "11111111-1111-4111-8111-111111111111";

interface Sale {
  readonly id: string;
  readonly object: PerformanceContract;
  readonly entry: string;
}

const stub = (object: PerformanceContract): DurableObjectStub => object as unknown as DurableObjectStub;

async function ask(object: PerformanceContract, command: Command): Promise<Reply> {
  const { replies } = await object.execute({ lobby: null, incarnation: 0, sequence: 0, commands: [command] });
  const reply = replies[0];
  if (reply === undefined) throw new Error("no reply");
  return reply;
}

/** A sale in which Ann has paid for one seat. Its date is `startsAt`. */
async function sold(startsAt: number, closeAt: number): Promise<Sale & { readonly orderId: string }> {
  const id = crypto.randomUUID();
  const object = bindings.PERFORMANCE.getByName(id);
  const request = publishRequest({ openAt: Date.now() - 1_000, closeAt });
  const schedules = request.schedules.map((plan) => ({ ...plan, startsAt }));
  expect(await object.publish({ ...request, schedules, performanceId: id })).toMatchObject({ ok: true });
  const entry = entryOf((await object.facts()).entryKey, ann);
  await ask(object, { kind: "join", entries: entryBytes(entry) });
  await ask(object, { kind: "enter", entry, member: ann });
  const key = (name: string) => ({ id: `${ann}|${name}`, hash: name });
  const hold = await ask(object, {
    kind: "hold",
    epoch: 0,
    entry,
    member: ann,
    scheduleId: SCHEDULE_ID,
    seats: ["r1s1"],
    key: key("hold"),
  });
  if (!hold.ok || hold.kind !== "hold") throw new Error(JSON.stringify(hold));
  const placed = await ask(object, {
    kind: "place-order",
    entry,
    member: ann,
    epoch: 0,
    holdId: hold.hold.id,
    key: key("order"),
  });
  if (!placed.ok || placed.kind !== "order") throw new Error(JSON.stringify(placed));
  const { id: orderId, amount } = placed.order;
  await ask(object, { kind: "begin-payment", member: ann, orderId, provider: "toss", method: "CARD", key: key("pay") });
  await ask(object, { kind: "confirm-payment", member: ann, orderId, provider: "toss", paymentKey: "pk", amount });
  const outcome = { result: "approved", transaction: "t", amount, method: "카드", at: 0, receiptUrl: null } as const;
  expect(await ask(object, { kind: "settle", orderId, attempt: 1, outcome })).toMatchObject({
    order: { status: "paid" },
  });
  return { id, object, entry, orderId };
}

/** The records have taken over all of it. */
async function reported(object: PerformanceContract): Promise<void> {
  await object.applied(Array.from({ length: 100 }, (_, seq) => seq));
}

async function rowsIn(object: PerformanceContract): Promise<Readonly<Record<string, number>>> {
  return runInDurableObject(stub(object), (_instance, state) => {
    const tables = Array.from(
      state.storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'"),
    );
    const own = tables.map(({ name }) => name).filter((name) => !name.startsWith("_cf_"));
    return Object.fromEntries(
      own.map((name) => [name, Number(state.storage.sql.exec(`SELECT COUNT(*) AS n FROM ${name}`).one()["n"])]),
    );
  });
}

/** What it throws, asked inside: an error that crosses to the test would count as one of the test's own. */
function refusalIn(
  object: PerformanceContract,
  work: (inside: PerformanceContract) => Promise<unknown>,
): Promise<string> {
  return runInDurableObject(stub(object), async (instance) => {
    try {
      return JSON.stringify(await work(instance as unknown as PerformanceContract));
    } catch (error) {
      return String(error);
    }
  });
}

describe("an object whose sale is over", () => {
  test("is emptied to the one row that says so, wakes up to nothing, and cannot be published again", async () => {
    const now = Date.now();
    const { id, object, entry, orderId } = await sold(now - HOUR, now + HOUR);
    expect(await object.empty(0, true)).toMatchObject({ ok: false, obstacles: ["not-closed", "events-unreported"] });
    await ask(object, { kind: "operate", operator: "op", action: { do: "close" } });
    expect(await object.empty(0, true)).toEqual({ ok: false, obstacles: ["events-unreported"] });
    await reported(object);
    // An hour since its date: not long enough for who keeps objects for two.
    expect(await object.empty(2 * HOUR, true)).toEqual({ ok: false, obstacles: ["kept-until"] });
    expect(await object.empty(0, false)).toEqual({ ok: true, at: null });
    expect(Object.keys(await rowsIn(object))).toContain("orders");
    const emptied = await object.empty(0, true);
    expect(emptied).toMatchObject({ ok: true, at: expect.any(Number) });

    for (const evicted of [false, true]) {
      if (evicted) await evictDurableObject(stub(object));
      expect(await rowsIn(object)).toEqual({ emptied: 1 });
      expect(await object.empty(0, true)).toEqual(emptied);
      expect(await ask(object, { kind: "join", entries: entryBytes(entry) })).toMatchObject({
        refusal: { code: "performance-closed" },
      });
      expect(await ask(object, { kind: "look", entry })).toMatchObject({ standing: { state: "none" } });
      expect(await ask(object, { kind: "recheck", orderId, verified: null })).toMatchObject({
        refusal: { code: "order-not-found" },
      });
      expect(await object.facts()).toMatchObject({ published: true, emptied: true });
      expect(await object.draw()).toBeNull();
      expect(await object.copy(null)).toBeNull();
      const again = publishRequest({ openAt: now, closeAt: now + HOUR });
      expect(await object.publish({ ...again, performanceId: id })).toMatchObject({
        ok: false,
        refusal: { code: "performance-closed" },
      });
      await object.poke();
    }
    await runInDurableObject(stub(object), async (_instance, state) => {
      expect(await state.storage.getAlarm()).toBeNull();
    });
    // Through a lobby it is the same.
    const lobby = bindings.LOBBY.getByName(lobbyName(id, "queue", 0));
    expect(await lobby.join(entry)).toMatchObject({ ok: false, refusal: { code: "performance-closed" } });
    expect(await lobby.look(entry)).toMatchObject({ state: "none", status: { phase: "closed" } });
  });
});

describe("an object that lost its storage", () => {
  /** What the records keep of it. */
  async function copied({ object }: Sale): Promise<{ kept: KeptState; segments: QueueSegment[]; nextEvent: number }> {
    const copy = await object.copy(null);
    if (copy === null) throw new Error("no copy");
    expect(await object.copy(copy.mark)).toBeNull();
    const segment = await object.copySegment("people", 0);
    expect(await object.copySegment("people", 1)).toBeNull();
    const kept = JSON.parse(JSON.stringify(copy.kept)) as KeptState;
    return { kept, segments: segment === null ? [] : [segment], nextEvent: 20 };
  }

  test("is built again step by step, and meanwhile is as one that cannot be reached", async () => {
    const sale = await sold(Date.now() + 48 * HOUR, Date.now() + HOUR);
    const { object, entry, orderId } = sale;
    const { kept, segments, nextEvent } = await copied(sale);
    const order = await ask(object, { kind: "order", member: ann, orderId });
    if (!order.ok || order.kind !== "order") throw new Error("no order");
    const begin: RebuildStep = { do: "begin", from: "nothing", replace: false, kept, nextEvent };
    expect(await object.rebuild(begin)).toMatchObject({ ok: false, code: "object-alive" });
    expect(await object.rebuild({ do: "finish" })).toMatchObject({ ok: false, code: "not-rebuilding" });

    await runInDurableObject(stub(object), async (_instance, state) => {
      await state.storage.deleteAll();
    });
    await evictDurableObject(stub(object));
    expect(await object.facts()).toMatchObject({ published: false });
    expect(await object.rebuild(begin)).toMatchObject({ ok: true });
    expect(await refusalIn(object, (inside) => ask(inside, { kind: "look", entry }))).toContain(NOT_THERE);
    const [plan] = publishRequest().schedules;
    if (plan === undefined) throw new Error("no plan");
    await object.rebuild({ do: "date", schedule: { ...plan, startsAt: order.order.startsAt } });
    await object.rebuild({ do: "segments", segments });
    await evictDurableObject(stub(object)); // half of it is there, and the object starts again
    await object.rebuild({ do: "orders", orders: [order.order] });
    expect(await object.rebuild({ do: "finish" })).toMatchObject({ ok: true, phase: "paused", joined: 1, sold: 1 });

    expect((await object.seats(SCHEDULE_ID))?.sections[0]?.statuses.slice(0, 3)).toBe("500");
    expect((await object.facts()).entryKey).toBe(kept.entryKey);
    const { replies } = await object.execute({
      lobby: null,
      incarnation: 0,
      sequence: 0,
      commands: [
        { kind: "order", member: ann, orderId },
        { kind: "report-orders", scheduleId: SCHEDULE_ID, after: "" },
        { kind: "operate", operator: "op", action: { do: "resume" } },
      ],
    });
    expect(replies).toMatchObject([{ order: { status: "paid" } }, { kind: "reported", orders: 1 }, { kind: "done" }]);
    expect((await object.figures()).status.phase).toBe("open");
  });

  test("whose storage cannot be read answers nobody, and is replaced only by who says so", async () => {
    const sale = await sold(Date.now() + 48 * HOUR, Date.now() + HOUR);
    const { object } = sale;
    const { kept, segments, nextEvent } = await copied(sale);
    await runInDurableObject(stub(object), (_instance, state) => {
      state.storage.sql.exec("UPDATE facts SET body = '{\"phase\":7}' WHERE name = 'state'");
    });
    await evictDurableObject(stub(object));
    expect(await refusalIn(object, (inside) => inside.facts())).toContain(NOT_THERE);
    expect(await refusalIn(object, (inside) => inside.figures())).toContain(NOT_THERE);
    const begin: RebuildStep = { do: "begin", from: "nothing", replace: false, kept, nextEvent };
    expect(await object.rebuild(begin)).toMatchObject({ code: "object-alive" });
    expect(await object.rebuild({ ...begin, replace: true })).toMatchObject({ ok: true });
    const [plan] = publishRequest().schedules;
    if (plan === undefined) throw new Error("no plan");
    await object.rebuild({ do: "date", schedule: plan });
    await object.rebuild({ do: "segments", segments });
    expect(await object.rebuild({ do: "finish" })).toMatchObject({ ok: true, phase: "paused", joined: 1, sold: 0 });
  });
});

test("an object cannot be taken back where the platform keeps no history of it, and is as it was", async () => {
  const { object } = await sold(Date.now() + 48 * HOUR, Date.now() + HOUR);
  expect(await object.restore({ at: Date.now() - 60_000 })).toMatchObject({ ok: false, why: expect.any(String) });
  expect((await object.figures()).seatsByStatus["sold"]).toBe(1);
});
