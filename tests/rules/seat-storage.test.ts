/** Seats, holds and replies in storage: whenever memory is thrown away, what comes back is what was committed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import type { Command, Reply } from "../../durable-objects/performance/contract.ts";
import { keyHash, ReplyIndex } from "../../durable-objects/performance/reply-index.ts";
import { load } from "../../durable-objects/performance/storage/load.ts";
import { integer, rows, run } from "../../durable-objects/performance/storage/sql.ts";
import { migrateTables } from "../../durable-objects/performance/storage/tables.ts";
import { PERFORMANCE_ID, publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";
import { SimulatedObject } from "../simulation/object.ts";

const DAY = 86_400_000;
const ROWS = 10;
const SEATS = 8;
const clock = { now: 1_000 };
const entry = (member: number): string => (member + 1).toString(16).padStart(32, "0");
const entries = (count: number): Uint8Array => {
  const bytes = new Uint8Array(count * 16);
  for (let member = 0; member < count; member++) bytes[member * 16 + 15] = member + 1;
  return bytes;
};

/** A sale with so many people in it who may hold. */
function sale(members: number, chart = gridChart(ROWS, SEATS)): SimulatedObject {
  clock.now = 1_000;
  const object = new SimulatedObject(PERFORMANCE_ID, () => clock.now);
  object.publish(publishRequest({ maxSeatsPerMember: 50 }, chart));
  object.ask({ kind: "join", entries: entries(members) });
  for (let member = 0; member < members; member++) {
    object.ask({ kind: "enter", entry: entry(member), member: `member-${member}` });
  }
  return object;
}

let keys = 0;
const hold = (member: number, seats: readonly string[], key = `key-${(keys += 1)}`): Command => ({
  kind: "hold",
  epoch: 0,
  entry: entry(member),
  member: `member-${member}`,
  scheduleId: SCHEDULE_ID,
  seats,
  key: { id: `member-${member}|hold|${key}`, hash: seats.join() },
});
const release = (member: number, holdId: string): Command => ({ kind: "release", member: `member-${member}`, holdId });

/** All of seats and holds that memory knows. */
function known({ state }: Pick<SimulatedObject, "state">) {
  const board = state.boards.get(SCHEDULE_ID);
  return {
    version: board?.version,
    status: Array.from(board?.status ?? []),
    holder: Array.from(board?.holder ?? []),
    holds: Array.from(state.holds.values()).toSorted((a, b) => a.number - b.number),
    seatsOfMember: Object.fromEntries(Array.from(state.seatsOfMember).filter(([, seats]) => seats > 0)),
    journal: {
      generation: state.journal.generation,
      rows: state.journal.rows,
      sections: Array.from(state.journal.sections, ([id, sections]) => [
        id,
        Array.from(sections).toSorted((a, b) => a - b),
      ]),
      packs: Array.from(state.journal.packs).toSorted((a, b) => a - b),
    },
  };
}

const journalRows = ({ storage, state }: SimulatedObject): number => {
  const query = "SELECT COUNT(*) AS n FROM seat_journal WHERE generation = ?";
  return integer(rows(storage.sql, query, state.journal.generation)[0] ?? {}, "n");
};

describe("seats and holds", () => {
  const people = 5;
  const act = fc.oneof(
    fc.record({
      do: fc.constant("hold" as const),
      member: fc.nat(people - 1),
      row: fc.integer({ min: 1, max: ROWS }),
      seat: fc.integer({ min: 1, max: SEATS }),
    }),
    fc.record({ do: fc.constant("release" as const), nth: fc.nat(200) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
  );

  test("come back as they were, after any number of commits", () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 200 }), (acts) => {
        const object = sale(people);
        for (const one of acts) {
          if (one.do === "wait") clock.now += one.ms;
          else if (one.do === "hold") object.ask(hold(one.member, [`r${one.row}s${one.seat}`]));
          else {
            const holds = Array.from(object.state.holds.values());
            const fact = holds[one.nth % Math.max(1, holds.length)];
            if (fact !== undefined) object.ask(release(Number(fact.member.slice(7)), `h${fact.number}`));
          }
        }
        const before = known(object);
        object.restart();
        expect(known(object)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("are folded into their own rows after 64 commits, and the journal begins again", () => {
    const object = sale(1);
    const sizes: number[] = [];
    for (let commit = 0; commit < 130; commit++) {
      const held = Array.from(object.state.holds.keys());
      object.ask(commit % 2 === 0 ? hold(0, ["r1s1"]) : release(0, `h${held[0]}`));
      expect(object.state.journal.rows).toBe(journalRows(object));
      sizes.push(journalRows(object));
    }
    expect(Math.max(...sizes)).toBe(64);
    expect(sizes.filter((size) => size === 0)).toHaveLength(2);
    object.restart();
    expect(object.state.holds.size).toBe(0);
    expect(Array.from(object.state.boards.get(SCHEDULE_ID)?.status ?? []).every((status) => status === 0)).toBe(true);
  });

  test("of very many in one commit are folded at once", () => {
    const [members, each] = [100, 50];
    const object = sale(members, gridChart(members, each));
    const row = (member: number): string[] => Array.from({ length: each }, (_, seat) => `r${member + 1}s${seat + 1}`);
    object.execute(Array.from({ length: members }, (_, member) => hold(member, row(member))));
    const before = known(object);
    expect(before.holds).toHaveLength(members);
    expect(journalRows(object)).toBe(0);
    object.restart();
    expect(known(object)).toEqual(before);
  });

  test("a damaged row stops the object instead of giving seats away", () => {
    const object = sale(1);
    object.ask(hold(0, ["r1s1"]));
    run(object.storage.sql, "UPDATE seat_journal SET body = replace(body, ?, '[\"gone\"')", `["${SCHEDULE_ID}"`);
    expect(() => load(object.storage.sql, PERFORMANCE_ID, clock.now)).toThrow("the journal names schedule gone");
  });
});

describe("kept replies", () => {
  const ask = (object: SimulatedObject, command: Command): Reply => object.ask(command);

  test("of the same key are the same before and after a restart, and other content is told apart", () => {
    const object = sale(2);
    const first = hold(0, ["r1s1", "r1s2"], "one");
    const answer = ask(object, first);
    expect(answer).toMatchObject({ ok: true, kind: "hold" });
    object.restart();
    expect(ask(object, first)).toEqual(answer);
    const other = { ...first, key: { id: `member-0|hold|one`, hash: "something else" } } as Command;
    expect(ask(object, other)).toEqual({ ok: false, refusal: { code: "key-reused" } });
    // The same key of somebody else is another key.
    expect(ask(object, hold(1, ["r2s1"], "one"))).toMatchObject({ ok: true });
  });

  test("are gone after their day, and not before", () => {
    const object = sale(1);
    const command = hold(0, ["r1s1"], "kept");
    const answer = ask(object, command);
    clock.now += DAY - 1;
    object.purge();
    object.restart();
    expect(ask(object, command)).toEqual(answer);
    clock.now += 3_600_000;
    object.purge();
    expect(ask(object, command)).not.toEqual(answer);
  });

  test("are found among others of the same hash, as long as those are few", () => {
    const index = new ReplyIndex();
    const hash = keyHash("any");
    for (let pack = 1; pack <= 20; pack++) index.add(hash, pack, 1);
    expect(index.packsOf(hash)).toEqual([20, 19, 18, 17, 16, 15, 14, 13]);
    expect(index.packsOf(hash + 1)).toEqual([]);
  });

  test("are found again among very many", () => {
    const index = new ReplyIndex();
    for (let n = 0; n < 20_000; n++) index.add(keyHash(`member-${n}|hold|${n}`), n + 1, n * 1_000);
    for (let n = 0; n < 20_000; n += 97) expect(index.packsOf(keyHash(`member-${n}|hold|${n}`))).toEqual([n + 1]);
    index.forget(7_200_000);
    expect(index.packsOf(keyHash("member-0|hold|0"))).toEqual([]);
    expect(index.packsOf(keyHash("member-19999|hold|19999"))).toEqual([20_000]);
    expect(index.nextPack).toBe(20_001);
  });
});

test("an object of before the journal keeps its holds and replies", () => {
  const object = sale(1);
  const command = hold(0, ["r1s1"], "old");
  const answer = object.ask(command);
  const { sql } = object.storage;
  const before = known(object);
  // Back to how it was stored: a row a hold, a row a reply, the section as it is, and none of the later steps.
  const fact = before.holds[0];
  const board = object.state.boards.get(SCHEDULE_ID);
  if (fact === undefined || board === undefined) throw new Error("no hold");
  run(sql, "DROP TABLE seat_journal");
  run(sql, "DROP TABLE hold_packs");
  run(sql, "DROP TABLE reply_packs");
  run(sql, "DROP TABLE refund_accounts");
  run(
    sql,
    "CREATE TABLE holds (number INTEGER PRIMARY KEY, member TEXT NOT NULL, schedule_id TEXT NOT NULL, seats TEXT NOT NULL, first_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)",
  );
  const { number, member, scheduleId, seats, firstAt, expiresAt } = fact;
  run(
    sql,
    "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)",
    ...[number, member, scheduleId, JSON.stringify(seats), firstAt, expiresAt],
  );
  run(
    sql,
    "UPDATE seat_sections SET version = ?, status = ?, holder = ?",
    board.version,
    board.status,
    new Uint8Array(board.holder.buffer),
  );
  const reply = JSON.stringify(answer);
  run(sql, "INSERT INTO replies VALUES (?, ?, ?, ?)", "member-0|hold|old", "r1s1", reply, clock.now + DAY);
  run(sql, "DELETE FROM steps WHERE id >= (SELECT id FROM steps WHERE name = 'journal')");
  migrateTables(sql);
  object.restart();
  expect(known(object)).toEqual({ ...before, journal: { generation: 0, rows: 0, sections: [], packs: [] } });
  expect(object.ask(command)).toEqual(answer);
});
