/** Lanes: each in its own order, each with its public share, and the list of the draw says who is in which. */
import { describe, expect, test } from "vitest";
import { listRoot } from "../../durable-objects/performance/admission/draw.ts";
import { segmentOf, viewDraw } from "../../durable-objects/performance/admission/drawing.ts";
import type { PerformanceSettings } from "../../durable-objects/performance/contract.ts";
import { PERFORMANCE_ID, publishRequest } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";
import { entry, Room, START } from "./room.ts";

const lanes = [
  { id: "general", share: 80 },
  { id: "priority", share: 20 },
];

/** Who comes to the priority lane has been invited to it; joining is the same for everybody. */
function invited(settings: Partial<PerformanceSettings> = {}): Room {
  const room = new Room({ capacity: 0, lanes, ...settings });
  const entries = Array.from({ length: 20 }, (_, index) => entry(20 + index));
  expect(room.operate({ do: "invite", lane: "priority", entries }).ok).toBe(true);
  return room;
}

/** Twenty in each lane, the general ones first; nobody is let in yet. */
function crowd(settings: Partial<PerformanceSettings> = {}): Room {
  const room = invited(settings);
  for (let index = 0; index < 40; index++) room.join(index);
  return room;
}

const everybody = Array.from({ length: 40 }, (_, index) => index);
const inside = (room: Room): number[] => everybody.filter((index) => room.standing(index).state === "admitted");

describe("lanes", () => {
  test("get their shares whatever the order in which people came, each in its own order, also over a restart", () => {
    const room = crowd();
    room.operate({ do: "limits", capacity: 10 });
    expect(inside(room)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 20, 21]);
    room.object.restart();
    room.now += 10_001; // until presence is known again
    room.present(...everybody);
    room.operate({ do: "limits", capacity: 20 });
    expect(inside(room)).toEqual([...everybody.slice(0, 16), 20, 21, 22, 23]);
    expect(room.object.status().lanes.map((lane) => lane.admitted)).toEqual([16, 4]);
  });

  test("a lane nobody waits in leaves its share to the others, and saves nothing up", () => {
    const room = invited();
    for (let index = 0; index < 20; index++) room.join(index);
    room.operate({ do: "limits", capacity: 10 });
    expect(inside(room)).toHaveLength(10);
    for (let index = 20; index < 40; index++) room.join(index);
    room.operate({ do: "limits", capacity: 20 });
    expect(room.object.status().lanes.map((lane) => lane.admitted)).toEqual([18, 2]);
  });

  test("people ahead are those of one's own lane, and so is the wait", () => {
    const room = crowd();
    const [general, priority] = room.object.status().lanes;
    expect(priority?.ahead.find(([place]) => place === 25)).toEqual([25, 5]);
    expect(general?.ahead.find(([place]) => place === 19)).toEqual([19, 19]);
    expect(room.standing(25)).toMatchObject({ lane: 1, number: 25 });
    expect(priority?.waits).toEqual([]); // no slot: nothing moves
    room.operate({ do: "limits", capacity: 5 });
    const [quick, slow] = room.object.status().lanes.map((lane) => lane.waits.at(-1)?.[1] ?? 0);
    // A fifth of the slots: about as many people ahead take much longer.
    expect(slow).toBeGreaterThan((quick ?? 0) * 2);
  });

  test("who has a place stays in its lane, whoever is invited later; an unknown lane is refused", () => {
    const room = crowd();
    expect(room.operate({ do: "invite", lane: "priority", entries: [entry(3)] }).ok).toBe(true);
    expect(room.join(3)).toMatchObject({ numbers: Uint32Array.of(3), lanes: Uint8Array.of(0) });
    expect(room.standing(3).lane).toBe(0);
    expect(room.join(25)).toMatchObject({ numbers: Uint32Array.of(25), lanes: Uint8Array.of(1) });
    expect(room.operate({ do: "invite", lane: "vip", entries: [entry(50)] })).toMatchObject({
      refusal: { code: "unknown-lane" },
    });
  });

  test("an invitation outlives a restart, and the audit log is told how many there were and nobody's name", () => {
    const room = invited();
    const events = room.object.lastChanges.flatMap((change) => (change.kind === "event" ? [change.event] : []));
    expect(events).toMatchObject([{ action: "invite", detail: JSON.stringify({ lane: "priority", people: 20 }) }]);
    room.object.restart();
    room.join(20);
    expect(room.standing(20).lane).toBe(1);
  });

  test("the sealed list says who is in which lane, the root covers it, and each lane follows the draw", () => {
    const room = crowd({ gatherAt: START, openAt: START + 600_000 });
    room.now = START + 600_000;
    room.standing(0);
    const view = viewDraw(room.object.state);
    expect(view.lanes).toEqual(lanes);
    const segment = segmentOf(room.object.state, 0) ?? new Uint8Array();
    expect(segment).toHaveLength(40 * 17);
    expect(segment.slice(40 * 16)).toEqual(Uint8Array.from(everybody, (number) => Number(number >= 20)));
    expect(listRoot(PERFORMANCE_ID, [segment])).toBe(view.sealed?.root);
    room.object.restart();
    expect(segmentOf(room.object.state, 0)).toEqual(segment);
    room.now += 10_001;
    room.present(...everybody);
    room.operate({ do: "limits", capacity: 10 });
    const drawn = (from: number, count: number): number[] =>
      everybody
        .slice(from, from + 20)
        .toSorted((a, b) => (room.standing(a).place ?? 0) - (room.standing(b).place ?? 0))
        .slice(0, count);
    expect(inside(room)).toEqual([...drawn(0, 8), ...drawn(20, 2)].toSorted((a, b) => a - b));
  });

  test("the audit log is told at the end how the shares were kept", () => {
    const room = crowd();
    room.operate({ do: "limits", capacity: 10 });
    room.operate({ do: "close" });
    const events = room.object.lastChanges.flatMap((change) => (change.kind === "event" ? [change.event] : []));
    const counted = events.find((event) => event.type === "operator-acted" && event.action === "lanes-counted");
    expect(JSON.stringify(counted)).toContain('{\\"id\\":\\"priority\\",\\"share\\":20,\\"admitted\\":2,');
  });

  test.each([
    [[{ id: "general", share: 99 }]],
    [[{ id: "priority", share: 100 }]],
    [
      [
        { id: "general", share: 50 },
        { id: "general", share: 50 },
      ],
    ],
    [
      [
        { id: "general", share: 100 },
        { id: "vip", share: 0 },
      ],
    ],
    [
      [
        { id: "general", share: 60 },
        { id: "V I P", share: 40 },
      ],
    ],
  ])("that make no sense are refused: %j", (wrong) => {
    const object = new SimulatedObject(PERFORMANCE_ID, () => START);
    expect(object.publish(publishRequest({ lanes: wrong }))).toMatchObject({
      refusal: { code: "settings-invalid", evidence: { setting: "lanes" } },
    });
  });

  test("stay what they were published as", () => {
    const room = new Room({ lanes });
    expect(room.object.publish(publishRequest({ lanes: [{ id: "general", share: 100 }] }))).toMatchObject({
      refusal: { code: "published-differently", evidence: { setting: "lanes" } },
    });
  });
});
