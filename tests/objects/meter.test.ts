/** The Meter in workerd: counts of many isolates, kept through an eviction. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { expect, test } from "vitest";
import type { MeterContract } from "../../durable-objects/meter/contract.ts";
import type { Environment } from "../../workers/environment.ts";

const bindings = env as unknown as Environment;
const stub = (object: MeterContract): DurableObjectStub => object as unknown as DurableObjectStub;

test("adds up what isolates count, drops what is no series, and still knows it after an eviction", async () => {
  const meter = bindings.METER.getByName(crypto.randomUUID());
  await meter.add({ "edge_requests|2xx": 2, "edge_problems|rate-limited": 1 });
  await meter.add({ "edge_requests|2xx": 3, "who|me@example.com": 1, "edge_requests|5xx": -1, "x|y": Number.NaN });
  const counted = { "edge_requests|2xx": 5, "edge_problems|rate-limited": 1 };
  expect(await meter.read()).toEqual(counted);
  await runDurableObjectAlarm(stub(meter));
  await evictDurableObject(stub(meter));
  expect(await meter.read()).toEqual(counted);
});

test("takes no more series than it can show", async () => {
  const meter = bindings.METER.getByName(crypto.randomUUID());
  await meter.add(Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`many|${index}`, 1])));
  await meter.add({ "many|0": 1 });
  const counts = await meter.read();
  expect(Object.keys(counts)).toHaveLength(1_000);
  expect(counts["many|0"]).toBe(2);
});
