/** Paying by bank transfer: before, at and after the deadline, given up, taken back, and given back. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Reply } from "../../durable-objects/performance/contract.ts";
import { questionsAbout, Recovery } from "../../durable-objects/performance/orders/recovery.ts";
import { fold } from "../../workers/records/fold.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import { digest } from "../simulation/invariants.ts";
import { Customer, member, START } from "./room.ts";
import { PRICE, Sale } from "./transfer-sale.ts";

const MINUTE = 60_000;

let sale: Sale;

beforeEach(() => {
  sale = new Sale();
});

const code = (reply: Reply): string => (reply.ok ? "ok" : reply.refusal.code);

describe("a bank transfer", () => {
  test("is waited for with an account, an amount and a deadline; its seats are fenced, and the slot is given on", () => {
    const order = sale.open();
    expect(order.status).toBe("awaiting-deposit");
    expect(order.attempts).toMatchObject([
      {
        status: "awaiting-deposit",
        deposit: { dueAt: START + 60 * MINUTE, account: { number: "1000" }, arrivals: [] },
      },
    ]);
    expect(sale.seat).toBe(4);
    expect(sale.room.standing(1).state).toBe("ended");
    expect(code(new Customer(sale.room, 2).tryHold("r1s1"))).toBe("seats-taken");
    // Nothing is in the books before it arrives, and nobody has a ticket.
    const rows = fold(sale.room.object.outbox.take(sale.room.now));
    expect([rows.ledger, rows.tickets]).toEqual([[], []]);
    expect(rows.notices.map(({ kind }) => kind)).toEqual(["deposit-due"]);
    sale.room.object.restart();
    expect(sale.order).toEqual(order);
  });

  test("that arrives in time pays the order, once however often it is told, also after the sale was closed", () => {
    sale.open();
    sale.room.operate({ do: "close" });
    sale.room.now += 59 * MINUTE;
    sale.deposit();
    sale.askProvider();
    const paid = sale.order;
    expect([paid.status, sale.seat, sale.kept]).toEqual(["paid", 5, PRICE]);
    for (let times = 0; times < 3; times++) sale.askProvider(true);
    expect(sale.order).toEqual(paid);
    const { ledger } = fold(sale.room.object.outbox.take(sale.room.now));
    expect(ledger.map(({ account, debit, credit }) => [account.split(":")[0], debit - credit])).toEqual([
      ["provider", PRICE],
      ["sales", -PRICE],
    ]);
  });

  test("does not end the session its buyer has for another purchase by then", () => {
    sale.open();
    sale.room.join(1);
    sale.room.object.ask({ kind: "enter", entry: sale.room.object.state.line.roster.entry(1), member: member(1) });
    const sessions = sale.room.object.state.sessions.size;
    expect(sessions).toBe(1);
    sale.deposit();
    sale.askProvider();
    expect([sale.order.status, sale.room.object.state.sessions.size]).toEqual(["paid", sessions]);
  });

  test("is never given up by the clock alone: only the provider's word ends it, and the seat comes back once", () => {
    sale.open();
    sale.room.now += 600 * MINUTE;
    sale.room.object.execute([]);
    expect([sale.order.status, sale.seat]).toEqual(["awaiting-deposit", 4]);
    expect(sale.settle({ result: "unknown", reason: "timeout" }).status).toBe("awaiting-deposit");
    sale.askProvider();
    const expired = sale.order;
    expect([expired.status, sale.seat]).toEqual(["expired", 0]);
    expect(sale.provider.transfers.waiting()).toEqual([]);
    sale.askProvider(true);
    expect(sale.order).toEqual(expired);
    expect(new Customer(sale.room, 2).hold("r1s1")).not.toBe("");
  });

  test("that arrived in the last moment is paid although it is asked about after the deadline", () => {
    sale.open();
    sale.room.now += 60 * MINUTE - 1;
    sale.deposit();
    sale.room.now += 1;
    sale.askProvider();
    expect([sale.order.status, sale.seat]).toEqual(["paid", 5]);
  });

  test("that comes too late goes back in full without anybody asking, and not to the seats' new owner's cost", () => {
    sale.open();
    sale.room.now += 61 * MINUTE;
    sale.askProvider();
    const next = new Customer(sale.room, 2);
    next.hold("r1s1");
    sale.deposit(true);
    sale.askProvider(true);
    expect(sale.order).toMatchObject({ status: "expired", refunds: [{ amount: PRICE, account: "needed" }] });
    expect(sale.seat).toBe(2);
    // Nobody can be asked for it before the buyer has said where to.
    sale.askProvider();
    expect(sale.kept).toBe(PRICE);
    expect(fold(sale.room.object.outbox.take(sale.room.now)).notices.map(({ kind }) => kind)).toEqual([
      "refund-account",
    ]);
    expect(code(sale.giveAccount())).toBe("ok");
    sale.askProvider();
    expect([sale.kept, sale.order.refunds[0]?.status]).toEqual([0, "refunded"]);
    expect(sale.room.object.state.refundAccounts.size).toBe(0);
  });

  test("of an order that is given up meanwhile closes its account; one that was quicker goes back", () => {
    sale.open();
    expect(code(sale.cancel())).toBe("ok");
    expect([sale.order.status, sale.seat, sale.order.attempts[0]?.status]).toEqual(["cancelled", 0, "closing"]);
    sale.askProvider();
    expect([sale.order.attempts[0]?.status, sale.provider.transfers.waiting()]).toEqual(["abandoned", []]);

    sale = new Sale();
    sale.open();
    sale.deposit();
    sale.cancel();
    sale.askProvider();
    expect(sale.order).toMatchObject({ status: "cancelled", refunds: [{ amount: PRICE, account: "needed" }] });
  });

  test("of another amount, or for a date that was cancelled, buys nothing", () => {
    sale.open();
    const account = sale.order.attempts[0]?.deposit?.account;
    if (account == null) throw new Error("no account");
    const approved = {
      result: "approved",
      transaction: "t",
      method: "가상계좌",
      at: 0,
      receiptUrl: null,
      account,
    } as const;
    expect(sale.settle({ ...approved, amount: PRICE - 1 })).toMatchObject({
      status: "failed",
      refunds: [{ amount: PRICE - 1, account: "needed" }],
    });
    expect(sale.seat).toBe(0);

    sale = new Sale();
    sale.open();
    sale.room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "storm" });
    sale.ask({ kind: "sweep" });
    expect(sale.order).toMatchObject({ status: "cancelled", attempts: [{ status: "closing" }] });
    sale.askProvider();
    expect(sale.provider.transfers.waiting()).toEqual([]);
  });

  test("that the bank takes back leaves the order waiting, its tickets void and the books balanced, until it comes again", () => {
    sale.open();
    sale.deposit();
    sale.askProvider();
    const before = sale.order.version;
    sale.provider.undo(`${sale.orderId}-1`);
    // An answer that was on its way when the money came says what was true before.
    const waiting = sale.provider.read(taskOf(sale), sale.room.now);
    expect(sale.settle(waiting, before - 1).status).toBe("paid");
    expect(sale.settle(waiting).status).toBe("paid");
    sale.askProvider(true);
    expect([sale.order.status, sale.seat]).toEqual(["awaiting-deposit", 4]);
    const undone = fold(sale.room.object.outbox.take(sale.room.now));
    expect(undone.tickets.map(({ status }) => status)).toEqual(["cancelled"]);
    expect(undone.ledger).toHaveLength(4);
    expect(undone.ledger.reduce((sum, { account, debit, credit }) => sum + (account.startsWith("provider:") ? debit - credit : 0), 0)).toBe(0); // prettier-ignore
    // And one that says "paid" from before that does not make it paid again.
    const { account } = sale.order.attempts[0]?.deposit ?? {};
    const old = {
      result: "approved",
      transaction: "t",
      amount: PRICE,
      method: "가상계좌",
      at: 0,
      receiptUrl: null,
    } as const;
    expect(sale.settle({ ...old, ...(account == null ? {} : { account }) }, before).status).toBe("awaiting-deposit");
    sale.deposit();
    sale.askProvider();
    expect([sale.order.status, sale.order.attempts[0]?.deposit?.arrivals.length]).toEqual(["paid", 2]);
    const rows = fold(sale.room.object.outbox.take(sale.room.now));
    expect(rows.tickets.map(({ status }) => status)).toEqual(["valid"]);
    expect(new Set(rows.ledger.map(({ id }) => id)).size).toBe(6);
  });

  test("is not offered where the show begins too soon, and never waited for longer than until it begins", () => {
    const { startsAt } = sale.order;
    const dueAt = (before: number): unknown => {
      sale = new Sale();
      sale.room.now = startsAt - before;
      const late = new Customer(sale.room, 3);
      const orderId = late.order(late.hold("r2s1"));
      const key = { id: "late", hash: "" };
      const begin = { kind: "begin-payment", member: member(3), orderId, provider: "toss", key } as const;
      const reply = sale.ask({ ...begin, method: "VIRTUAL_ACCOUNT" });
      return reply.ok && reply.kind === "attempt" ? reply.task?.depositBy : code(reply);
    };
    expect(dueAt(5 * MINUTE)).toBe("deposit-too-late");
    expect(dueAt(20 * MINUTE)).toBe(startsAt);
    expect(dueAt(120 * MINUTE)).toBe(startsAt - 60 * MINUTE);

    sale = new Sale();
    sale.open();
    sale.room.now += MINUTE;
    const movedTo = sale.room.now + 10 * MINUTE;
    sale.room.operate({ do: "move-date", scheduleId: SCHEDULE_ID, startsAt: movedTo, freeUntil: movedTo - 1 });
    sale.ask({ kind: "sweep" });
    expect(sale.order.attempts[0]?.deposit?.dueAt).toBe(movedTo);
  });

  test("whose account was asked for by a card payment, or the other way round, is what the provider says", () => {
    // The browser chose another method than the attempt's: an account nobody wants is closed.
    sale.buyer.begin(sale.orderId);
    const confirm = { kind: "confirm-payment", member: member(1), orderId: sale.orderId, provider: "toss" } as const;
    sale.ask({ ...confirm, paymentKey: "pk", amount: PRICE });
    const account = { bank: { code: "20", ko: "", en: "" }, number: "1", holder: null, dueAt: sale.room.now + 1, secretHash: null }; // prettier-ignore
    const opened = sale.settle({ result: "awaiting-deposit", amount: PRICE, account });
    expect(opened).toMatchObject({ status: "pending", attempts: [{ status: "closing" }] });

    sale = new Sale();
    sale.begin();
    sale.ask({ ...confirm, orderId: sale.orderId, paymentKey: "pk", amount: PRICE });
    const byCard = {
      result: "approved",
      transaction: "t",
      amount: PRICE,
      method: "카드",
      at: 0,
      receiptUrl: null,
    } as const;
    expect(sale.settle(byCard)).toMatchObject({ status: "paid", attempts: [{ deposit: null }] });
    // And then its money goes back the way it came.
    expect(code(sale.cancel())).toBe("ok");
  });
});

describe("giving back what was transferred", () => {
  beforeEach(() => {
    sale.open();
    sale.deposit();
    sale.askProvider();
  });

  test("needs an account, which is kept sealed, apart from the order, and only until the money has gone", () => {
    expect(code(sale.cancel())).toBe("refund-account-required");
    expect(code(sale.giveAccount())).toBe("refund-account-not-needed");
    expect(code(sale.cancel({ account: "sealed-secret" }))).toBe("ok");
    expect(JSON.stringify([sale.order, sale.room.object.outbox.take(sale.room.now)])).not.toContain("sealed-secret");
    sale.room.object.restart();
    expect([...sale.room.object.state.refundAccounts.values()]).toMatchObject([{ sealed: "sealed-secret" }]);
    expect(code(sale.giveAccount("another"))).toBe("refund-account-not-needed");
    sale.askProvider();
    expect([sale.order.status, sale.seat, sale.kept, sale.room.object.state.refundAccounts.size]).toEqual([
      "cancelled",
      0,
      0,
      0,
    ]);
    sale.room.object.restart();
    expect(sale.room.object.state.refundAccounts.size).toBe(0);
  });

  test("to an account that is no good asks for another one; nobody else can give it", () => {
    sale.cancel({ account: "sealed-bad" });
    sale.askProvider();
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "refused" }]);
    expect(sale.room.object.state.refundAccounts.size).toBe(0);
    const stranger = sale.ask({ kind: "refund-account", member: member(9), orderId: sale.orderId, account: "x" });
    expect(code(stranger)).toBe("order-not-found");
    sale.giveAccount();
    sale.askProvider();
    expect([sale.order.status, sale.kept]).toEqual(["cancelled", 0]);
  });

  test("that takes longer than an account is kept asks for it again", () => {
    sale.cancel({ account: "sealed" });
    sale.room.now += 31 * 86_400_000;
    sale.room.object.execute([]);
    expect(sale.order.refunds).toMatchObject([{ status: "requested", account: "needed" }]);
    expect(sale.room.object.state.refundAccounts.size).toBe(0);
  });

  test("of a date that was cancelled waits for the buyer's account, and the seat's money is nobody's loss", () => {
    sale.room.operate({ do: "cancel-date", scheduleId: SCHEDULE_ID, reason: "storm" });
    sale.ask({ kind: "sweep" });
    expect(sale.order).toMatchObject({ status: "cancelling", refunds: [{ account: "needed" }] });
    sale.giveAccount();
    sale.askProvider();
    expect([sale.order.status, sale.kept]).toEqual(["cancelled", 0]);
  });
});

describe("a notification about a deposit", () => {
  test("counts only if it knows the account's secret", () => {
    sale.open();
    const proof = (secretHash: string, attempt = 1): Reply =>
      sale.ask({ kind: "recheck", orderId: sale.orderId, verified: null, proof: { attempt, secretHash } });
    const { secretHash } = sale.order.attempts[0]?.deposit?.account ?? {};
    const before = digest(sale.room.object.state);
    expect(code(proof("0".repeat(64)))).toBe("notification-not-verified");
    expect(code(proof(secretHash ?? "", 2))).toBe("notification-not-verified");
    expect(code(proof(secretHash ?? ""))).toBe("ok");
    expect(digest(sale.room.object.state)).toBe(before);
  });
});

describe("the recovery", () => {
  test("looks once an hour until the deadline, then closes the account until there is an answer", () => {
    const order = sale.open();
    const dueAt = order.attempts[0]?.deposit?.dueAt ?? 0;
    const recovery = new Recovery();
    recovery.note({ ...order, attempts: order.attempts.map((one) => ({ ...one, deposit: one.deposit && { ...one.deposit, dueAt: START + 90 * MINUTE } })) }, START); // prettier-ignore
    expect(recovery.nextAt()).toBe(START + 60 * MINUTE);
    recovery.take(START + 60 * MINUTE, 6, () => 0);
    expect(recovery.nextAt()).toBe(START + 90 * MINUTE);
    recovery.take(START + 90 * MINUTE, 6, () => 0);
    expect(recovery.nextAt()).toBe(START + 90 * MINUTE + 20_000);
    const asked = { tries: 1, hinted: false, accounts: new Map() };
    expect(questionsAbout(order, { ...asked, now: dueAt - 1 })).toMatchObject([{ ask: "read" }]);
    expect(questionsAbout(order, { ...asked, now: dueAt })).toMatchObject([{ ask: "conclude" }]);
    recovery.note({ ...order, status: "paid", attempts: [] }, START);
    expect(recovery.nextAt()).toBeNull();
  });
});

function taskOf({ order, room }: Sale) {
  const asked = { now: room.now, tries: 0, hinted: true, accounts: new Map() };
  const [question] = questionsAbout(order, asked);
  if (question === undefined || question.ask === "refund") throw new Error("nothing to ask");
  return question.task;
}
