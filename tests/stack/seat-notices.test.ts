/** Seats gone out of an order that stays: its buyer is told by mail, the organiser's receivers by a signed request, each once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { Telling } from "./telling.ts";

let telling: Telling;

beforeAll(async () => {
  telling = await Telling.start();
}, 90_000);

afterAll(() => telling?.end());

beforeEach(() => telling.begin());

describe("a buyer", () => {
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
      await telling.registered();
      const { email, order } = await telling.bought(language, "B", "C");
      const first = telling.history.takeOut(order, "B");
      await telling.delivery.deliver(...telling.history.events.slice(-1), ...telling.history.events.slice(-1));
      const second = telling.history.takeOut(first, "C");
      await telling.delivery.deliver(...telling.history.events);
      await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
      const told = (await telling.mailsTo(email)).filter((mail) => mail.startsWith(subject));
      expect(told).toHaveLength(2);
      const about = told.find((mail) => mail.includes(gone));
      for (const words of [refund, kept, `https://tickets.example/order?id=${order.id}`])
        expect(about).toContain(words);
      expect(told.join("\n")).not.toContain("220,000");
      const types = () => telling.heard.map(({ body }) => (JSON.parse(body) as { type: string }).type).toSorted();
      expect(types()).toEqual(["order.paid", "order.seats-cancelled", "order.seats-cancelled"]);
      // What is left of it is called off: that is told as the order's end, and not as seats once more.
      telling.history.callOff(second, order.seats[0]?.id ?? "");
      for (const event of telling.history.events.slice(-2)) await telling.delivery.deliver(event);
      await telling.delivery.deliverNotices(...telling.delivery.notices);
      expect(await telling.mailsTo(email)).toHaveLength(4);
      expect(types()).toHaveLength(4);
    },
  );

  it.each([
    [
      "ko",
      "좌석 일부를 취소하셨습니다: 햄릿",
      "취소하신 좌석: 1층 1열 B번\n환불 금액: ₩106,000\n취소 수수료: ₩4,000",
      "그대로인 좌석: 1층 1열 A",
    ],
    [
      "en",
      "You gave back some seats: 햄릿",
      "Given back: 1층 row 1 seat B\nRefund: ₩106,000\nFee: ₩4,000",
      "Still yours: 1층 row 1 seat A",
    ],
  ])(
    "who reads %s is told once of each seat they gave back, with the refund and the fee, and webhooks are told which",
    async (language, subject, back, kept) => {
      await telling.registered();
      const { email, order } = await telling.bought(language, "B", "C");
      const [, b = "", c = ""] = order.seats.map(({ id }) => id);
      const first = telling.history.giveBack(order, [b], 4_000);
      await telling.delivery.deliver(...telling.history.events.slice(-1), ...telling.history.events.slice(-1));
      telling.history.giveBack(first, [c], 11_000);
      await telling.delivery.deliver(...telling.history.events.toReversed());
      await telling.delivery.deliverNotices(...telling.delivery.notices, ...telling.delivery.notices);
      const told = (await telling.mailsTo(email)).filter((mail) => mail.startsWith(subject));
      expect(told).toHaveLength(2);
      const about = told.find((mail) => mail.includes(back));
      for (const words of [kept, `https://tickets.example/order?id=${order.id}`, orderNumber(order.id)])
        expect(about).toContain(words);
      expect(told.filter((mail) => mail.includes("₩99,000"))).toHaveLength(1);
      const parts = telling.heard
        .map(({ body }) => JSON.parse(body) as { type: string; cancellation?: { fee: number } })
        .filter(({ type }) => type === "order.seats-cancelled");
      expect(
        parts.map(({ cancellation }) => cancellation).toSorted((x, y) => (x?.fee ?? 0) - (y?.fee ?? 0)),
      ).toMatchObject([
        { by: "member", seats: [b], amount: 110_000, fee: 4_000 },
        { by: "member", seats: [c], amount: 110_000, fee: 11_000 },
      ]);
    },
  );

  it("hears of seats given back even where the show is called off before the records have heard of it", async () => {
    const { email, order } = await telling.bought("en", "B");
    const [a = "", b = ""] = order.seats.map(({ id }) => id);
    const first = telling.history.giveBack(order, [b], 4_000);
    telling.history.callOff(first, a);
    await telling.delivery.deliver(...telling.history.events);
    await telling.delivery.deliverNotices(...telling.delivery.notices);
    const subjects = new Set((await telling.mailsTo(email)).map((mail) => mail.split("\n")[0]));
    expect(subjects).toEqual(
      new Set(["Cancelled by the organiser: 햄릿", "You gave back some seats: 햄릿", "Your booking: 햄릿"]),
    );
  });
});
