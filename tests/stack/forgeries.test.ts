/** Who is asking is what a verified token says, whatever else a request claims; and nothing changes on a forger's word. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Buyer } from "./buyer.ts";
import { badPasses, badTokens, passOf } from "./credentials.ts";
import { refusedUpgrade } from "./live.ts";
import { codeOf, send } from "./raw.ts";
import { bearer, by, everything, headersOf, refuse, setUpTarget, type Target } from "./target.ts";

let target: Target;
let before: unknown;

beforeAll(async () => {
  target = await setUpTarget();
}, 120_000);

afterAll(() => target?.house.close());

beforeEach(async () => {
  before = await everything(target);
});

afterEach(async () => {
  expect(await everything(target)).toEqual(before);
});

describe("refused, and nothing has changed:", () => {
  const seatsOf = (seats: unknown) => ({ scheduleId: target.show.scheduleId, seats });

  it("tokens that are missing, expired, forged, or of another kind", async () => {
    const { show, ownerId, owner, order } = target;
    for (const [token, refusal] of await badTokens(target)) {
      const headers = { authorization: `Bearer ${token}` };
      await refuse(target, [
        { method: "GET", path: "/api/me", headers, refusal },
        { method: "POST", path: `${owner.room}/queue`, headers, refusal },
        { method: "GET", path: `/api/orders/${order.id}`, headers, refusal },
        { method: "GET", path: `/api/organizer/performances/${show.id}/live`, headers, refusal },
      ]);
    }
    await refuse(target, [
      { method: "GET", path: "/api/me", refusal: "401 token-missing" },
      { method: "GET", path: "/api/me", headers: { "x-user-id": ownerId }, refusal: "401 token-missing" },
      { method: "GET", path: "/api/me", headers: { authorization: "Basic b3duZXI6" }, refusal: "401 token-invalid" },
      { method: "POST", path: `${owner.room}/queue`, refusal: "401 token-missing" },
    ]);
  });

  it("passes that are missing, expired, forged, or somebody else's", async () => {
    const { house, show, other, owner, hold } = target;
    for (const [token, refusal] of await badPasses(target)) {
      const headers = { ...bearer(owner), "idempotency-key": crypto.randomUUID(), "booking-pass": token };
      await refuse(target, [
        { method: "GET", path: `${owner.room}/schedules/${show.scheduleId}/seats`, headers, refusal },
        { method: "POST", path: `${owner.room}/holds`, headers, body: seatsOf(["r3s1"]), refusal },
        { method: "DELETE", path: `${owner.room}/holds/${hold.id}`, headers, refusal },
        { method: "POST", path: `${owner.room}/orders`, headers, body: { holdId: hold.id }, refusal },
      ]);
    }
    const inOther = new Buyer(house, other, owner.token);
    const elsewhere = { ...bearer(owner), "idempotency-key": crypto.randomUUID(), "booking-pass": owner.pass };
    const body = { scheduleId: other.scheduleId, seats: ["r1s1"] };
    // A pass whose signature is right says nothing about a session: the object knows of none.
    const signed = { ...elsewhere, "booking-pass": await passOf(owner, other.id) };
    await refuse(target, [
      { method: "POST", path: `${inOther.room}/holds`, headers: elsewhere, body, refusal: "403 pass-invalid" },
      { method: "POST", path: `${inOther.room}/holds`, headers: signed, body, refusal: "403 session-ended" },
    ]);
  });

  it("what claims to be somebody in a header, a body or a query", async () => {
    const { house, ownerId, owner, stranger, hold, order } = target;
    const claim = {
      "x-user-id": ownerId,
      "x-member-id": ownerId,
      "x-forwarded-user": ownerId,
      "x-lobby-entry": "0".repeat(32),
    };
    const headers = { ...headersOf(stranger), ...claim };
    await refuse(target, [
      { method: "GET", path: `/api/orders/${order.id}?member=${ownerId}`, headers, refusal: "404 order-not-found" },
      { method: "DELETE", path: `${owner.room}/holds/${hold.id}`, headers, refusal: "404 hold-not-found" },
      {
        method: "POST",
        path: `${owner.room}/orders`,
        headers,
        body: { holdId: hold.id, member: ownerId },
        refusal: "422 invalid-request",
      },
      { method: "GET", path: "/api/orders", headers: claim, refusal: "401 token-missing" },
    ]);
    const mine = await send(house.where.origin, { method: "GET", path: `/api/orders?member=${ownerId}`, headers });
    expect(JSON.parse(mine.text)).toEqual({ items: [], nextCursor: null });
  });

  it("headers that come twice, or are larger than any token", async () => {
    const { house, owner, stranger, show, hold } = target;
    const both = [`Bearer ${stranger.token}`, `Bearer ${owner.token}`];
    const key = { "idempotency-key": crypto.randomUUID() };
    const path = `${owner.room}/holds`;
    const body = seatsOf(["r3s1"]);
    const passes = [stranger.pass, owner.pass];
    for (const order of [(list: string[]) => list, (list: string[]) => list.toReversed()]) {
      const twice = { ...key, authorization: order(both), "booking-pass": owner.pass };
      const passTwice = { ...key, ...bearer(owner), "booking-pass": order(passes) };
      await refuse(target, [
        { method: "GET", path: "/api/me", headers: { authorization: order(both) }, refusal: "401 token-invalid" },
        { method: "POST", path, headers: twice, body, refusal: "401 token-invalid" },
        { method: "POST", path, headers: passTwice, body, refusal: "403 pass-invalid" },
        { method: "DELETE", path: `${path}/${hold.id}`, headers: passTwice, refusal: "403 pass-invalid" },
      ]);
    }
    for (const name of ["authorization", "booking-pass", "queue-ticket", "cookie"]) {
      const huge = name === "cookie" ? `tp_access=${"x".repeat(100_000)}` : `Bearer ${"x".repeat(100_000)}`;
      const headers = { ...(name === "authorization" ? {} : bearer(owner)), [name]: huge };
      const answer = await send(house.where.origin, {
        method: "GET",
        path: `/api/performances/${show.id}/holds`,
        headers,
      })
        .then(({ status }) => status)
        .catch(() => 431); // closed before it was read
      expect([name, [400, 401, 403, 431].includes(answer)]).toEqual([name, true]);
    }
  });

  it("cookies that another site would send along", async () => {
    const { house, owner, order, show } = target;
    const cookie = `tp_access=${owner.token}; tp_pass_${show.id}=${owner.pass}`;
    const key = { "idempotency-key": crypto.randomUUID() };
    const body = seatsOf(["r3s1"]);
    for (const origin of [
      undefined,
      "null",
      "https://elsewhere.example",
      `${house.where.origin}.elsewhere.example`,
      "",
    ]) {
      const headers = { cookie, ...key, ...(origin === undefined ? {} : { origin }) };
      const refusal = "403 origin-not-allowed";
      await refuse(target, [
        { method: "POST", path: `${owner.room}/holds`, headers, body, refusal },
        { method: "POST", path: `/api/orders/${order.id}/cancel`, headers, body: {}, refusal },
        { method: "POST", path: "/api/auth/logout", headers, refusal },
      ]);
    }
    const bad = { cookie, authorization: "Bearer nonsense", origin: house.where.origin };
    await refuse(target, [{ method: "GET", path: "/api/me", headers: bad, refusal: "401 token-invalid" }]);
    const own = await send(house.where.origin, { method: "GET", path: "/api/me", headers: { cookie } });
    expect(own.status).toBe(200);
  });

  it("sockets without a token, from another site, or without a pass", async () => {
    const { house, owner } = target;
    const { origin } = house.where;
    const live = `${owner.room}/live`;
    const foreign = { origin: "https://elsewhere.example" };
    const cookie = `tp_access=${owner.token}`;
    const token = [`bearer.${owner.token}`, "ticketping.v1"];
    const bad: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, string])[] = [
      [live, ["ticketping.v1"], {}, "403 origin-not-allowed"],
      [live, ["ticketping.v1"], { origin }, "401 token-missing"],
      [live, ["ticketping.v1"], { cookie }, "403 origin-not-allowed"],
      [live, ["ticketping.v1"], { cookie, ...foreign }, "403 origin-not-allowed"],
      [live, token, foreign, "403 origin-not-allowed"],
      [live, ["bearer.nonsense", "ticketping.v1"], { origin, cookie }, "401 token-invalid"],
      [`${live}?booking=1`, token, {}, "403 pass-missing"],
      [`${live}?booking=1`, token, { "booking-pass": target.stranger.pass }, "403 pass-invalid"],
      [`/api/performances/${crypto.randomUUID()}/live`, token, {}, "404 not-found"],
    ];
    for (const [path, protocols, headers, refusal] of bad) {
      const { status, type, text } = await refusedUpgrade(origin, path, protocols, headers);
      expect([path, Object.keys(headers), `${status} ${codeOf(type, text)}`]).toEqual([
        path,
        Object.keys(headers),
        refusal,
      ]);
    }
    await refuse(target, [{ ...by(owner, "GET", live), refusal: "426 websocket-required" }]);
  });

  it("paths that look like others", async () => {
    const { house, show, other, owner, stranger } = target;
    const id = show.id;
    const seats = `schedules/${show.scheduleId}/seats`;
    const disguised = [
      `//api/performances/${id}/holds`,
      `/api//performances/${id}/holds`,
      `/api/performances//${id}/holds`,
      `/api/performances/${id}/holds/`,
      `/api/performances/${id};x/holds`,
      `/api/performances/${id}/holds;x`,
      `/api/performances/${id}%2Fholds`,
      `/api/performances%2F${id}%2Fholds`,
      `/api/performances/${other.id}/../${id}/holds`,
      `/api/performances/${other.id}%2F..%2F${id}/holds`,
      `/api/performances/${other.id}/%2e%2e/${id}/holds`,
      `/api/performances/${id}/holds%00`,
      `/api/performances/${id.toUpperCase()}/holds`,
      `/api/PERFORMANCES/${id}/holds`,
      `/API/performances/${id}/holds`,
      `/%61pi/performances/${id}/holds`,
      `/./api/performances/${id}/%68olds`,
    ];
    const withoutPass = { ...bearer(stranger), "idempotency-key": crypto.randomUUID() };
    const ofOther = { ...withoutPass, "booking-pass": await passOf(stranger, other.id) };
    for (const path of disguised) {
      for (const headers of [withoutPass, ofOther]) {
        const request = { method: "POST", path, headers, body: seatsOf(["r3s1"]) };
        const { status, code } = await send(house.where.origin, request);
        expect([path, [400, 403, 404, 405].includes(status)]).toEqual([path, true]);
        // What does not begin with /api/ is asked of the pages, which answer in their own way.
        if (/^\/(\.\/)?api\//.test(path)) expect([path, code]).toEqual([path, expect.stringMatching(/^[a-z-]+$/)]);
      }
    }
    for (const path of [`/api/performances/${id};/${seats}`, `/api/performances/${id}/${seats}/../seats`]) {
      const { status, code } = await send(house.where.origin, { method: "GET", path, headers: bearer(owner) });
      expect([path, status, code]).toEqual([path, 403, "pass-missing"]);
    }
  });

  it("notifications of payments that nobody made", async () => {
    const { house, order, consent } = target;
    const toss = { method: "POST", path: "/api/webhooks/toss" };
    const event = (data: unknown) => ({
      eventType: "PAYMENT_STATUS_CHANGED",
      createdAt: "2026-12-24T10:00:00.000000",
      data,
    });
    const done = event({
      orderId: `${order.id}-1`,
      paymentKey: consent.paymentKey,
      status: "DONE",
      totalAmount: order.amount,
    });
    await refuse(target, [
      { ...toss, body: Buffer.from("not json"), refusal: "400 notification-unreadable" },
      { ...toss, body: {}, refusal: "400 notification-unreadable" },
      { ...toss, body: event({ orderId: 7 }), refusal: "400 notification-unreadable" },
      { ...toss, body: event({ orderId: "x".repeat(65) }), refusal: "400 notification-unreadable" },
      { ...toss, body: event({ orderId: "a\u0000b" }), refusal: "400 notification-unreadable" },
      { ...toss, body: event({ orderId: "a", note: ["\ud800"] }), refusal: "400 notification-unreadable" },
      { ...toss, body: { ...done, padding: "x".repeat(70_000) }, refusal: "413 body-too-large" },
      { ...toss, body: { ...done, padding: "x".repeat(1_048_576) }, refusal: "413 body-too-large" },
      { ...toss, path: "/api/webhooks/stripe", body: "x".repeat(1_048_576), refusal: "413 body-too-large" },
      { ...toss, path: "/api/webhooks/paypal", body: done, refusal: "404 provider-not-enabled" },
      { ...toss, path: "/api/webhooks/stripe", body: done, refusal: "401 notification-not-verified" },
      { ...toss, path: "/api/webhooks/__proto__", body: done, refusal: "404 provider-not-enabled" },
    ]);
    // Well-formed lies are taken as hints, answered, and change nothing. About an order there is they are kept, once; what
    // anybody may send about none would fill the records.
    const kept = await house.count("provider_events");
    const nowhere = `${"0".repeat(32)}-${"0".repeat(24)}-1`;
    const unknown = event({ orderId: nowhere, status: "DONE" });
    const others = `${order.id.slice(0, 33)}${"0".repeat(order.id.length - 33)}-1`;
    const deposit = { createdAt: "x", secret: "ps_x", status: "DONE", orderId: nowhere };
    const lies = [unknown, event({ orderId: others }), deposit, event({ orderId: "'; drop table orders; --" })];
    for (const body of [done, done, done, ...lies]) {
      const { status } = await send(house.where.origin, { ...toss, body });
      expect(status).toBe(200);
    }
    expect(await house.count("provider_events")).toBe(kept + 1);
  });
});
