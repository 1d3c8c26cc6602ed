/** Where joining takes an identity: one identity opens one place, whatever is tried and whatever crashes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeIdentity, subjectIdentity } from "../../durable-objects/performance/admission/identity.ts";
import type { PerformanceSettings, Reply } from "../../durable-objects/performance/contract.ts";
import { load } from "../../durable-objects/performance/storage/load.ts";
import { rows } from "../../durable-objects/performance/storage/sql.ts";
import { PERFORMANCE_ID } from "../simulation/charts.ts";
import { Crash } from "../simulation/object.ts";
import { entry, Room, START } from "./room.ts";

const gathering = { gatherAt: START, openAt: START + 600_000, capacity: 2 };

/** A room that asks for codes, of which a batch of a thousand was made. */
function codesRoom(settings: Partial<PerformanceSettings> = {}): Room {
  const room = new Room({ verification: "codes", ...settings });
  expect(room.operate({ do: "make-codes", count: 1_000, label: "Fan club" })).toMatchObject({ ok: true, batch: 1 });
  return room;
}

const code = (index: number, batch = 1): string => codeIdentity({ batch, index });
const show = (room: Room, person: number, identity: string | null): Reply =>
  room.object.ask({ kind: "claim", entry: entry(person), identity });
const refused = (code: string) => ({ ok: false, refusal: { code } });
const VERIFIED = { ok: true, kind: "verified", verified: true };
const UNVERIFIED = { ok: true, kind: "verified", verified: false };

describe("joining a sale that asks for codes", () => {
  test("takes one that was shown before; a refused join uses nothing up", () => {
    const room = codesRoom();
    expect(room.join(0)).toMatchObject({ ok: true, refused: [[0, "verification-required"]] });
    expect(room.standing(0).state).toBe("none");
    expect(show(room, 0, null)).toEqual(UNVERIFIED);
    expect(show(room, 0, code(0))).toEqual(VERIFIED);
    expect(room.join(0)).toMatchObject({ refused: [] });
    expect(room.standing(0)).toMatchObject({ number: 0 });
  });

  test("a code is its first member's for good: in other tabs, after leaving, after a restart, and nobody else's ever", () => {
    const room = codesRoom(gathering);
    show(room, 0, code(7));
    room.join(0);
    for (let again = 0; again < 3; again++) {
      expect(show(room, 0, code(7))).toEqual(VERIFIED);
      expect(show(room, 1, code(7))).toMatchObject(refused("identity-taken"));
      room.object.ask({ kind: "leave", entry: entry(0) });
      expect(show(room, 1, code(7))).toMatchObject(refused("identity-taken"));
      room.join(0);
      expect(room.standing(0).number).toBe(0);
      room.object.restart();
    }
    expect(room.join(1)).toMatchObject({ refused: [[0, "verification-required"]] });
    expect(room.object.state.line.roster.size).toBe(1);
  });

  test("whoever has shown one needs no other, and spends none by showing it", () => {
    const room = codesRoom();
    show(room, 0, code(1));
    expect(show(room, 0, code(2))).toEqual(VERIFIED);
    expect(show(room, 1, code(2))).toEqual(VERIFIED);
    expect(room.object.state.identities.view("codes")).toMatchObject({ verified: 2, batches: [{ used: 2 }] });
  });

  test("codes that were never made, or were made void, open nothing; those shown before stay good", () => {
    const room = codesRoom();
    show(room, 0, code(0));
    for (const wrong of [code(1_000), code(0, 2), subjectIdentity("ab".repeat(32), "somebody")]) {
      expect(show(room, 1, wrong)).toMatchObject(refused("presale-code-invalid"));
    }
    expect(room.operate({ do: "void-codes", batch: 1 })).toMatchObject({ ok: true, batch: 1 });
    expect(room.operate({ do: "void-codes", batch: 2 })).toMatchObject(refused("code-batch-not-found"));
    room.object.restart();
    expect(show(room, 1, code(1))).toMatchObject(refused("presale-code-invalid"));
    expect(show(room, 0, code(0))).toEqual(VERIFIED);
    expect(room.join(0)).toMatchObject({ refused: [] });
  });

  test("whoever was revoked cannot come back with another code, and the old one helps nobody", () => {
    const room = codesRoom();
    show(room, 0, code(0));
    room.join(0);
    room.operate({ do: "revoke", entry: entry(0) });
    expect(room.join(0)).toMatchObject({ refused: [[0, "member-revoked"]] });
    expect(show(room, 1, code(0))).toMatchObject(refused("identity-taken"));
    room.operate({ do: "revoke", entry: entry(2) });
    expect(show(room, 2, code(1))).toMatchObject(refused("member-revoked"));
  });

  test("after the close codes are no longer taken", () => {
    const room = codesRoom();
    room.operate({ do: "close" });
    expect(show(room, 0, code(0))).toMatchObject(refused("performance-closed"));
    expect(show(room, 0, null)).toEqual(UNVERIFIED);
  });

  test("is refused by the whole packed batch for exactly those who have shown none", () => {
    const room = codesRoom();
    for (const person of [1, 3, 5]) show(room, person, code(person));
    const entries = new Uint8Array(6 * 16);
    for (let person = 0; person < 6; person++) entries.set(Buffer.from(entry(person), "hex"), person * 16);
    expect(room.object.ask({ kind: "join", entries })).toMatchObject({
      refused: [0, 2, 4].map((index) => [index, "verification-required"]),
    });
    expect([1, 3, 5].map((person) => room.standing(person).number)).toEqual([0, 1, 2]);
  });
});

describe("what the organiser does", () => {
  test("is in the audit log without any code, and fits the kind of sale only", () => {
    const room = codesRoom();
    const logged = JSON.stringify(room.object.lastChanges);
    expect(logged).toContain("make-codes");
    expect(logged).toContain("Fan club");
    expect(room.operate({ do: "set-verifier", url: "https://fans.example.org" })).toMatchObject(
      refused("settings-invalid"),
    );
    expect(room.operate({ do: "make-codes", count: 0, label: "" })).toMatchObject(refused("settings-invalid"));
    expect(room.operate({ do: "make-codes", count: 10_001, label: "" })).toMatchObject(refused("settings-invalid"));
    expect(room.operate({ do: "make-codes", count: 10, label: "second" })).toMatchObject({ batch: 2 });
    const plain = new Room({});
    expect(plain.operate({ do: "make-codes", count: 1, label: "x" })).toMatchObject(refused("settings-invalid"));
    expect(show(plain, 0, code(0))).toEqual(VERIFIED); // nothing is asked there
    expect(plain.object.state.identities.size).toBe(0);
  });

  test("a new secret has a new version, also after a restart", () => {
    const room = new Room({ verification: "verifier" });
    expect(room.operate({ do: "set-verifier", url: "https://fans.example.org/a" })).toMatchObject({ version: 1 });
    room.object.restart();
    expect(room.operate({ do: "set-verifier", url: "https://fans.example.org/b" })).toMatchObject({ version: 2 });
    expect(room.object.state.identities.verifier).toMatchObject({ url: "https://fans.example.org/b", version: 2 });
  });

  test("cannot be taken back: what joining takes is fixed by the first publication", () => {
    const room = codesRoom();
    const settings = room.object.state.settings;
    if (settings === null) throw new Error("not published");
    const request = { performanceId: PERFORMANCE_ID, settings: { ...settings, verification: null }, schedules: [] };
    expect(room.object.publish(request)).toMatchObject({
      refusal: { code: "published-differently", evidence: { setting: "verification" } },
    });
  });
});

/** What may happen, in any order, with crashes on either side of a commit. */
const step = fc.record({
  person: fc.nat(11),
  identity: fc.nat(7),
  act: fc.constantFrom("show", "show", "show", "join", "leave", "restart"),
  crash: fc.constantFrom(null, null, "before-commit" as const, "after-commit" as const),
});

test("one identity never has two entries, nor an entry two identities, and nobody without one has a number", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const room = codesRoom({ ...gathering, capacity: 3 });
      /** As answered, or (after a crash that lost the answer) as it must be found. */
      const holder = new Map<number, number>();
      for (const { person, identity, act, crash } of steps) {
        if (act === "restart") room.object.restart();
        else {
          const command =
            act === "show"
              ? ({ kind: "claim", entry: entry(person), identity: code(identity) } as const)
              : act === "join"
                ? ({ kind: "join", entries: new Uint8Array(Buffer.from(entry(person), "hex")) } as const)
                : ({ kind: "leave", entry: entry(person) } as const);
          try {
            const [reply] = room.object.execute([command], null, crash);
            if (act === "show" && reply?.ok === false) {
              expect(reply.refusal.code).toBe("identity-taken");
              expect(holder.get(identity)).not.toBe(person);
              expect(holder.has(identity)).toBe(true);
            }
          } catch (error) {
            if (!(error instanceof Crash)) throw error;
          }
        }
        const stored = pairsOf(room);
        expect(new Set(stored.map(([shown]) => shown)).size).toBe(stored.length);
        expect(new Set(stored.map(([, by]) => by)).size).toBe(stored.length);
        for (const [shown, by] of stored) {
          const before = holder.get(shown);
          if (before !== undefined) expect(by).toBe(before);
          holder.set(shown, by);
        }
        expect(stored.length).toBe(holder.size);
        const verified = new Set(stored.map(([, by]) => by));
        for (let one = 0; one < 12; one++) if (!verified.has(one)) expect(room.standing(one).number).toBeNull();
      }
    }),
    { numRuns: 60 },
  );
});

/** [identity, person] of every pair in storage, read as the object would after a restart. */
function pairsOf(room: Room): [number, number][] {
  const state = load(room.object.storage.sql, PERFORMANCE_ID, room.now);
  const people = new Map(Array.from({ length: 12 }, (_, index) => [entry(index), index]));
  const found: [number, number][] = [];
  const pairs = state.identities.pairs(0, state.identities.size);
  for (let at = 0; at < pairs.length; at += 32) {
    const shown = Buffer.from(pairs.subarray(at, at + 16)).toString("hex");
    const by = Buffer.from(pairs.subarray(at + 16, at + 32)).toString("hex");
    found.push([Number.parseInt(shown.slice(24), 16), people.get(by) ?? -1]);
  }
  return found;
}

test("a thousand that are shown in two batches are a few packed rows, and are all there after a restart", () => {
  const room = codesRoom({ ...gathering });
  const claims = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      return { kind: "claim", entry: entry(from + index), identity: code(from + index) } as const;
    });
  room.object.execute(claims(0, 250));
  room.object.execute(claims(250, 1_000));
  expect(rows(room.object.storage.sql, "SELECT number FROM claims")).toHaveLength(4);
  room.object.restart();
  expect(room.object.state.identities.size).toBe(1_000);
  for (const person of [0, 249, 250, 255, 256, 999]) {
    expect(show(room, person, null)).toEqual(VERIFIED);
    expect(show(room, 2_000, code(person))).toMatchObject(refused("identity-taken"));
  }
});

test("joins of one commit that cross a segment are all there after a restart", () => {
  const room = new Room({ ...gathering });
  const pack = (from: number, to: number) => {
    const entries = new Uint8Array((to - from) * 16);
    for (let person = from; person < to; person++) {
      entries.set(Buffer.from(entry(person), "hex"), (person - from) * 16);
    }
    return { kind: "join", entries } as const;
  };
  room.object.execute([pack(0, 1_023)]);
  room.object.execute([pack(1_023, 1_024), pack(1_024, 1_025)]);
  room.object.restart();
  expect(room.standing(1_023).number).toBe(1_023);
  expect(room.standing(1_024).number).toBe(1_024);
});
