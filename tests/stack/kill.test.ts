/** Everything is killed at the worst moments, and started again on what it left: nobody loses a seat, nobody pays twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Buyer, type Consent } from "./buyer.ts";
import { House, type Show } from "./house.ts";
import { PORTS } from "../../dev/ports.ts";
import { freePorts } from "./ports.ts";
import { Started } from "./started.ts";

/** The object asks the provider again 20 s after it has started; the rest is for a slow machine. */
const RECOVERED = { timeout: 90_000, interval: 250 };
const SOON = { timeout: 30_000, interval: 20 };
const faults = z.looseObject({ confirm: z.unknown() });

let dataDir: string;
let port: number;
let started: Started;
let house: House;
let show: Show;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-kill-"));
  port = await freePorts(PORTS);
  await start();
  show = await house.open({ title: "정전", rows: 2, columns: 5 });
}, 150_000);

afterAll(async () => {
  await house?.close();
  await started?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("after everything was killed", () => {
  it("a hold is still there until its deadline, and can be paid; one whose time passed meanwhile is not", async () => {
    const brief = await house.open({ title: "잠깐", rows: 1, columns: 5, settings: { holdSeconds: 5 } });
    const buyer = await Buyer.inside(house, show);
    const late = await Buyer.inside(house, brief);
    const hold = await buyer.hold(["r1s1", "r1s2"]);
    const shortHold = await late.hold(["r1s1"]);
    await killAndStart();

    const [again, lateAgain] = [at(buyer), at(late, brief)];
    expect(await again.holds()).toEqual([hold]);
    expect((await again.seats()).slice(0, 3)).toBe("220");
    const other = await Buyer.inside(house, show);
    await expect(other.hold(["r1s2"])).rejects.toMatchObject({ status: 409, code: "seats-taken" });
    const order = await again.pay((await again.order(hold.id)).id);
    expect(order).toMatchObject({ status: "paid", amount: hold.amount });

    await expect.poll(() => lateAgain.holds(), { timeout: 20_000 }).toEqual([]);
    await expect(lateAgain.order(shortHold.id)).rejects.toMatchObject({ code: expect.stringMatching(/^hold-/) });
    expect(await lateAgain.seats()).toBe("00000");
    await expect.poll(() => house.recordOf(order.id), RECOVERED).toEqual(soldOnce(order.amount, 2));
  });

  it("orders whose charge nobody heard of end paid by themselves, charged once, recorded once", async () => {
    const buyers = [await Buyer.inside(house, show), await Buyer.inside(house, show)] as const;
    const orders = [await ready(buyers[0], "r1s3"), await ready(buyers[1], "r1s4")] as const;
    await house.trouble({ confirm: "slow", slowMs: 5_000, times: 1 });
    const unheard = buyers[0].confirm(orders[0].id, orders[0].consent).catch((error: unknown) => error);
    await expect.poll(async () => (await orderedTrouble()).confirm, SOON).toBeNull();
    await house.trouble({ confirm: "lose-answer", times: 1 });
    const lost = buyers[1].confirm(orders[1].id, orders[1].consent).catch((error: unknown) => error);
    await expect.poll(async () => (await house.moneyOf(orders[1].id)).captured, SOON).toBe(orders[1].amount);
    // The provider still works on the first. Whoever waits for its answer hears nothing any more; then the money moves.
    started.freezeWorker();
    await expect.poll(async () => (await house.moneyOf(orders[0].id)).captured, SOON).toBe(orders[0].amount);
    await killAndStart();
    expect(await unheard).toBeInstanceOf(Error);
    await lost;

    // Nobody asks for the orders: only the records are watched.
    for (const { id, amount } of orders) {
      await expect.poll(() => house.recordOf(id), RECOVERED).toEqual(soldOnce(amount, 1));
      expect(await house.moneyOf(id)).toEqual({ payments: 1, captured: amount, refunded: 0 });
    }
    const again = await at(buyers[0]).confirm(orders[0].id, orders[0].consent);
    expect(again).toMatchObject({ status: "paid", attempts: [{ status: "approved" }] });
    expect((await (await Buyer.inside(house, show)).seats()).slice(2, 4)).toBe("55");
  });

  it("an order that was paid but not yet recorded reaches the records", async () => {
    const buyer = await Buyer.inside(house, show);
    const paid = await buyer.buy(["r2s1", "r2s2"]);
    expect(paid.status).toBe("paid");
    await killAndStart();
    await expect.poll(() => house.recordOf(paid.id), RECOVERED).toEqual(soldOnce(paid.amount, 2));
    expect(await house.moneyOf(paid.id)).toEqual({ payments: 1, captured: paid.amount, refunded: 0 });
    expect(await at(buyer).read(paid.id)).toEqual(paid);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, RECOVERED).toBe(0);
    expect(await house.count("quarantined_events")).toBe(0);
    const twice =
      "(select 1 from order_seats where status = 'sold' group by schedule_id, seat_id having count(*) > 1) as t";
    expect(await house.count(twice)).toBe(0);
  });
});

/** An order whose buyer has agreed to pay. */
async function ready(buyer: Buyer, seat: string): Promise<{ id: string; amount: number; consent: Consent }> {
  const { id, amount } = await buyer.order((await buyer.hold([seat])).id);
  return { id, amount, consent: await buyer.consent(await buyer.begin(id)) };
}

function soldOnce(amount: number, seats: number): Readonly<Record<string, unknown>> {
  return {
    status: "paid",
    sold: seats,
    tickets: seats,
    approved: 1,
    refunds: 0,
    entries: 2,
    money: amount,
    balance: 0,
  };
}

async function start(): Promise<void> {
  started = await Started.on(dataDir, port);
  house = await House.visit(started.where);
}

async function killAndStart(): Promise<void> {
  await started.kill();
  await house.close();
  await start();
}

/** The same fan, who still has token and pass, at the stack as it runs now. */
function at(buyer: Buyer, where: Show = show): Buyer {
  const same = new Buyer(house, where, buyer.token);
  same.pass = buyer.pass;
  return same;
}

async function orderedTrouble(): Promise<z.infer<typeof faults>> {
  return faults.parse(await (await fetch(new URL("/sandbox/faults", house.where.tossUrl))).json());
}
