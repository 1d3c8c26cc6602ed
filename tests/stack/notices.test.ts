/** Who is told what because of an order: mails into the inbox, signed requests to a receiver, each once. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import type { Environment } from "../../workers/environment.ts";
import { dispatchForgotten } from "../../workers/records/notices/consume.ts";
import { tellGivenUp } from "../../workers/records/notices/given-up.ts";
import { Delivery, retryWithin } from "./delivery.ts";
import { bearer, textAt } from "./edge.ts";
import { Telling } from "./telling.ts";

let telling: Telling;

beforeAll(async () => {
  telling = await Telling.start();
}, 90_000);

afterAll(() => telling?.end());

beforeEach(() => telling.begin());

const states = async () =>
  (
    await telling.edge.sql.query<{ channel: string; state: string; tries: number }>(
      "select channel, state, tries from notices order by channel",
    )
  ).rows;

describe("a buyer", () => {
  it.each([
    ["ko", "예매가 완료되었습니다: 햄릿", "예매가 취소되었습니다"],
    ["en", "Your booking: 햄릿", "Cancelled: 햄릿"],
  ])("who reads %s is told once of the booking and once of its end", async (language, booked, cancelled) => {
    const { email, order } = await telling.bought(language);
    await telling.delivery.deliver(...telling.history.events);
    expect(telling.delivery.notices).toHaveLength(1);
    await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
    const mails = await telling.mailsTo(email);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain(booked);
    expect(mails[0]).toContain(`https://tickets.example/order?id=${order.id}`);
    expect(mails[0]).toContain(orderNumber(order.id));
    telling.history.cancel(order);
    await telling.delivery.deliver(...telling.history.events);
    await telling.delivery.deliverNotices(...telling.delivery.notices);
    const after = await telling.mailsTo(email);
    expect(after).toHaveLength(2);
    expect(after.join("\n")).toContain(cancelled);
  });

  it.each([
    ["ko", "공연 일정이 바뀌었습니다: 햄릿", "2027년 1월 10일", "2027년 1월 3일", "수수료 없이"],
    ["en", "Moved to another time: 햄릿", "January 10, 2027", "January 3, 2027", "a full refund until"],
  ])("who reads %s is told of every move once, with the choice, and has another ticket", async (language, ...words) => {
    const { email, order } = await telling.bought(language);
    const ticket = async () => {
      const query = "select version, code, issued_at from tickets where order_id = $1";
      return (await telling.edge.sql.query<{ version: number; code: string }>(query, [order.id])).rows[0];
    };
    const first = await ticket();
    const moved = telling.history.move(order, Date.UTC(2027, 0, 10, 10), Date.UTC(2027, 0, 3, 10));
    await telling.delivery.deliver(...telling.history.events.slice(-1));
    const second = await ticket();
    expect(second).toMatchObject({ version: 2 });
    expect(second?.code).not.toBe(first?.code);
    // However often, and in whatever order, what was reported arrives.
    await telling.delivery.deliver(...telling.history.events.toReversed(), ...telling.history.events);
    expect(await ticket()).toEqual(second);
    await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
    const mails = await telling.mailsTo(email);
    expect(mails).toHaveLength(2);
    const told = mails.find((mail) => mail.startsWith(words[0] ?? "none"));
    for (const word of [...words, `https://tickets.example/order?id=${order.id}`]) expect(told).toContain(word);
    telling.history.move(moved, Date.UTC(2027, 1, 10, 10), Date.UTC(2027, 0, 3, 10));
    await telling.delivery.deliver(...telling.history.events.slice(-1));
    await telling.delivery.deliverNotices(...telling.delivery.notices);
    expect(await telling.mailsTo(email)).toHaveLength(3);
    expect(await ticket()).toMatchObject({ version: 3 });
  });

  it.each([
    ["ko", "주최 측에서 취소했습니다: 햄릿"],
    ["en", "Cancelled by the organiser: 햄릿"],
  ])(
    "who reads %s is told once when the show is called off, and webhooks that the order ended",
    async (language, words) => {
      await telling.registered();
      const { email, order } = await telling.bought(language);
      telling.history.callOff(order);
      for (const event of telling.history.events.slice(-2)) await telling.delivery.deliver(event);
      await telling.delivery.deliverNotices(...telling.delivery.notices);
      const mails = await telling.mailsTo(email);
      expect(mails).toHaveLength(2);
      expect(mails.filter((mail) => mail.startsWith(words))).toHaveLength(1);
      expect(telling.heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
        "order.paid",
        "order.cancelled",
      ]);
    },
  );

  it("is told when the mail service is back, and the row says what happened meanwhile", async () => {
    const { email } = await telling.bought();
    const fault = (name: string | null) =>
      fetch(`${telling.inbox.url}/sandbox/faults`, { method: "POST", body: JSON.stringify({ fault: name }) });
    await fault("down");
    expect(await telling.delivery.deliverNotices(...telling.delivery.notices)).toEqual([retryWithin(30)]);
    await fault(null);
    expect(await telling.mailsTo(email)).toHaveLength(0);
    expect(await telling.delivery.deliverNotices(...telling.delivery.notices)).toEqual(["acked"]);
    expect(await telling.mailsTo(email)).toHaveLength(1);
    expect(await states()).toEqual([{ channel: "mail", state: "sent", tries: 2 }]);
  });

  it("whose message was lost is told by the minute's round", async () => {
    await telling.bought();
    telling.delivery.notices.length = 0;
    const sent: unknown[] = [];
    const env = {
      ...telling.settings,
      NOTICES: { sendBatch: (list: Iterable<{ body: unknown }>) => Promise.resolve(void sent.push(...list)) },
    };
    await dispatchForgotten(env as unknown as Environment);
    expect(sent).toHaveLength(0);
    await telling.edge.sql.query("update notices set updated_at = now() - interval '5 minutes'");
    await dispatchForgotten(env as unknown as Environment);
    expect(sent).toHaveLength(1);
  });
});

describe("what was given up", () => {
  const operate = { headers: bearer("scrape") };

  it("is counted, listed without anything about the buyer, and told after all under its own id, once", async () => {
    const { id } = await telling.registered();
    const { email, order } = await telling.bought();
    const off = new Delivery({ ...telling.settings, MAIL_API_KEY: "" });
    const [webhook] = telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    telling.answers = [410];
    await off.deliverNotices(...telling.delivery.notices);
    expect(await states()).toMatchObject([{ state: "given-up" }, { state: "given-up" }]);
    const figures = await telling.edge.ask("GET", "/metrics", operate);
    expect(figures.body).toContain('ticketping_records_given_up_notices{channel="mail"} 1\n');
    expect(figures.body).toContain('ticketping_records_given_up_notices{channel="webhook"} 1\n');
    const listed = await telling.edge.ask("GET", "/api/operations/notices", operate);
    const noticeId = (webhook as { notice: string }).notice;
    expect(listed.body).toMatchObject({
      items: [{ orderId: order.id }, { orderId: order.id }],
    });
    expect(JSON.stringify(listed.body)).toContain('"reason":"mail: off"');
    expect(JSON.stringify(listed.body)).not.toMatch(new RegExp(`${email}|${order.member}`));
    expect((await telling.edge.ask("GET", "/api/operations/notices")).status).toBe(401);

    // One by its id, through a queue that takes nothing: the minute's cron has it. Then whatever there is.
    const one = await telling.edge.ask("POST", "/api/operations/notices/tell", {
      ...operate,
      json: { ids: [noticeId, "of nothing"] },
    });
    expect(one.body).toEqual({ sent: 1 });
    const sent: unknown[] = [];
    const sendBatch = (list: Iterable<{ body: unknown }>) => Promise.resolve(void sent.push(...list));
    const env = { ...telling.settings, NOTICES: { sendBatch } } as unknown as Environment;
    await telling.edge.sql.query("update notices set updated_at = now() - interval '5 minutes' where tries = 0");
    await dispatchForgotten(env);
    expect(sent).toEqual([{ body: { notice: noticeId } }]);
    expect(await tellGivenUp(env, null)).toBe(1);
    expect(await tellGivenUp(env, null)).toBe(0);
    expect(sent).toHaveLength(2);
    await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
    expect(await telling.mailsTo(email)).toHaveLength(1);
    expect(telling.heard.map((heard) => heard.id)).toEqual([noticeId, noticeId]);
    expect(await states()).toMatchObject([{ state: "sent" }, { state: "sent" }]);
  });
});

describe("a webhook", () => {
  it("is told once, signed, without anything about the buyer", async () => {
    const { secret, id } = await telling.registered();
    const { email, order } = await telling.bought();
    expect(telling.delivery.notices).toHaveLength(2);
    await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
    expect(telling.heard).toHaveLength(1);
    const {
      id: notice,
      timestamp,
      signature,
      body,
    } = telling.heard[0] ?? { id: "", timestamp: "", signature: "", body: "" };
    const key = Buffer.from(secret.slice(6), "base64");
    expect(signature).toBe(`v1,${createHmac("sha256", key).update(`${notice}.${timestamp}.${body}`).digest("base64")}`);
    expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(60);
    expect(JSON.parse(body)).toMatchObject({
      type: "order.paid",
      order: { id: order.id, amount: order.amount, status: "paid" },
    });
    expect(body).not.toContain(email);
    expect(body).not.toContain(order.member);
    const log = await telling.edge.ask("GET", `/api/organizer/webhooks/${id}/deliveries`, {
      headers: bearer(telling.organiser),
    });
    expect(log).toMatchObject({
      status: 200,
      body: { items: [{ noticeId: notice, number: 1, status: 204, error: null }] },
    });
    const stranger = await telling.edge.signIn("other@example.com", "organiser");
    const theirs = await telling.edge.ask("GET", `/api/organizer/webhooks/${id}/deliveries`, {
      headers: bearer(textAt(stranger.body, "accessToken")),
    });
    expect(theirs.status).toBe(404);
  });

  it.each([
    ["has left the organisation", "delete from organisation_members where member_id = $1"],
    ["only stands at its doors by now", "update organisation_members set role = 'door' where member_id = $1"],
    [
      "belongs to one that was suspended",
      `update organisations set status = 'suspended' where id in (
         select organisation_id from organisation_members where member_id = $1)`,
    ],
  ])("is told nothing more once its owner %s, not even of what was waiting", async (_, statement) => {
    const { sql } = telling.edge;
    const { rows } = await sql.query<{ id: string }>("select id from members where email_key = 'tells@example.com'");
    const kept = await sql.query<{ organisation_id: string; role: string }>(
      "select organisation_id, role from organisation_members where member_id = $1",
      [rows[0]?.id],
    );
    const { id } = await telling.registered();
    await telling.bought();
    const waiting = telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    expect(waiting).toHaveLength(1);
    await sql.query(statement, [rows[0]?.id]);
    try {
      expect(await telling.delivery.deliverNotices(...waiting)).toEqual(["acked"]);
      expect((await states()).find(({ channel }) => channel === "webhook")?.state).toBe("given-up");
      await telling.bought();
      expect(telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id))).toHaveLength(1);
      expect(telling.heard).toEqual([]);
    } finally {
      for (const { organisation_id: organisation, role } of kept.rows) {
        await sql.query("update organisations set status = 'approved' where id = $1", [organisation]);
        await sql.query(
          `insert into organisation_members (organisation_id, member_id, role) values ($1, $2, $3)
           on conflict (organisation_id, member_id) do update set role = excluded.role`,
          [organisation, rows[0]?.id, role],
        );
      }
    }
  });

  it("that fails is told again under the same id, later each time, and in the end no more", async () => {
    const { id } = await telling.registered();
    await telling.bought();
    const [message] = telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    telling.answers = [500, 503, 302, 204];
    const ends = [];
    for (let time = 0; time < 4; time += 1) ends.push(...(await telling.delivery.deliverNotices(message)));
    expect(ends).toEqual([retryWithin(30), retryWithin(120), retryWithin(600), "acked"]);
    expect(new Set(telling.heard.map((one) => one.id)).size).toBe(1);
    await telling.edge.sql.query("update notices set state = 'waiting', tries = 8 where webhook_id = $1", [id]);
    telling.answers = [500];
    expect(await telling.delivery.deliverNotices(message)).toEqual(["acked"]);
    expect((await states()).find(({ channel }) => channel === "webhook")).toMatchObject({
      state: "given-up",
      tries: 9,
    });
    const { rows } = await telling.edge.sql.query("select number, status from webhook_deliveries order by number");
    expect(rows.map(({ status }) => status as number)).toEqual([500, 503, 302, 204, 500]);
  });

  it("is registered with a public address only, shows its secret once, and is told nothing after its end", async () => {
    const register = (url: string) =>
      telling.edge.ask("POST", "/api/organizer/webhooks", { json: { url }, headers: bearer(telling.organiser) });
    expect(await register("http://127.0.0.1:1/hook")).toMatchObject({
      status: 422,
      body: { code: "webhook-address-refused" },
    });
    const made = await register("https://hooks.organiser.kr/ticketping");
    expect(made.status).toBe(201);
    const secret = textAt(made.body, "secret");
    expect(secret).toMatch(/^whsec_/);
    const listed = await telling.edge.ask("GET", "/api/organizer/webhooks", { headers: bearer(telling.organiser) });
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const id = textAt(made.body, "webhook", "id");
    expect(
      (await telling.edge.ask("DELETE", `/api/organizer/webhooks/${id}`, { headers: bearer(telling.organiser) }))
        .status,
    ).toBe(204);
    await telling.bought();
    expect(telling.delivery.notices).toHaveLength(1);
    for (let n = 0; n < 10; n += 1) expect((await register(`https://hooks.organiser.kr/${n}`)).status).toBe(201);
    expect(await register("https://hooks.organiser.kr/more")).toMatchObject({
      status: 409,
      body: { code: "too-many-webhooks" },
    });
  });

  it("is told when the receiver has said so, and nobody waits for the rest of what it says", async () => {
    const { id } = await telling.registered();
    await telling.bought();
    const [message] = telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    telling.answers = ["endless"];
    expect(await telling.delivery.deliverNotices(message)).toEqual(["acked"]);
    const { rows } = await telling.edge.sql.query("select status, error from webhook_deliveries");
    expect(rows).toEqual([{ status: 200, error: null }]);
  });

  it("that has come to lead elsewhere is not asked", async () => {
    const { id } = await telling.registered();
    await telling.bought();
    const [message] = telling.delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    const production = new Delivery({ ...telling.settings, LOCAL_WEBHOOKS: "" });
    expect(await production.deliverNotices(message)).toEqual(["acked"]);
    expect(telling.heard).toHaveLength(0);
    expect((await states()).find(({ channel }) => channel === "webhook")?.state).toBe("given-up");
  });
});
