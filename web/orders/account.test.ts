import { expect, it } from "vitest";
import { accountOf } from "./account.ts";

const attempt = (status: string, amount: number) => ({
  ...{ number: 1, provider: "toss", method: "CARD", amount, status },
  ...{ declineMessage: null, receiptUrl: null, settledAt: null, deposit: null },
});
const refund = (status: string, amount: number) => ({ number: 1, amount, status, settledAt: null, account: null });

it("comes to what was paid less what has gone back; a fee is kept of it once its cancellation is complete", () => {
  const order = {
    attempts: [attempt("declined", 200), attempt("approved", 200)],
    refunds: [refund("refunded", 90), refund("requested", 80)],
    cancellations: [
      { seats: ["a"], fee: 10, settledAt: 5 },
      { seats: ["b"], fee: 20, settledAt: null },
    ],
  };
  expect(accountOf(order)).toMatchObject({ payments: [{ amount: 200 }], refunded: 90, fees: 10, total: 110 });
});

it("of an order nobody paid for, and of one that cost nothing, there is none", () => {
  expect(accountOf({ attempts: [attempt("begun", 200)], refunds: [], cancellations: [] })).toBeNull();
  expect(accountOf({ attempts: [attempt("approved", 0)], refunds: [], cancellations: [] })).toBeNull();
});
