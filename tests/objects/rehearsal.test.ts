/** A rehearsal in workerd: slice by slice, to the end, and nothing of it anywhere else. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Environment } from "../../workers/environment.ts";
import { publishRequest } from "../simulation/charts.ts";

const bindings = env as unknown as Environment;

test("is played in slices to the end, and the performance it is a copy of hears nothing of it", async () => {
  const performanceId = crypto.randomUUID();
  const object = bindings.REHEARSAL.getByName(performanceId);
  expect(await object.view()).toMatchObject({ state: "none" });
  const request = { ...publishRequest({ capacity: 20 }), performanceId };
  expect(await object.start(request, 200, 7)).toMatchObject({ state: "running", fans: 200 });
  // Begun twice is begun once.
  expect(await object.start(request, 500, 8)).toMatchObject({ state: "running", fans: 200 });
  for (let slice = 0; slice < 200 && (await object.view()).state === "running"; slice++) {
    await runDurableObjectAlarm(object as unknown as DurableObjectStub);
  }
  const { state, result } = await object.view();
  expect(state).toBe("done");
  expect(result).toMatchObject({ sold: 50, seats: 50, checks: { capacity: true, rate: true, soldOnce: true } });
  expect(await bindings.PERFORMANCE.getByName(performanceId).facts()).toMatchObject({ published: false });
});

test("that has lost its memory says so, and can be begun again", async () => {
  const performanceId = crypto.randomUUID();
  const object = bindings.REHEARSAL.getByName(performanceId);
  const request = { ...publishRequest({ capacity: 20 }), performanceId };
  await object.start(request, 5_000, 7);
  await evictDurableObject(object as unknown as DurableObjectStub);
  expect(await object.view()).toMatchObject({ state: "interrupted", fans: 5_000 });
  expect(await object.start(request, 10, 7)).toMatchObject({ state: "running", fans: 10 });
});

test("that is cancelled is played no further, says how far it was, and can be begun again", async () => {
  const performanceId = crypto.randomUUID();
  const object = bindings.REHEARSAL.getByName(performanceId);
  const request = { ...publishRequest({ capacity: 20 }), performanceId };
  expect(await object.cancel()).toMatchObject({ ended: false, view: { state: "none" } });
  await object.start(request, 5_000, 7);
  await runDurableObjectAlarm(object as unknown as DurableObjectStub);
  const { ended, view: cancelled } = await object.cancel();
  expect(ended).toBe(true);
  expect(cancelled).toMatchObject({ state: "cancelled", fans: 5_000, result: null });
  expect(cancelled.progress).toBeLessThan(1);
  expect(await runDurableObjectAlarm(object as unknown as DurableObjectStub)).toBe(false);
  await evictDurableObject(object as unknown as DurableObjectStub);
  expect(await object.view()).toEqual(cancelled);
  expect(await object.cancel()).toEqual({ ended: false, view: cancelled });
  expect(await object.start(request, 10, 7)).toMatchObject({ state: "running", fans: 10 });
});
