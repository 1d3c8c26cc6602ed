/** The comparison of books, over any sale: what agrees is quiet, and one thing that is altered is named, and nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Order, OrderPage, ProviderBooks } from "../../durable-objects/performance/contract.ts";
import { History } from "../../tests/stack/history.ts";
import { fold } from "../records/fold.ts";
import type { DriftKind, RecordedOrders, RecordedRow } from "../records/reconciling.ts";
import { compareMoney, isSettled } from "./compare-money.ts";
import { compareRecords } from "./compare.ts";

const states = ["placed", "paid", "cancelled"] as const;
const sales = fc.array(fc.record({ state: fc.constantFrom(...states), seats: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 1,
  maxLength: 6,
});

function ordersOf(wishes: readonly { readonly state: (typeof states)[number]; readonly seats: number }[]): Order[] {
  const history = new History();
  return wishes.map(({ state, seats }, index) => {
    const placed = history.place(...Array.from({ length: seats }, (_, seat) => `${index}-${seat}`));
    if (state === "placed") return placed;
    const paid = history.pay(placed);
    return state === "paid" ? paid : history.cancel(paid);
  });
}

function pageOf(orders: readonly Order[], change: Partial<OrderPage> = {}): OrderPage {
  const sold = orders.reduce((sum, order) => (order.status === "paid" ? sum + order.seats.length : sum), 0);
  return { orders, tasks: [], contradictions: [], oldestUnreportedAt: null, sold, ...change };
}

type Kept = { -readonly [Name in keyof RecordedOrders]: RecordedOrders[Name] };

/** What Postgres has when every event has been applied: snapshots went through JSON, and their keys are in no order. */
function recordsOf(orders: readonly Order[]): Kept {
  const rows = orders.map((order) =>
    fold([{ performanceId: order.performanceId, seq: 1, at: 0, event: { type: "order-changed", order } }]),
  );
  const by = (name: "seats" | "payments" | "refunds" | "tickets" | "ledger") =>
    new Map(orders.map(({ id }, index) => [id, (rows[index]?.[name] ?? []) as readonly RecordedRow[]]));
  return {
    orders: orders.map((order) => ({
      id: order.id,
      version: order.version,
      status: order.status,
      amount: order.amount,
      currency: order.currency,
      member_id: order.member,
      schedule_id: order.scheduleId,
      snapshot: JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(order).toReversed()))) as unknown,
    })),
    ...{
      seats: by("seats"),
      payments: by("payments"),
      refunds: by("refunds"),
      tickets: by("tickets"),
      ledger: by("ledger"),
    },
    sold: pageOf(orders).sold,
  };
}

const named = (drifts: ReturnType<typeof compareRecords>): string[] =>
  drifts.map(({ kind, subject }) => `${kind} ${subject}`);

describe("object and records", () => {
  it("that agree are quiet, whatever was sold", () => {
    fc.assert(
      fc.property(sales, (wishes) => {
        const orders = ordersOf(wishes);
        expect(compareRecords(pageOf(orders), recordsOf(orders), true)).toEqual([]);
      }),
    );
  });

  interface Alteration {
    readonly kind: DriftKind;
    readonly repairable: boolean;
    /** False: this order has nothing of the kind to alter. */
    readonly alter: (kept: Kept, order: Order) => boolean;
  }

  const table = (name: "seats" | "payments" | "refunds" | "tickets" | "ledger") => ({
    drop: (kept: Kept, { id }: Order): boolean => {
      const rows = kept[name].get(id) ?? [];
      kept[name] = new Map(kept[name]).set(id, rows.slice(1));
      return rows.length > 0;
    },
    change:
      (column: string, value: unknown) =>
      (kept: Kept, { id }: Order): boolean => {
        const [first, ...rest] = kept[name].get(id) ?? [];
        if (first === undefined || first[column] === value) return false;
        kept[name] = new Map(kept[name]).set(id, [{ ...first, [column]: value }, ...rest]);
        return true;
      },
  });
  const column =
    (change: Partial<Kept["orders"][number]>) =>
    (kept: Kept, { id }: Order): boolean => {
      kept.orders = kept.orders.map((row) => (row.id === id ? { ...row, ...change } : row));
      return true;
    };

  const alterations: readonly Alteration[] = [
    {
      kind: "order-missing",
      repairable: true,
      alter: (kept, { id }) => (kept.orders = kept.orders.filter((row) => row.id !== id)).length >= 0,
    },
    { kind: "order-behind", repairable: true, alter: column({ version: 0 }) },
    { kind: "order-ahead", repairable: false, alter: column({ version: 99 }) },
    { kind: "order-differs", repairable: false, alter: column({ amount: 1 }) },
    { kind: "order-differs", repairable: true, alter: column({ status: "failed" }) },
    { kind: "order-differs", repairable: true, alter: column({ snapshot: { id: "another" } }) },
    { kind: "order-unknown", repairable: false, alter: () => true },
    { kind: "seat-missing", repairable: true, alter: table("seats").drop },
    { kind: "seat-differs", repairable: true, alter: table("seats").change("status", "released") },
    { kind: "seat-differs", repairable: false, alter: table("seats").change("price", 1) },
    { kind: "payment-missing", repairable: true, alter: table("payments").drop },
    { kind: "payment-differs", repairable: true, alter: table("payments").change("status", "declined") },
    { kind: "payment-differs", repairable: false, alter: table("payments").change("provider", "stripe") },
    { kind: "refund-missing", repairable: true, alter: table("refunds").drop },
    { kind: "refund-differs", repairable: true, alter: table("refunds").change("status", "requested") },
    { kind: "refund-differs", repairable: false, alter: table("refunds").change("amount", 1) },
    { kind: "ticket-missing", repairable: true, alter: table("tickets").drop },
    { kind: "ticket-differs", repairable: true, alter: table("tickets").change("status", "lost") },
    { kind: "ticket-differs", repairable: false, alter: table("tickets").change("member_id", "somebody else") },
    { kind: "ledger-missing", repairable: true, alter: table("ledger").drop },
    { kind: "ledger-differs", repairable: false, alter: table("ledger").change("credit", 7) },
  ];

  it("of which one thing was altered differ in that, and are repaired by reporting the order again or not at all", () => {
    const met = new Set<Alteration>();
    fc.assert(
      fc.property(sales, fc.constantFrom(...alterations), fc.nat(), (wishes, alteration, chance) => {
        const orders = ordersOf(wishes);
        const kept = recordsOf(orders);
        const order = orders[chance % orders.length];
        if (order === undefined || !alteration.alter(kept, order)) return;
        met.add(alteration);
        const unknown = alteration.kind === "order-unknown";
        // What the object does not know is an order whose rows are all there.
        const page = pageOf(unknown ? orders.filter(({ id }) => id !== order.id) : orders, { sold: kept.sold });
        const drifts = compareRecords(page, kept, true);
        expect(named(drifts)).toEqual([`${alteration.kind} ${order.id}`]);
        const remedy = alteration.repairable ? { kind: "report-order", orderId: order.id } : null;
        expect(drifts[0]?.remedy).toEqual(remedy);
      }),
      { numRuns: 1_500 },
    );
    expect(alterations.filter((one) => !met.has(one)).map(({ kind }) => kind)).toEqual([]);
  });

  it("differ in nothing that is still on its way, and in everything that was reported", () => {
    fc.assert(
      fc.property(sales, fc.integer({ min: -1, max: 1 }), (wishes, offset) => {
        const orders = ordersOf(wishes);
        const kept = recordsOf(orders);
        kept.orders = kept.orders.map((row) => ({ ...row, version: row.version - 1 }));
        const [first] = orders;
        if (first === undefined) return;
        const oldestUnreportedAt = first.updatedAt + offset;
        const behind = orders
          .filter(({ updatedAt }) => updatedAt < oldestUnreportedAt)
          .map(({ id }) => `order-behind ${id}`);
        expect(named(compareRecords(pageOf(orders, { oldestUnreportedAt }), kept, true))).toEqual(behind);
      }),
    );
  });

  it("differ where the plan does, and in how many seats are sold once nothing is on its way", () => {
    const orders = ordersOf([{ state: "paid", seats: 2 }]);
    const kept = recordsOf(orders);
    const id = orders[0]?.id ?? "";
    const page = pageOf(orders, { contradictions: [id], sold: 3 });
    expect(named(compareRecords(page, kept, true))).toEqual([`plan-contradicts ${id}`, "sold-seats "]);
    expect(named(compareRecords(page, kept, false))).toEqual([`plan-contradicts ${id}`]);
    expect(named(compareRecords({ ...page, oldestUnreportedAt: Date.now() }, kept, true))).toHaveLength(1);
  });
});

describe("object and provider", () => {
  const known = (
    captured: number,
    refunds: readonly { transaction: string; amount: number }[] = [],
  ): ProviderBooks => ({
    ...{ result: "known", captured, paymentKey: "pk", transaction: "t", method: "CARD", at: 1, receiptUrl: null },
    refunds: refunds.map((refund) => ({ ...refund, at: 2 })),
  });
  const kinds = (order: Order, books: ProviderBooks): readonly string[] =>
    compareMoney(order, new Map([[1, books]])).map(({ kind, remedy }) => `${kind} ${remedy?.kind ?? "reported"}`);

  it("differ in exactly the money that one of them does not know", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("paid" as const, "cancelled" as const),
        fc.nat({ max: 500_000 }),
        (state, captured) => {
          const [order] = ordersOf([{ state, seats: 2 }]);
          if (order === undefined) return;
          const refunds = order.refunds.map(({ amount }) => ({ transaction: "r", amount }));
          const expected =
            captured === order.amount ? [] : [captured === 0 ? "capture-missing reported" : "capture-amount reported"];
          expect(kinds(order, known(captured, refunds))).toEqual(expected);
        },
      ),
    );
    const [paid, cancelled] = ordersOf([
      { state: "paid", seats: 1 },
      { state: "cancelled", seats: 1 },
    ]);
    if (paid === undefined || cancelled === undefined) throw new Error("two orders");
    const back = { transaction: "x", amount: 1_000 };
    expect(kinds(paid, known(paid.amount, [back]))).toEqual(["provider-refund-unknown note-refund"]);
    expect(kinds(cancelled, known(cancelled.amount))).toEqual(["provider-refund-missing reported"]);
    expect(kinds(paid, { result: "unknown", reason: "down" })).toEqual([]);
    const declined = { ...paid, attempts: paid.attempts.map((one) => ({ ...one, status: "declined" as const })) };
    expect(kinds(declined, known(paid.amount))).toEqual(["capture-unknown settle"]);
    expect(kinds(declined, known(0))).toEqual([]);
    const account = {
      bank: { code: "20", ko: "우리", en: "Woori" },
      number: "1",
      holder: null,
      dueAt: 1,
      secretHash: null,
    };
    const deposit = { dueAt: 1, account, arrivals: [] };
    const transferred = { ...paid, attempts: paid.attempts.map((one) => ({ ...one, deposit })) };
    expect(kinds(transferred, known(0))).toEqual(["capture-missing recheck"]);
    expect(kinds(transferred, known(1))).toEqual(["capture-amount reported"]);
    const unheard = {
      ...paid,
      attempts: paid.attempts.map((one) => ({ ...one, status: "abandoned" as const, paymentKey: null })),
    };
    expect(kinds(unheard, known(paid.amount))).toEqual(["capture-unknown recheck"]);
  });

  it("are not compared while the provider owes an answer", () => {
    const [paid] = ordersOf([{ state: "paid", seats: 1 }]);
    if (paid === undefined) throw new Error("one order");
    expect(isSettled(paid, Date.now())).toBe(true);
    const attempts = paid.attempts.map((one) => ({ ...one, status: "confirming" as const }));
    expect(isSettled({ ...paid, attempts }, Date.now())).toBe(false);
  });
});
