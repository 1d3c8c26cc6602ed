/** The story of a purchase, and what it notices. */
import { describe, expect, it } from "vitest";
import { storyText } from "../../dev/trace.ts";
import type { OrderRecords } from "../../dev/operations/story.ts";

const at = Date.parse("2026-12-24T10:00:00.000Z");
const order: OrderRecords["order"] = {
  ...{ id: "o-1", performanceId: "p", version: 4, member: "m", holdNumber: 7, title: "햄릿", scheduleId: "s" },
  ...{ startsAt: at, hallName: "h", timeZone: "Asia/Seoul", amount: 90_000, currency: "KRW", status: "paid" },
  seats: [{ id: "r1s1", section: "A", row: "1", label: "2", grade: "S", price: 90_000 }],
  ...{ placedAt: at, payBy: at + 480_000, updatedAt: at + 4_000 },
  attempts: [
    {
      ...{ number: 1, provider: "toss", method: "CARD", amount: 90_000, status: "approved", paymentKey: "k" },
      ...{ transaction: "t", receiptUrl: null, declineCode: null, declineMessage: null },
      ...{ begunAt: at + 1_000, deposit: null, confirmingAt: at + 2_000, settledAt: at + 4_000 },
    },
  ],
  ...{ refunds: [], cancellations: [], moved: null, policy: { rules: [] } },
};
const booked = new Date(at + 4_000);
const good: OrderRecords = {
  ...{
    order,
    recordedAt: new Date(at + 500),
    changedAt: new Date(at + 5_000),
    webhooks: [],
    steps: [],
    quarantined: [],
  },
  tickets: [{ id: "o-1.r1s1", status: "valid", issuedAt: booked }],
  ledger: [
    { ref: "o-1:1:capture", account: "provider:toss", debit: 90_000, credit: 0, at: booked },
    { ref: "o-1:1:capture", account: "sales:p", debit: 0, credit: 90_000, at: booked },
  ],
};

describe("the story of an order", () => {
  it("tells every part in the order in which it happened", () => {
    const { text, odd } = storyText(good, at + 10_000);
    const told = text.split("\n").filter((line) => line.includes("2026-12-24T"));
    expect(told.map((line) => line.slice(2, 26))).toEqual(told.map((line) => line.slice(2, 26)).toSorted());
    expect(text).toMatch(
      /order placed from hold 7: A 1 2, 90000 KRW[\s\S]+begun[\s\S]+sent;[\s\S]+approved[\s\S]+ticket o-1\.r1s1 issued/,
    );
    expect(odd).toBe(false);
    expect(text).toContain("✓ Money, seats and tickets agree.");
  });

  it("notices money without seats, books that differ, and an answer that never came", () => {
    const { text, odd } = storyText(
      {
        ...good,
        tickets: [],
        ledger: good.ledger.slice(0, 1),
        quarantined: [{ seq: 9, reason: "dead letter", at: booked }],
      },
      at,
    );
    expect(odd).toBe(true);
    expect(text).toContain("✗ debits and credits differ by 90000");
    expect(text).toContain("✗ 0 valid tickets for 1 seats");
    expect(text).toContain("✗ 1 events of it were set aside");
    const [attempt] = order.attempts;
    if (attempt === undefined) throw new Error("no attempt");
    const open = {
      ...order,
      status: "paying",
      attempts: [{ ...attempt, status: "confirming", settledAt: null }],
    } as const;
    expect(storyText({ ...good, order: open, tickets: [], ledger: [] }, at + 62_000).text).toContain(
      "✗ attempt 1 has had no answer for 60 s",
    );
  });
});
