/** The control room in workerd: one question a second, however many look; a history that survives its object. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { ControlFrame } from "../../durable-objects/control/contract.ts";
import type { Environment } from "../../workers/environment.ts";
import { publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";

const bindings = env as unknown as Environment;

interface Dashboard {
  readonly socket: WebSocket;
  readonly frames: ControlFrame[];
}

function room(id: string) {
  const object = bindings.CONTROL.getByName(id);
  return { object, stub: object as unknown as DurableObjectStub };
}

async function open(id: string): Promise<Dashboard> {
  const { object } = room(id);
  const answer = await object.fetch(new Request("https://control/watch", { headers: { upgrade: "websocket" } }));
  const socket = answer.webSocket;
  if (socket === null) throw new Error("no socket");
  const frames: ControlFrame[] = [];
  socket.addEventListener("message", ({ data }) => {
    frames.push(JSON.parse(String(data)) as ControlFrame);
  });
  socket.accept();
  return { socket, frames };
}

async function onSale(): Promise<string> {
  const performanceId = crypto.randomUUID();
  const now = Date.now();
  const request = publishRequest({ openAt: now - 1_000, closeAt: now + 86_400_000 });
  await bindings.PERFORMANCE.getByName(performanceId).publish({ ...request, performanceId });
  return performanceId;
}

test("the same figures reach every dashboard, first with their history", async () => {
  const id = await onSale();
  const [one, two] = [await open(id), await open(id)];
  await expect.poll(() => [one, two].every(({ frames }) => frames.length > 0)).toBe(true);
  await runDurableObjectAlarm(room(id).stub);
  await expect.poll(() => [one, two].every(({ frames }) => frames.some(({ type }) => type === "sample"))).toBe(true);
  expect(one.frames[0]).toMatchObject({ type: "history", notice: null, samples: [{ phase: "open", waiting: 0 }] });
  const samples = one.frames.filter((frame) => frame.type === "sample");
  expect(samples[0]).toMatchObject({
    sample: {
      seats: { free: 50, sold: 0 },
      grades: expect.arrayContaining([["S", expect.any(Number), expect.any(Number), 0, 0]]),
    },
  });
  one.socket.close();
  two.socket.close();
});

test("the sale is asked once for all, and the seats of a date only for who looks at them", async () => {
  const id = await onSale();
  const [looking, other] = [await open(id), await open(id)];
  looking.socket.send(JSON.stringify({ type: "watch", scheduleId: SCHEDULE_ID }));
  const { stub } = room(id);
  for (let tick = 0; tick < 8; tick++) await runDurableObjectAlarm(stub);
  await expect.poll(() => looking.frames.some(({ type }) => type === "seats")).toBe(true);
  expect(looking.frames.filter(({ type }) => type === "seats")).toHaveLength(1);
  expect(other.frames.some(({ type }) => type === "seats")).toBe(false);
  looking.socket.close();
  other.socket.close();
});

test("what was seen is still there when the object has started again", async () => {
  const id = await onSale();
  const first = await open(id);
  await expect.poll(() => first.frames.length).toBeGreaterThan(0);
  first.socket.close();
  const { stub } = room(id);
  const kept = await runInDurableObject(stub, (_instance, state) => [
    ...state.storage.sql.exec("select at from samples"),
  ]);
  expect(kept.length).toBeGreaterThan(0);
  await evictDurableObject(stub);
  const second = await open(id);
  await expect.poll(() => second.frames.find(({ type }) => type === "history")).toBeDefined();
  const history = second.frames.find((frame) => frame.type === "history");
  expect(history?.samples[0]?.at).toBe(kept[0]?.["at"]);
  second.socket.close();
});

test("a performance that is not published is asked no second time, and strangers' messages end their socket", async () => {
  const id = crypto.randomUUID();
  const { socket, frames } = await open(id);
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.send("drop table samples");
  expect(await closed).toBe(1_003);
  await runDurableObjectAlarm(room(id).stub);
  expect(frames).toEqual([]);
  expect(await runDurableObjectAlarm(room(id).stub)).toBe(false);
});
