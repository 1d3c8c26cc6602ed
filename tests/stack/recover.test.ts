/** What is destroyed here on purpose comes back by the scripts of the runbook; what is over is forgotten, and still answers. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { PORTS } from "../../dev/ports.ts";
import { startStack, type Stack } from "../../dev/stack.ts";
import { Buyer, type Order } from "./buyer.ts";
import { House, type Show } from "./house.ts";
import { freePorts } from "./ports.ts";
import { cronAt, objectFiles, recoverAt, script, type Ended } from "./recovering.ts";
import { ownReceipt, type Receipted } from "./receipts.ts";
import { openTransfer, atTheBank } from "./transfers.ts";

const PATIENCE = { timeout: 90_000, interval: 200 };
const SETTINGS = { ARCHIVE_AFTER_DAYS: "0" };

let dataDir: string;
let port: number;
let stack: Stack;
let house: House;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-recover-"));
  port = await freePorts(PORTS);
  await start();
}, 180_000);

afterAll(async () => {
  await house?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a sale whose object is lost", () => {
  let show: Show;
  let paid: Order;
  let pending: Order;
  let payer: Buyer;
  let late: Buyer;
  let waiting: Receipted;

  beforeAll(async () => {
    show = await house.open({ title: "잃어버린", rows: 2, columns: 5, settings: { capacity: 2 } });
    payer = await Buyer.inside(house, show);
    paid = await payer.buy(["r1s1", "r1s2"]);
    late = await Buyer.inside(house, show);
    pending = await late.order((await late.hold(["r2s1"])).id);
    await Buyer.inside(house, show);
    waiting = await ownReceipt(house, show, (await house.member()).token);
    await vi.waitFor(async () => expect((await house.figures(show)).outboxDepth).toBe(0), PATIENCE);
    await vi.waitFor(async () => expect(await copied(show)).toBe(4), PATIENCE);
  });

  it("is not built again while it is alive, unless whoever asks says so", async () => {
    const refused = await recover("object", show.id);
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("object-alive") });
    expect(await house.figures(show)).toMatchObject({ status: { phase: "open" }, seatsByStatus: { sold: 2 } });
  });

  it("is built again with its seats, its orders and its line, paused, and goes on selling", async () => {
    await withoutObjects();
    // Nobody knows it any more.
    await expect(payer.join()).rejects.toMatchObject({ status: 404 });
    const done = await recover("object", show.id);
    expect(done).toMatchObject({ status: 0, output: expect.stringContaining("paused, 4 in the line, 2 seats sold") });

    const figures = await house.figures(show);
    expect(figures.seatsByStatus).toMatchObject({ sold: 2, held: 1, free: 7 });
    expect(figures.ordersByStatus).toEqual({ paid: 1, pending: 1 });
    expect(figures.status.phase).toBe("paused");
    expect((await payer.read(paid.id)).status).toBe("paid");
    const again = await waiting.look();
    expect(again).toMatchObject({ state: "waiting", number: waiting.number });

    await operator(show, "resume");
    const settled = await late.pay(pending.id);
    expect(settled.status).toBe("paid");
    await expect.poll(() => house.recordOf(pending.id), PATIENCE).toEqual(soldOnce(pending.amount, 1));
    await expect.poll(() => house.recordOf(paid.id), PATIENCE).toEqual(soldOnce(paid.amount, 2));
    // No two events ever had one number, and none was set aside.
    expect(await house.count("quarantined_events")).toBe(0);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, PATIENCE).toBe(0);
    expect(await house.moneyOf(paid.id)).toEqual({ payments: 1, captured: paid.amount, refunded: 0 });
    const { rows } = await house.sql.query(
      "select count(*)::int as n from audit_log where performance_id = $1 and action = 'performance.rebuild-requested'",
      [show.id],
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  it("gives records that lost everything about its orders all of it back, and mails nobody again", async () => {
    const before = await recordsOf(show);
    expect(before["orders"]).toHaveLength(2);
    await house.sql.query(
      "truncate tickets, ledger_entries, payments, refunds, order_seats, notices, applied_events, orders cascade",
    );
    expect(await house.count("orders")).toBe(0);

    const done = await recover("records", show.id);
    expect(done).toMatchObject({ status: 0, output: expect.stringContaining("2 orders are on their way") });
    await expect.poll(() => recordsOf(show), PATIENCE).toEqual(before);
    expect(await house.count("notices")).toBe(0);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, PATIENCE).toBe(0);
    // Once more changes nothing.
    await recover("records", show.id);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, PATIENCE).toBe(0);
    expect(await recordsOf(show)).toEqual(before);
  });

  it("is not taken back where there is no history of its storage, and stays as it is", async () => {
    const refused = await recover("restore", show.id, "--at", new Date(Date.now() - 60_000).toISOString());
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("restore-unavailable") });
    expect(await house.figures(show)).toMatchObject({ seatsByStatus: { sold: 3 } });
  });

  it("is not recovered by anybody but an admin", async () => {
    const body = { replace: true };
    for (const token of [house.organiser, payer.token]) {
      const asked = house.api.call(`POST /api/admin/performances/${show.id}/rebuild`, z.unknown(), { token, body });
      await expect(asked).rejects.toMatchObject({ status: 403, code: "role-required" });
    }
  });
});

describe("a sale that is over", () => {
  let show: Show;
  let fans: readonly Receipted[];
  let buyer: Buyer;
  let order: Order;
  let drawn: unknown;
  const transfers: { buyer: Buyer; order: Order }[] = [];
  const account = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };

  beforeAll(async () => {
    const now = Date.now();
    const iso = (time: number): string => new Date(time).toISOString();
    show = await house.open({
      title: "끝난",
      rows: 1,
      columns: 5,
      settings: { gatherAt: iso(now - 1_000), openAt: iso(now + 6_000), capacity: 10 },
    });
    const members = await house.members(3);
    fans = await Promise.all(members.map(({ token }) => ownReceipt(house, show, token)));
    buyer = await Buyer.inside(house, show);
    order = await buyer.buy(["r1s2", "r1s3"]);
    await house.trouble({ depositSeconds: 2 });
    const never = await openTransfer(house, show, ["r1s5"]);
    await ends(never, "expired");
    await house.trouble({ depositSeconds: null });
    const made = await openTransfer(house, show, ["r1s4"]);
    expect(await atTheBank(house, made.order, "deposit")).toBe(200);
    await ends(made, "paid");
    transfers.push(made, never);
    drawn = await house.api.call(`GET /api/performances/${show.id}/draw`, z.unknown());
  });

  it("keeps its object while something of it can change", async () => {
    const refused = await recover("empty", show.id);
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("not-closed") });
    expect(refused.output).toContain("date-not-over");
    const early = await recover("refund", order.id, "--reason", "mistake");
    expect(early).toMatchObject({ status: 1, output: expect.stringContaining("object-alive") });
  });

  it("is emptied by the minute's cron when its date has passed, and not a row is left in its object", async () => {
    await operator(show, "revoke-all");
    await operator(show, "close");
    const now = Date.now();
    const body = { startsAt: new Date(now + 3_000).toISOString(), freeUntil: new Date(now + 2_000).toISOString() };
    const request = `POST /api/organizer/performances/${show.id}/schedules/${show.scheduleId}/move`;
    await house.api.call(request, z.unknown(), { token: house.organiser, body });
    await expect
      .poll(
        async () => (await cron(), house.count("performances where id = $1 and emptied_at is not null", show.id)),
        PATIENCE,
      )
      .toBe(1);
    expect(tablesWith("끝난")).toEqual([]);
    expect(tablesWith("잃어버린")).toContain("orders");
    expect(await house.count("sale_copies where performance_id = $1 and kept is null", show.id)).toBe(1);
    expect(await house.count("audit_log where performance_id = $1 and action = 'performance.emptied'", show.id)).toBe(
      1,
    );
  });

  it("still shows how its order was drawn, and anybody can compute it again", async () => {
    expect(await house.api.call(`GET /api/performances/${show.id}/draw`, z.unknown())).toEqual(drawn);
    const verified = await script("dev/verify-draw.ts", [
      `${house.where.origin}/api/performances/${show.id}/draw`,
      fans[1]?.receipt ?? "",
    ]);
    expect(verified.output).toContain(`as number ${fans[1]?.number}, drawn to place`);
    expect(verified.status).toBe(0);
  });

  it("still answers its buyers and its organiser, and refuses the rest by name", async () => {
    expect((await buyer.orders()).map(({ id }) => id)).toContain(order.id);
    expect(await buyer.read(order.id)).toMatchObject({ status: "paid", amount: order.amount });
    const items = z.object({ items: z.array(z.looseObject({ status: z.string() })) });
    const { token } = buyer;
    expect((await house.api.call(`GET /api/orders/${order.id}/tickets`, items, { token })).items).toHaveLength(2);
    const csv = await house.api.send(`GET /api/organizer/performances/${show.id}/export`, { token: house.organiser });
    expect(await csv.text()).toContain(order.id);
    const figures = await house.figures(show);
    expect(figures).toMatchObject({
      seatsByStatus: { sold: 3 },
      ordersByStatus: { paid: 2, expired: 1 },
      status: { joined: 6 },
    });

    await expect(buyer.join()).rejects.toMatchObject({ status: 409, code: "performance-closed" });
    expect(await buyer.look()).toMatchObject({ state: "none", status: { phase: "closed" } });
    await expect(buyer.cancel(order.id)).rejects.toMatchObject({ code: "cancellation-closed" });
    const publish = house.api.call(`POST /api/organizer/performances/${show.id}/publish`, z.unknown(), {
      token: house.organiser,
      body: {},
    });
    await expect(publish).rejects.toMatchObject({ code: "performance-closed" });
    expect(await recover("object", show.id, "--replace")).toMatchObject({
      status: 1,
      output: expect.stringContaining("performance-closed"),
    });
  });

  it("gives money back through the records, once, whoever asks again", async () => {
    for (let time = 0; time < 2; time++) {
      const done = await recover("refund", order.id, "--reason", "the hall flooded");
      expect(done).toMatchObject({ status: 0, output: expect.stringContaining("The order is cancelled") });
    }
    expect(await house.moneyOf(order.id)).toEqual({ payments: 1, captured: order.amount, refunded: order.amount });
    expect(await house.recordOf(order.id)).toMatchObject({
      status: "cancelled",
      tickets: 0,
      refunds: 1,
      entries: 4,
      balance: 0,
    });
    expect(await buyer.read(order.id)).toMatchObject({ status: "cancelled" });
  });

  it("gives the money of a transfer back to the account that is said with it, which is kept nowhere", async () => {
    const [made, never] = transfers;
    if (made === undefined || never === undefined) throw new Error("nobody has transferred anything");
    const refused = await recover("refund", made.order.id, "--reason", "the hall flooded");
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("refund-account-required") });
    expect(await made.buyer.read(made.order.id)).toMatchObject({ status: "paid", refunds: [] });
    const file = path.join(dataDir, "account.json");
    writeFileSync(file, JSON.stringify({ ...account, accountNumber: "10020000" }));
    const mistyped = await recover("refund", made.order.id, "--reason", "the hall flooded", "--account", file);
    expect(mistyped).toMatchObject({ status: 0, output: expect.stringContaining("The order is cancelling") });
    const owed = { status: "requested", account: "refused" };
    expect(await made.buyer.read(made.order.id)).toMatchObject({ status: "cancelling", refunds: [owed] });
    // Its buyer knows better, and is not somebody else; said twice, it has gone once.
    await expect(giveAccount(never.buyer, made.order)).rejects.toMatchObject({ code: "order-not-found" });
    const both = await Promise.allSettled([1, 2].map(() => giveAccount(made.buyer, made.order)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const gone = { status: "refunded", account: "given" };
    expect(await made.buyer.read(made.order.id)).toMatchObject({ status: "cancelled", refunds: [gone] });
    const again = giveAccount(made.buyer, made.order);
    await expect(again).rejects.toMatchObject({ code: "refund-account-not-needed" });

    // A transfer that arrives when nobody waits for it any more, nor is there an object of it.
    expect(await atTheBank(house, never.order, "late")).toBe(200);
    const refunds = async (): Promise<unknown> => (await never.buyer.read(never.order.id)).refunds;
    await expect.poll(refunds, PATIENCE).toMatchObject([{ status: "requested", account: "needed" }]);
    writeFileSync(file, JSON.stringify(account));
    const done = await recover("refund", never.order.id, "--reason", "came too late", "--account", file);
    expect(done).toMatchObject({ status: 0, output: expect.stringContaining("The order is expired") });
    expect(await refunds()).toMatchObject([{ status: "refunded" }]);
    for (const one of [made.order, never.order]) {
      expect(await house.moneyOf(one.id)).toEqual({ payments: 1, captured: one.amount, refunded: one.amount });
      expect(await house.recordOf(one.id)).toMatchObject({ refunds: 1, tickets: 0, balance: 0 });
    }
    for (const column of ["orders where snapshot", "audit_log where detail", "refunds where refunds"]) {
      expect(await house.count(`${column}::text like '%${account.accountNumber}%'`)).toBe(0);
    }
  });

  function ends({ buyer: by, order: { id } }: (typeof transfers)[0], as: string): Promise<void> {
    return vi.waitFor(async () => expect((await by.read(id)).status).toBe(as), PATIENCE);
  }

  function giveAccount(by: Buyer, { id }: Order): Promise<unknown> {
    const request = { token: by.token, body: account };
    return house.api.call(`POST /api/orders/${id}/refund-account`, z.unknown(), request);
  }
});

async function start(): Promise<void> {
  stack = await startStack({ dataDir, port, demoData: false, settings: SETTINGS });
  house = await House.visit(stack, () => stack.stop());
}

/** Stops everything, throws the Performance objects' storage away, and starts again. */
async function withoutObjects(): Promise<void> {
  await house.close();
  for (const file of objectFiles(dataDir)) rmSync(file);
  await start();
}

/** Tables of the object whose sale has this title; an object that has forgotten its title has none that tells. */
function tablesWith(title: string): readonly string[] {
  for (const file of objectFiles(dataDir).filter((name) => name.endsWith(".sqlite"))) {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
        name: string;
      }[];
      const names = tables.map(({ name }) => name);
      if (!names.includes("facts")) continue;
      const facts = database.prepare("select body from facts where name = 'state'").get() as
        { body: string } | undefined;
      if (facts?.body.includes(title) === true) return names;
    } finally {
      database.close();
    }
  }
  return [];
}

/** People of the sale whom the records could give back to a new object. */
async function copied(show: Show): Promise<number> {
  await cron();
  const { rows } = await house.sql.query<{ joined: number }>(
    "select joined from sale_copies where performance_id = $1 and mark <> ''",
    [show.id],
  );
  return rows[0]?.joined ?? 0;
}

function cron(): Promise<void> {
  return cronAt(house.where.origin);
}

function operator(show: Show, what: string): Promise<unknown> {
  return house.api.call(`POST /api/organizer/performances/${show.id}/${what}`, z.unknown(), { token: house.organiser });
}

function recover(...args: readonly string[]): Promise<Ended> {
  return recoverAt(house.where.origin, ...args);
}

/** All that orders of a show are in the records, but for times of writing, and what a ticket is by chance. */
async function recordsOf(show: Show): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  const own = "order_id in (select id from orders where performance_id = $1)";
  const tables = {
    orders: "performance_id = $1",
    order_seats: own,
    payments: own,
    refunds: own,
    tickets: own,
    ledger_entries: own,
  };
  for (const [table, where] of Object.entries(tables)) {
    const { rows } = await house.sql.query<{ row: unknown }>(
      `select to_jsonb(t) - 'created_at' - 'updated_at' - 'code' as row from ${table} t where ${where} order by 1`,
      [show.id],
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

function soldOnce(amount: number, seats: number): Readonly<Record<string, unknown>> {
  const money = { entries: 2, money: amount, balance: 0 };
  return { status: "paid", sold: seats, tickets: seats, approved: 1, refunds: 0, ...money };
}
