/** Who is told what because of an order: mails into the inbox, signed requests to a receiver, each once. */
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { startInbox } from "../../dev/mail/server.ts";
import type { Environment } from "../../workers/environment.ts";
import { dispatchForgotten } from "../../workers/records/notices/consume.ts";
import { Delivery, retryWithin } from "./delivery.ts";
import { bearer, startEdge, textAt, type Edge } from "./edge.ts";
import { History } from "./history.ts";

interface Heard {
  readonly id: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly body: string;
}

let edge: Edge;
let inbox: Awaited<ReturnType<typeof startInbox>>;
let receiver: Server;
let receiverUrl = "";
let answers: number[] = [];
let heard: Heard[] = [];
let delivery: Delivery;
let history: History;
let settings: Record<string, unknown>;
let organiser = "";
let number = 0;

beforeAll(async () => {
  edge = await startEdge();
  inbox = await startInbox({ port: 0, key: "k" });
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const header = (name: string): string => String(request.headers[name]);
      heard.push({
        id: header("webhook-id"),
        signature: header("webhook-signature"),
        timestamp: header("webhook-timestamp"),
        body,
      });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  receiverUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/hook`;
  const signedIn = await edge.signIn("tells@example.com", "organiser");
  organiser = textAt(signedIn.body, "accessToken");
  settings = {
    ...edge.env,
    MAIL_API_URL: `${inbox.url}/emails`,
    MAIL_API_KEY: "k",
    MAIL_FROM: "T <t@ticketping.test>",
    PUBLIC_ORIGIN: "https://tickets.example",
    LOCAL_WEBHOOKS: "1",
  };
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
}, 90_000);

afterAll(async () => {
  vi.restoreAllMocks();
  receiver?.close();
  await inbox?.close();
  await edge?.close();
});

beforeEach(async () => {
  await edge.sql.query("truncate notices, webhook_deliveries, webhooks, applied_events, orders, performances cascade");
  answers = [];
  heard = [];
  delivery = new Delivery(settings);
  history = new History();
  await edge.sql.query(
    `insert into performances (id, owner, organisation_id, title)
     select $1, m.id, o.organisation_id, '햄릿' from members m join organisation_members o on o.member_id = m.id
     where m.email_key = 'tells@example.com'`,
    [history.performanceId],
  );
});

/** A paid order of a member who reads this language, delivered. */
async function bought(language = "ko", ...more: readonly string[]) {
  const order = history.place(`A-${(number += 1)}`, ...more);
  const email = `buyer-${number}@example.com`;
  await edge.sql.query(
    "insert into members (id, email, email_key, nickname, password_hash, language) values ($1, $2, $2, '하늘', 'none', $3)",
    [order.member, email, language],
  );
  const paid = history.pay(order);
  await delivery.deliver(...history.events);
  return { email, order: paid };
}

async function mailsTo(email: string): Promise<readonly string[]> {
  const answer = await fetch(`${inbox.url}/mails?to=${email}`);
  const { items } = (await answer.json()) as { items: readonly { subject: string; text: string }[] };
  return items.map(({ subject, text }) => `${subject}\n${text}`);
}

async function registered(): Promise<{ id: string; secret: string }> {
  const secret = "whsec_" + Buffer.from("a secret of thirty-two bytes....").toString("base64");
  const id = crypto.randomUUID();
  await edge.sql.query(
    "insert into webhooks (id, owner, url, secret) values ($1, (select id from members where email_key = 'tells@example.com'), $2, $3)",
    [id, receiverUrl, secret],
  );
  return { id, secret };
}

const states = async () =>
  (
    await edge.sql.query<{ channel: string; state: string; tries: number }>(
      "select channel, state, tries from notices order by channel",
    )
  ).rows;

describe("a buyer", () => {
  it.each([
    ["ko", "예매가 완료되었습니다: 햄릿", "예매가 취소되었습니다"],
    ["en", "Your booking: 햄릿", "Cancelled: 햄릿"],
  ])("who reads %s is told once of the booking and once of its end", async (language, booked, cancelled) => {
    const { email, order } = await bought(language);
    await delivery.deliver(...history.events);
    expect(delivery.notices).toHaveLength(1);
    await delivery.deliverNotices(...delivery.notices, ...delivery.notices);
    const mails = await mailsTo(email);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain(booked);
    expect(mails[0]).toContain(`https://tickets.example/order?id=${order.id}`);
    expect(mails[0]).toContain(orderNumber(order.id));
    history.cancel(order);
    await delivery.deliver(...history.events);
    await delivery.deliverNotices(...delivery.notices);
    const after = await mailsTo(email);
    expect(after).toHaveLength(2);
    expect(after.join("\n")).toContain(cancelled);
  });

  it.each([
    ["ko", "공연 일정이 바뀌었습니다: 햄릿", "2027년 1월 10일", "2027년 1월 3일", "수수료 없이"],
    ["en", "Moved to another time: 햄릿", "January 10, 2027", "January 3, 2027", "without a fee until"],
  ])("who reads %s is told of every move once, with the choice, and has another ticket", async (language, ...words) => {
    const { email, order } = await bought(language);
    const ticket = async () => {
      const query = "select version, code, issued_at from tickets where order_id = $1";
      return (await edge.sql.query<{ version: number; code: string }>(query, [order.id])).rows[0];
    };
    const first = await ticket();
    const moved = history.move(order, Date.UTC(2027, 0, 10, 10), Date.UTC(2027, 0, 3, 10));
    await delivery.deliver(...history.events.slice(-1));
    const second = await ticket();
    expect(second).toMatchObject({ version: 2 });
    expect(second?.code).not.toBe(first?.code);
    // However often, and in whatever order, what was reported arrives.
    await delivery.deliver(...history.events.toReversed(), ...history.events);
    expect(await ticket()).toEqual(second);
    await delivery.deliverNotices(...delivery.notices, ...delivery.notices);
    const mails = await mailsTo(email);
    expect(mails).toHaveLength(2);
    const told = mails.find((mail) => mail.startsWith(words[0] ?? "none"));
    for (const word of [...words, `https://tickets.example/order?id=${order.id}`]) expect(told).toContain(word);
    history.move(moved, Date.UTC(2027, 1, 10, 10), Date.UTC(2027, 0, 3, 10));
    await delivery.deliver(...history.events.slice(-1));
    await delivery.deliverNotices(...delivery.notices);
    expect(await mailsTo(email)).toHaveLength(3);
    expect(await ticket()).toMatchObject({ version: 3 });
  });

  it.each([
    ["ko", "주최 측에서 취소했습니다: 햄릿"],
    ["en", "Cancelled by the organiser: 햄릿"],
  ])(
    "who reads %s is told once when the show is called off, and webhooks that the order ended",
    async (language, words) => {
      await registered();
      const { email, order } = await bought(language);
      history.callOff(order);
      for (const event of history.events.slice(-2)) await delivery.deliver(event);
      await delivery.deliverNotices(...delivery.notices);
      const mails = await mailsTo(email);
      expect(mails).toHaveLength(2);
      expect(mails.filter((mail) => mail.startsWith(words))).toHaveLength(1);
      expect(heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
        "order.paid",
        "order.cancelled",
      ]);
    },
  );

  it.each([
    [
      "ko",
      "주최 측에서 좌석을 취소했습니다: 햄릿",
      "환불 금액: ₩110,000",
      "취소된 좌석: 1층 1열 B번\n",
      "그대로인 좌석: 1층 1열 A",
    ],
    [
      "en",
      "Seats cancelled by the organiser: 햄릿",
      "Refund: ₩110,000",
      "Cancelled: 1층 row 1 seat B\n",
      "Still yours: 1층 row 1 seat A",
    ],
  ])(
    "who reads %s is told once of each seat the organiser takes out of an order that stays, and webhooks too",
    async (language, subject, refund, gone, kept) => {
      await registered();
      const { email, order } = await bought(language, "B", "C");
      const first = history.takeOut(order, "B");
      await delivery.deliver(...history.events.slice(-1), ...history.events.slice(-1));
      const second = history.takeOut(first, "C");
      await delivery.deliver(...history.events);
      await delivery.deliverNotices(...delivery.notices, ...delivery.notices);
      const told = (await mailsTo(email)).filter((mail) => mail.startsWith(subject));
      expect(told).toHaveLength(2);
      const about = told.find((mail) => mail.includes(gone));
      for (const words of [refund, kept, `https://tickets.example/order?id=${order.id}`])
        expect(about).toContain(words);
      expect(told.join("\n")).not.toContain("220,000");
      const types = () => heard.map(({ body }) => (JSON.parse(body) as { type: string }).type).toSorted();
      expect(types()).toEqual(["order.paid", "order.seats-cancelled", "order.seats-cancelled"]);
      // What is left of it is called off: that is told as the order's end, and not as seats once more.
      history.callOff(second, order.seats[0]?.id ?? "");
      for (const event of history.events.slice(-2)) await delivery.deliver(event);
      await delivery.deliverNotices(...delivery.notices);
      expect(await mailsTo(email)).toHaveLength(4);
      expect(types()).toHaveLength(4);
    },
  );

  it("is told when the mail service is back, and the row says what happened meanwhile", async () => {
    const { email } = await bought();
    const fault = (name: string | null) =>
      fetch(`${inbox.url}/sandbox/faults`, { method: "POST", body: JSON.stringify({ fault: name }) });
    await fault("down");
    expect(await delivery.deliverNotices(...delivery.notices)).toEqual([retryWithin(30)]);
    await fault(null);
    expect(await mailsTo(email)).toHaveLength(0);
    expect(await delivery.deliverNotices(...delivery.notices)).toEqual(["acked"]);
    expect(await mailsTo(email)).toHaveLength(1);
    expect(await states()).toEqual([{ channel: "mail", state: "sent", tries: 2 }]);
  });

  it("whose message was lost is told by the minute's round", async () => {
    await bought();
    delivery.notices.length = 0;
    const sent: unknown[] = [];
    const env = {
      ...settings,
      NOTICES: { sendBatch: (list: Iterable<{ body: unknown }>) => Promise.resolve(void sent.push(...list)) },
    };
    await dispatchForgotten(env as unknown as Environment);
    expect(sent).toHaveLength(0);
    await edge.sql.query("update notices set updated_at = now() - interval '5 minutes'");
    await dispatchForgotten(env as unknown as Environment);
    expect(sent).toHaveLength(1);
  });
});

describe("a webhook", () => {
  it("is told once, signed, without anything about the buyer", async () => {
    const { secret, id } = await registered();
    const { email, order } = await bought();
    expect(delivery.notices).toHaveLength(2);
    await delivery.deliverNotices(...delivery.notices, ...delivery.notices);
    expect(heard).toHaveLength(1);
    const { id: notice, timestamp, signature, body } = heard[0] ?? { id: "", timestamp: "", signature: "", body: "" };
    const key = Buffer.from(secret.slice(6), "base64");
    expect(signature).toBe(`v1,${createHmac("sha256", key).update(`${notice}.${timestamp}.${body}`).digest("base64")}`);
    expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(60);
    expect(JSON.parse(body)).toMatchObject({
      type: "order.paid",
      order: { id: order.id, amount: order.amount, status: "paid" },
    });
    expect(body).not.toContain(email);
    expect(body).not.toContain(order.member);
    const log = await edge.ask("GET", `/api/organizer/webhooks/${id}/deliveries`, { headers: bearer(organiser) });
    expect(log).toMatchObject({
      status: 200,
      body: { items: [{ noticeId: notice, number: 1, status: 204, error: null }] },
    });
    const stranger = await edge.signIn("other@example.com", "organiser");
    const theirs = await edge.ask("GET", `/api/organizer/webhooks/${id}/deliveries`, {
      headers: bearer(textAt(stranger.body, "accessToken")),
    });
    expect(theirs.status).toBe(404);
  });

  it("that fails is told again under the same id, later each time, and in the end no more", async () => {
    const { id } = await registered();
    await bought();
    const [message] = delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    answers = [500, 503, 302, 204];
    const ends = [];
    for (let time = 0; time < 4; time += 1) ends.push(...(await delivery.deliverNotices(message)));
    expect(ends).toEqual([retryWithin(30), retryWithin(120), retryWithin(600), "acked"]);
    expect(new Set(heard.map((one) => one.id)).size).toBe(1);
    await edge.sql.query("update notices set state = 'waiting', tries = 8 where webhook_id = $1", [id]);
    answers = [500];
    expect(await delivery.deliverNotices(message)).toEqual(["acked"]);
    expect((await states()).find(({ channel }) => channel === "webhook")).toMatchObject({
      state: "given-up",
      tries: 9,
    });
    const { rows } = await edge.sql.query("select number, status from webhook_deliveries order by number");
    expect(rows.map(({ status }) => status as number)).toEqual([500, 503, 302, 204, 500]);
  });

  it("is registered with a public address only, shows its secret once, and is told nothing after its end", async () => {
    const register = (url: string) =>
      edge.ask("POST", "/api/organizer/webhooks", { json: { url }, headers: bearer(organiser) });
    expect(await register("http://127.0.0.1:1/hook")).toMatchObject({
      status: 422,
      body: { code: "webhook-address-refused" },
    });
    const made = await register("https://hooks.organiser.kr/ticketping");
    expect(made.status).toBe(201);
    const secret = textAt(made.body, "secret");
    expect(secret).toMatch(/^whsec_/);
    const listed = await edge.ask("GET", "/api/organizer/webhooks", { headers: bearer(organiser) });
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const id = textAt(made.body, "webhook", "id");
    expect((await edge.ask("DELETE", `/api/organizer/webhooks/${id}`, { headers: bearer(organiser) })).status).toBe(
      204,
    );
    await bought();
    expect(delivery.notices).toHaveLength(1);
    for (let n = 0; n < 10; n += 1) expect((await register(`https://hooks.organiser.kr/${n}`)).status).toBe(201);
    expect(await register("https://hooks.organiser.kr/more")).toMatchObject({
      status: 409,
      body: { code: "too-many-webhooks" },
    });
  });

  it("that has come to lead elsewhere is not asked", async () => {
    const { id } = await registered();
    await bought();
    const [message] = delivery.notices.filter((one) => JSON.stringify(one).includes(id));
    const production = new Delivery({ ...settings, LOCAL_WEBHOOKS: "" });
    expect(await production.deliverNotices(message)).toEqual(["acked"]);
    expect(heard).toHaveLength(0);
    expect((await states()).find(({ channel }) => channel === "webhook")?.state).toBe("given-up");
  });
});
