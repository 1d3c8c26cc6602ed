/** What is forgotten, and when: rows past their time, and everything that says who somebody was. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withRecords } from "../../workers/records/database.ts";
import { readRecordsFigures } from "../../workers/records/figures.ts";
import { listFinished } from "../../workers/records/finished-sales.ts";
import { keptDays, purgeOldRows } from "../../workers/records/retention.ts";
import { bearer, startEdge, textAt, type Edge } from "./edge.ts";
import { History } from "./history.ts";
import { Delivery } from "./delivery.ts";

const DAY = 86_400_000;
const NOW = new Date("2026-12-01T00:00:00Z");

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge?.close());

const ago = (days: number): string => new Date(NOW.getTime() - days * DAY).toISOString();

async function ids(table: string, column = "id"): Promise<readonly string[]> {
  const { rows } = await edge.sql.query<{ name: string }>(`select ${column}::text as name from ${table} order by 1`);
  return rows.map(({ name }) => name);
}

describe("rows past their time", () => {
  const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

  it("go, and those within it stay; that a notification came is known for ever", async () => {
    const member = textAt((await edge.signIn("keeper@example.com", "organiser")).body, "member", "id");
    await edge.sql.query("insert into organisations (id, name, created_by) values ($1, 'o', $2)", [uuid(1), member]);
    const performance = `insert into performances (id, owner, organisation_id, title, emptied_at) values ($1, $2, $3, 't', $4)`;
    await edge.sql.query(performance, [uuid(10), member, uuid(1), ago(keptDays.notices + 1)]);
    await edge.sql.query(performance, [uuid(11), member, uuid(1), null]);
    await edge.sql.query("insert into webhooks (id, owner, url, secret) values ($1, $2, 'https://x.example', 's')", [
      uuid(2),
      member,
    ]);
    const old = (days: number) => [ago(days + 1), ago(days - 1)] as const;
    for (const [n, at] of old(keptDays.notificationBodies).entries()) {
      await edge.sql.query(
        "insert into provider_events (provider, event_key, body, received_at) values ('toss', $1, '{\"who\":\"x\"}', $2)",
        [`k${n}`, at],
      );
    }
    for (const [n, at] of old(keptDays.deliveries).entries()) {
      await edge.sql.query(
        `insert into webhook_deliveries (id, webhook_id, notice_id, kind, number, took_ms, at, body)
         values ($1, $2, 'n', 'k', 1, 1, $3, '{}')`,
        [uuid(20 + n), uuid(2), at],
      );
    }
    for (const [n, at] of old(keptDays.notices).entries()) {
      for (const [sale, id] of [uuid(10), uuid(11)].entries()) {
        await edge.sql.query(
          `insert into notices (id, channel, kind, performance_id, order_id, state, updated_at)
           values ($1, 'mail', 'k', $2, 'o', 'sent', $3)`,
          [`notice ${sale}${n}`, id, at],
        );
      }
    }
    for (const [n, at] of old(keptDays.appliedLetters).entries()) {
      for (const [m, applied] of [true, false].entries()) {
        const seq = 10 * n + m + 1;
        await edge.sql.query(
          "insert into quarantined_events (id, performance_id, seq, body, reason, at) values ($1, $2, $3, '{}', 'r', $4)",
          [uuid(30 + seq), uuid(11), seq, at],
        );
        if (applied) {
          await edge.sql.query("insert into applied_events (performance_id, seq) values ($1, $2)", [uuid(11), seq]);
        }
      }
    }
    for (const [n, at] of old(keptDays.scans).entries()) {
      await edge.sql.query(
        `insert into door_scans (schedule_id, id, performance_id, result, let_in, offline, device, operator, at)
         values ($1, $2, $1, 'not-a-ticket', false, false, 'd', $1, $3)`,
        [uuid(40), uuid(41 + n), at],
      );
    }
    const gone = await withRecords(edge.env, (db) => purgeOldRows(db, NOW));
    expect(gone).toEqual({
      provider_events: 1,
      webhook_deliveries: 1,
      notices: 1,
      quarantined_events: 1,
      door_scans: 1,
    });
    const { rows } = await edge.sql.query("select event_key, body from provider_events order by event_key");
    expect(rows).toEqual([
      { event_key: "k0", body: {} },
      { event_key: "k1", body: { who: "x" } },
    ]);
    expect(await ids("webhook_deliveries")).toEqual([uuid(21)]);
    // Of a sale whose object can still report, every notice stays: without it somebody would be told twice.
    expect(await ids("notices")).toEqual(["notice 01", "notice 10", "notice 11"]);
    expect(await ids("quarantined_events", "seq")).toEqual(["11", "12", "2"]);
    expect(await ids("door_scans")).toEqual([uuid(42)]);
    expect(await withRecords(edge.env, (db) => purgeOldRows(db, NOW))).toEqual({});
  });
});

describe("sales that are over", () => {
  const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const KEPT_MS = 30 * DAY;
  const counted = async (): Promise<Readonly<Record<string, number>>> => {
    const { finished } = await withRecords(edge.env, (db) => readRecordsFigures(db, KEPT_MS, NOW.getTime()));
    return Object.fromEntries(finished.map(({ state, count }) => [state, count]));
  };

  /** When the first of those that wait should have been emptied. */
  const dueAt = async (): Promise<number | null> =>
    (await withRecords(edge.env, (db) => readRecordsFigures(db, KEPT_MS, NOW.getTime()))).emptyingDueAt;

  it("are counted by what has become of their objects: kept, waiting to be emptied, emptied", async () => {
    const before = await counted();
    const { rows } = await edge.sql.query<{ owner: string; organisation: string }>(
      "select owner, organisation_id as organisation from performances limit 1",
    );
    await edge.sql.query(
      `insert into halls (id, owner, organisation_id, name, address, time_zone, chart, seats, grades)
       values ($1, $2, $3, 'h', 'a', 'Asia/Seoul', '{}', 0, '{}')`,
      [uuid(49), rows[0]?.owner, rows[0]?.organisation],
    );
    const date = (id: number, of: number, startsAt: string): Promise<unknown> =>
      edge.sql.query(
        "insert into schedules (id, performance_id, hall_id, starts_at, published_at) values ($1, $2, $3, $4, $5)",
        [uuid(id), uuid(of), uuid(49), startsAt, ago(90)],
      );
    const sale = async (n: number, phase: string, days: number, emptied: string | null = null): Promise<void> => {
      await edge.sql.query(
        `insert into performances (id, owner, organisation_id, title, phase, published_at, emptied_at)
         values ($1, $2, $3, 't', $4, $5, $6)`,
        [uuid(n), rows[0]?.owner, rows[0]?.organisation, phase, ago(90), emptied],
      );
      await date(100 + n, n, ago(days));
    };
    await sale(50, "open", 40);
    await sale(51, "closed", 29);
    await sale(52, "closed", 31);
    await sale(53, "closed", 60);
    await sale(54, "closed", 60, ago(1));
    // A second date that is still to come keeps the whole sale.
    await sale(55, "closed", 60);
    await date(200, 55, ago(-5));
    const more = { kept: 2, waiting: 2, emptied: 1 };
    const after = Object.fromEntries(Object.entries(more).map(([state, n]) => [state, (before[state] ?? 0) + n]));
    expect(await counted()).toEqual(after);
    // The one that is 60 days past should have gone 30 days ago.
    expect(await dueAt()).toBe(NOW.getTime() - 30 * DAY);
    const due = await withRecords(edge.env, (db) => listFinished(db, new Date(NOW.getTime() - KEPT_MS), 100));
    expect(due.toSorted()).toEqual([uuid(52), uuid(53)]);
    await edge.sql.query("update performances set emptied_at = $2 where id = $1", [uuid(52), NOW.toISOString()]);
    expect(await counted()).toEqual({
      ...after,
      waiting: (after["waiting"] ?? 0) - 1,
      emptied: (after["emptied"] ?? 0) + 1,
    });
    // One that closes later than its last date counts from there, one whose date was cancelled from its cancellation.
    const closeAt = NOW.getTime() - 40 * DAY;
    await edge.sql.query("update performances set settings = jsonb_build_object('closeAt', $2::float8) where id = $1", [
      uuid(53),
      closeAt,
    ]);
    expect(await dueAt()).toBe(closeAt + KEPT_MS);
    await edge.sql.query("update schedules set cancelled_at = $2 where performance_id = $1", [uuid(53), ago(29)]);
    expect(await dueAt()).toBeNull();
    await edge.sql.query("update performances set emptied_at = $2 where id = $1", [uuid(53), NOW.toISOString()]);
    expect(await dueAt()).toBeNull();
  });
});

describe("a member", () => {
  const email = "very.personal@example.com";

  it("gets a copy of everything that is kept, and nobody else's", async () => {
    const signedIn = await edge.signIn(email);
    const token = textAt(signedIn.body, "accessToken");
    const id = textAt(signedIn.body, "member", "id");
    const history = new History();
    await edge.sql.query("insert into organisations (id, name, created_by) values ($1, 'p', $2)", [
      history.scheduleId,
      id,
    ]);
    await edge.sql.query("insert into performances (id, owner, organisation_id, title) values ($1, $2, $3, '햄릿')", [
      history.performanceId,
      id,
      history.scheduleId,
    ]);
    const own = history.pay(history.place("A-1"));
    await new Delivery(edge.env).deliver(...history.events);
    await edge.sql.query("update orders set member_id = $1 where id = $2", [id, own.id]);
    await edge.sql.query("update tickets set member_id = $1 where order_id = $2", [id, own.id]);
    expect((await edge.ask("GET", "/api/me/data")).status).toBe(401);
    await edge.ask("GET", "/api/me/data", { headers: bearer(token) });
    // That it was asked for is kept, too.
    const answer = await edge.ask("GET", "/api/me/data", { headers: bearer(token) });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      account: { id, email, nickname: "하늘" },
      orders: [{ id: own.id, status: "paid" }],
      tickets: [{ orderId: own.id, status: "valid" }],
      audit: [{ action: "member.data-exported" }],
    });
    const stranger = textAt((await edge.signIn("stranger@example.com")).body, "accessToken");
    const others = await edge.ask("GET", "/api/me/data", { headers: bearer(stranger) });
    expect(others.body).toMatchObject({ orders: [], tickets: [] });
    expect(JSON.stringify(others.body)).not.toContain(email);
  });

  it("who leaves is nowhere in the database any more, by address or by name", async () => {
    const nickname = "참으로드문이름";
    const signedIn = await edge.signIn(email);
    const token = textAt(signedIn.body, "accessToken");
    const id = textAt(signedIn.body, "member", "id");
    await edge.ask("PATCH", "/api/me", { json: { nickname }, headers: bearer(token) });
    // Whatever may name somebody: an invitation, a reset link, a failed sign-in, an order, a webhook of their own.
    const owner = textAt((await edge.signIn("inviter@example.com", "organiser")).body, "accessToken");
    const organisations = await edge.ask("GET", "/api/organisations", { headers: bearer(owner) });
    const organisation = textAt(organisations.body, "items", 0, "id");
    const invited = await edge.ask("POST", `/api/organisations/${organisation}/invitations`, {
      json: { email, role: "door" },
      headers: bearer(owner),
    });
    expect(invited.status).toBeLessThan(300);
    await edge.ask("POST", "/api/auth/forgot-password", { json: { email } });
    await edge.ask("POST", "/api/auth/login", { json: { email, password: "not the password" } });
    await edge.mailsTo(email);
    await edge.sql.query("insert into webhooks (id, owner, url, secret) values (gen_random_uuid(), $1, $2, 's')", [
      id,
      `https://hooks.example/${nickname}`,
    ]);
    expect(await tablesWith(email)).toEqual(["invitations", "members"]);
    expect(await tablesWith(nickname)).toEqual(["members", "webhooks"]);

    await edge.sql.query("update orders set status = 'expired' where member_id = $1", [id]);
    await edge.sql.query("update tickets set status = 'cancelled' where member_id = $1", [id]);
    const left = await edge.ask("POST", "/api/me/withdrawal", {
      json: { password: "correct horse" },
      headers: bearer(token),
    });
    expect(left.status).toBe(204);
    expect(await tablesWith(email)).toEqual([]);
    expect(await tablesWith(nickname)).toEqual([]);
    // What refers to somebody refers to an id that belongs to nobody.
    const { rows } = await edge.sql.query("select email, nickname, password_hash from members where id = $1", [id]);
    expect(rows).toEqual([{ email: "", nickname: "", password_hash: "none" }]);
    const { rows: hooks } = await edge.sql.query("select enabled from webhooks where owner = $1", [id]);
    expect(hooks).toEqual([{ enabled: false }]);
  });
});

/** Tables of the whole database in which some column of some row has this text. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const { rows } = await edge.sql.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const hit = await edge.sql.query(`select 1 from "${name}" t where strpos(lower(t::text), lower($1)) > 0 limit 1`, [
      text,
    ]);
    if (hit.rows.length > 0) found.push(name);
  }
  return found;
}
