/** What clumsy clients and curious strangers send: each is told what is wrong with a stable code, and nothing changes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bearer, by, everything, refuse, setUpTarget, type Target } from "./target.ts";

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
  const best = (wish: object) => ({ scheduleId: target.show.scheduleId, best: wish });
  const seatsOf = (seats: unknown) => ({ scheduleId: target.show.scheduleId, seats });

  it("bodies that are no JSON, not what was asked for, or too large", async () => {
    const { stranger } = target;
    const large = Buffer.from(JSON.stringify({ email: "x".repeat(66_000) }));
    const login = { method: "POST", path: "/api/auth/login" };
    const signup = { method: "POST", path: "/api/auth/signup" };
    const account = { email: "nobody@ticketping.test", password: "long enough", nickname: "아무개" };
    const holds = { ...by(stranger, "POST", `${stranger.room}/holds`) };
    await refuse(target, [
      { ...login, body: Buffer.from('{"email":'), refusal: "400 malformed-json" },
      { ...login, body: Buffer.from([0xff, 0xfe, 0x00]), refusal: "400 malformed-json" },
      { ...login, body: null, refusal: "422 invalid-request" },
      { ...login, body: [1], refusal: "422 invalid-request" },
      { ...login, body: { email: { $ne: "" }, password: ["x"] }, refusal: "422 invalid-request" },
      { ...login, body: account, headers: { "content-type": "text/plain" }, refusal: "415 unsupported-media-type" },
      { ...signup, body: { ...account, nickname: 7 }, refusal: "422 invalid-request" },
      { ...signup, body: { ...account, nickname: "a\u0000b" }, refusal: "422 invalid-request" },
      { ...signup, body: { ...account, nickname: "a\ud800b" }, refusal: "422 invalid-request" },
      { ...signup, body: { ...account, email: "no address" }, refusal: "422 invalid-request" },
      { ...login, body: large, refusal: "413 body-too-large" },
      { ...login, body: large, chunked: true, refusal: "413 body-too-large" },
      { ...holds, body: large, refusal: "413 body-too-large" },
      { ...holds, body: seatsOf("r2s1"), refusal: "422 invalid-request" },
      { ...holds, body: seatsOf(["r2s1", 7]), refusal: "422 invalid-request" },
      { ...holds, body: { ...seatsOf(["r2s1"]), price: 1 }, refusal: "422 invalid-request" },
      { ...holds, body: seatsOf(Array.from({ length: 1_001 }, (_, n) => `r${n}s1`)), refusal: "422 invalid-request" },
      { ...holds, body: seatsOf([]), refusal: "422 no-seats" },
      { ...holds, body: seatsOf(["r2s1", "r2s1"]), refusal: "422 duplicate-seat" },
      { ...holds, body: seatsOf(["r2s1", "r9s9"]), refusal: "404 unknown-seat" },
      { ...holds, body: seatsOf(["__proto__"]), refusal: "404 unknown-seat" },
      { ...holds, body: seatsOf(["r2s1", "r2s2", "r2s3", "r2s4", "r2s5"]), refusal: "409 seat-limit-reached" },
      { ...holds, body: seatsOf(["r2s1", "r1s1"]), refusal: "409 seats-taken" },
      {
        ...holds,
        body: { ...seatsOf(["r2s1"]), scheduleId: target.other.scheduleId },
        refusal: "404 unknown-schedule",
      },
      { ...holds, body: best({ count: 2, grade: "VIP" }), refusal: "404 unknown-grade" },
      { ...holds, body: best({ count: 1_000 }), refusal: "409 seat-limit-reached" },
      { ...holds, body: best({ count: 0 }), refusal: "422 invalid-request" },
      { ...holds, body: { ...seatsOf(["r2s1"]), addTo: target.hold.id }, refusal: "404 hold-not-found" },
      { ...by(stranger, "GET", "/api/orders?limit=many"), refusal: "422 invalid-request" },
      { ...by(stranger, "GET", "/api/orders?cursor=%00%ff"), refusal: "422 invalid-request" },
      { method: "GET", path: "/api/performances?cursor=nonsense", refusal: "422 invalid-request" },
    ]);
  });

  it("ids of nothing, or of somebody else's things", async () => {
    const { show, stranger, hold, order, consent } = target;
    const nowhere = crypto.randomUUID();
    const unknownOrder = `${nowhere.replaceAll("-", "")}-${"0".repeat(24)}`;
    const pay = { body: { provider: "toss", method: "CARD" } };
    await refuse(target, [
      { method: "GET", path: `/api/performances/${nowhere}`, refusal: "404 not-found" },
      { ...by(stranger, "POST", `/api/performances/${nowhere}/queue`), refusal: "404 not-found" },
      { ...by(stranger, "POST", "/api/performances/1%27%20or%201=1/queue"), refusal: "404 not-found" },
      { method: "GET", path: `${stranger.room}/schedules/${nowhere}/chart`, refusal: "404 unknown-schedule" },
      { ...by(stranger, "GET", `${stranger.room}/schedules/${nowhere}/seats`), refusal: "404 unknown-schedule" },
      {
        ...by(stranger, "POST", `${stranger.room}/holds`),
        body: { scheduleId: nowhere, seats: ["r2s1"] },
        refusal: "404 unknown-schedule",
      },
      { ...by(stranger, "DELETE", `${stranger.room}/holds/h999`), refusal: "404 hold-not-found" },
      { ...by(stranger, "DELETE", `${stranger.room}/holds/${hold.id}`), refusal: "404 hold-not-found" },
      { ...by(stranger, "POST", `${stranger.room}/orders`), body: { holdId: hold.id }, refusal: "404 hold-not-found" },
      { ...by(stranger, "GET", "/api/orders/nonsense"), refusal: "404 order-not-found" },
      { ...by(stranger, "GET", `/api/orders/${unknownOrder}`), refusal: "404 order-not-found" },
      { ...by(stranger, "GET", `/api/orders/${order.id}`), refusal: "404 order-not-found" },
      { ...by(stranger, "GET", `/api/orders/${order.id}/tickets`), refusal: "404 order-not-found" },
      { ...by(stranger, "POST", `/api/orders/${order.id}/cancel`), body: {}, refusal: "404 order-not-found" },
      { ...by(stranger, "POST", `/api/orders/${order.id}/payments`), ...pay, refusal: "404 order-not-found" },
      {
        ...by(stranger, "POST", `/api/orders/${order.id}/payments/confirm`),
        body: consent,
        refusal: "404 order-not-found",
      },
      { ...by(stranger, "GET", `/api/organizer/performances/${show.id}/live`), refusal: "403 role-required" },
      { ...by(stranger, "POST", `/api/organizer/performances/${show.id}/close`), refusal: "403 role-required" },
    ]);
  });

  it("payments of another amount, by other means, or without a key", async () => {
    const { owner, hold, order, consent } = target;
    const path = `/api/orders/${order.id}/payments`;
    const confirm = { ...by(owner, "POST", `${path}/confirm`) };
    const begin = { ...by(owner, "POST", path) };
    const keyless = { method: "POST", headers: { ...bearer(owner), "booking-pass": owner.pass } };
    const key = (value: string) => ({ ...keyless.headers, "idempotency-key": value });
    await refuse(target, [
      { ...confirm, body: { ...consent, amount: 1 }, refusal: "422 amount-mismatch" },
      { ...confirm, body: { ...consent, amount: order.amount + 1 }, refusal: "422 amount-mismatch" },
      { ...confirm, body: { ...consent, amount: 0 }, refusal: "422 amount-mismatch" },
      { ...confirm, body: { ...consent, currency: "USD" }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: -order.amount }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: String(order.amount) }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: 0.5 }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, paymentKey: "a\u0000b" }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, paymentKey: "\ud800" }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: [order.amount] }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: null }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, amount: Number.MAX_SAFE_INTEGER + 1 }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, padding: "x".repeat(1_048_576) }, refusal: "413 body-too-large" },
      { ...begin, body: { provider: "toss", method: "CARD", amount: 1 }, refusal: "422 invalid-request" },
      { ...confirm, body: { ...consent, provider: "paypal" }, refusal: "404 provider-not-enabled" },
      { ...by(owner, "POST", `/api/orders/${order.id}/refund-account`), body: {}, refusal: "422 invalid-request" },
      { ...begin, body: { provider: "stripe", method: "VIRTUAL_ACCOUNT" }, refusal: "404 provider-not-enabled" },
      { ...begin, body: { provider: "toss", method: "GOLD" }, refusal: "404 provider-not-enabled" },
      { ...begin, body: { provider: "free", method: "FREE" }, refusal: "409 order-not-payable" },
      {
        ...by(owner, "POST", `/api/orders/${order.id}/cancel`),
        body: { reason: "a\u0000b" },
        refusal: "422 invalid-request",
      },
      { ...keyless, path, body: { provider: "toss", method: "CARD" }, refusal: "400 idempotency-key-required" },
      { ...keyless, path: `${owner.room}/holds`, body: seatsOf(["r3s1"]), refusal: "400 idempotency-key-required" },
      { ...keyless, path: `${owner.room}/orders`, body: { holdId: hold.id }, refusal: "400 idempotency-key-required" },
      {
        ...keyless,
        path: `${owner.room}/holds`,
        headers: key("short"),
        body: seatsOf(["r3s1"]),
        refusal: "422 invalid-request",
      },
      {
        ...keyless,
        path: `${owner.room}/holds`,
        headers: key("x".repeat(129)),
        body: seatsOf(["r3s1"]),
        refusal: "422 invalid-request",
      },
    ]);
  });
});
