import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Books, type Checkout } from "./books.ts";
import { openLedger } from "./ledger-file.ts";
import { describePayment } from "./payment.ts";

const checkout: Checkout = {
  orderId: "order-0001",
  orderName: "Swan Lake, 2 seats",
  customerKey: "customer-1",
  method: "CARD",
  amount: 110_000,
};
const minute = 60_000;
const start = Date.UTC(2026, 10, 1, 3);
const confirmation = (paymentKey: string) => ({ paymentKey, orderId: checkout.orderId, amount: checkout.amount });
const refusal = (code: string) => expect.objectContaining({ name: "TossRefusal", code });

let books: Books;
const folder = mkdtempSync(path.join(tmpdir(), "ticketping-toss-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  books = new Books(openLedger(":memory:"));
});

function inProgress(at = start): string {
  return books.authenticate(books.open(checkout, at).paymentKey, null, at).paymentKey;
}

describe("taking money", () => {
  it("charges at confirm, and only then", () => {
    const key = inProgress();
    expect(books.totals(start)).toMatchObject({ payments: 1, captured: 0, byStatus: { IN_PROGRESS: 1 } });
    expect(books.confirm(confirmation(key), start)).toMatchObject({ status: "DONE", approvedAt: start });
    expect(books.totals(start)).toMatchObject({
      captured: 110_000,
      refunded: 0,
      byOrder: { "order-0001": { payments: 1, captured: 110_000, refunded: 0 } },
    });
  });

  it("shows one payment however often the window is opened", () => {
    const first = books.open(checkout, start);
    expect(books.open(checkout, start + 1).paymentKey).toBe(first.paymentKey);
    expect(books.open({ ...checkout, amount: 1 }, start).paymentKey).not.toBe(first.paymentKey);
  });

  it("never charges an order twice, not even under another payment key", () => {
    const [first, second] = [inProgress(), inProgress()];
    books.confirm(confirmation(first), start);
    expect(() => books.confirm(confirmation(first), start)).toThrow(refusal("ALREADY_PROCESSED_PAYMENT"));
    expect(() => books.confirm(confirmation(second), start)).toThrow(refusal("ALREADY_PROCESSED_PAYMENT"));
    expect(() => books.open(checkout, start)).toThrow(refusal("DUPLICATED_ORDER_ID"));
    expect(books.totals(start).captured).toBe(110_000);
  });

  it("refuses another amount, another order, and a payment nobody authenticated", () => {
    const key = inProgress();
    expect(() => books.confirm({ ...confirmation(key), amount: 1 }, start)).toThrow(refusal("INVALID_REQUEST"));
    expect(() => books.confirm({ ...confirmation(key), orderId: "order-0002" }, start)).toThrow(
      refusal("NOT_FOUND_PAYMENT_SESSION"),
    );
    const unseen = books.open({ ...checkout, orderId: "order-0003" }, start).paymentKey;
    expect(() => books.confirm({ ...confirmation(unseen), orderId: "order-0003" }, start)).toThrow(
      refusal("NOT_FOUND_PAYMENT_SESSION"),
    );
    expect(() => books.confirm(confirmation("unknown"), start)).toThrow(refusal("NOT_FOUND_PAYMENT"));
    expect(books.confirm(confirmation(key), start).status).toBe("DONE");
  });

  it("keeps a refusal by the card company for good", () => {
    const key = books.authenticate(books.open(checkout, start).paymentKey, "REJECT_CARD_PAYMENT", start).paymentKey;
    expect(() => books.confirm(confirmation(key), start)).toThrow(refusal("REJECT_CARD_PAYMENT"));
    expect(books.find(key, start)).toMatchObject({ status: "ABORTED", failure: { code: "REJECT_CARD_PAYMENT" } });
    expect(() => books.confirm(confirmation(key), start)).toThrow(refusal("NOT_FOUND_PAYMENT_SESSION"));
    expect(books.confirm(confirmation(inProgress()), start).status).toBe("DONE");
  });
});

describe("time", () => {
  it("gives the buyer 30 minutes and the shop 10", () => {
    const ready = books.open(checkout, start).paymentKey;
    expect(books.find(ready, start + 30 * minute - 1).status).toBe("READY");
    expect(() => books.authenticate(ready, null, start + 30 * minute)).toThrow(refusal("NOT_FOUND_PAYMENT_SESSION"));
    expect(books.find(ready, start + 30 * minute).status).toBe("EXPIRED");
    const later = start + 40 * minute;
    const key = inProgress(later);
    expect(() => books.confirm(confirmation(key), later + 10 * minute)).toThrow(refusal("NOT_FOUND_PAYMENT_SESSION"));
    expect(books.find(key, later).status).toBe("EXPIRED");
  });
});

describe("giving money back", () => {
  it("in parts, until nothing is left", () => {
    const key = inProgress();
    books.confirm(confirmation(key), start);
    const part = books.cancel(key, { reason: "one seat", amount: 30_000 }, start);
    expect(describePayment(part, "http://sandbox")).toMatchObject({
      status: "PARTIAL_CANCELED",
      totalAmount: 110_000,
      balanceAmount: 80_000,
      cancels: [{ cancelAmount: 30_000, cancelReason: "one seat", refundableAmount: 80_000 }],
    });
    const again = { reason: "again", amount: null };
    expect(() => books.cancel(key, again, start + 999)).toThrow(refusal("FORBIDDEN_CONSECUTIVE_REQUEST"));
    expect(() => books.cancel(key, { ...again, amount: 80_001 }, start + 1_000)).toThrow(
      refusal("NOT_CANCELABLE_AMOUNT"),
    );
    expect(books.cancel(key, again, start + 1_000)).toMatchObject({ status: "CANCELED" });
    expect(() => books.cancel(key, again, start + 5_000)).toThrow(refusal("ALREADY_CANCELED_PAYMENT"));
    expect(books.totals(start)).toMatchObject({ captured: 110_000, refunded: 110_000 });
  });

  it("only what was taken", () => {
    expect(() => books.cancel(inProgress(), { reason: "none", amount: null }, start)).toThrow(
      refusal("NOT_CANCELABLE_PAYMENT"),
    );
  });
});

it("answers for an order with the payment that took the money, otherwise with the last", () => {
  expect(() => books.findByOrder(checkout.orderId, start)).toThrow(refusal("NOT_FOUND_PAYMENT"));
  const [first, second] = [inProgress(), inProgress()];
  expect(books.findByOrder(checkout.orderId, start).paymentKey).toBe(second);
  books.confirm(confirmation(first), start);
  expect(books.findByOrder(checkout.orderId, start).paymentKey).toBe(first);
});

it("finds everything again in its file", () => {
  const file = path.join(folder, "books.sqlite");
  books = new Books(openLedger(file));
  const key = inProgress();
  books.confirm(confirmation(key), start);
  // Not closed first: a killed process closes nothing either.
  const reopened = new Books(openLedger(file));
  expect(reopened.find(key, start)).toMatchObject({ status: "DONE", amount: 110_000 });
});

it("describes a payment in full", () => {
  const key = inProgress();
  const payment = describePayment(books.confirm(confirmation(key), start), "http://sandbox");
  expect(payment).toMatchObject({
    version: "2022-11-16",
    paymentKey: key,
    type: "NORMAL",
    orderId: "order-0001",
    currency: "KRW",
    method: "카드",
    totalAmount: 110_000,
    balanceAmount: 110_000,
    suppliedAmount: 100_000,
    vat: 10_000,
    status: "DONE",
    requestedAt: "2026-11-01T12:00:00+09:00",
    approvedAt: "2026-11-01T12:00:00+09:00",
    cancels: null,
    isPartialCancelable: true,
    virtualAccount: null,
    secret: null,
    failure: null,
    receipt: { url: `http://sandbox/receipt/${key}` },
  });
});
