/** Who may book, and for how long, against everything there is: what the waiting room promises its fans. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readSecrets } from "../../dev/secrets.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { Live } from "./live.ts";

/** How long a fan at the front may have to wait for a slot that came free: a push, or the tick that repairs it. */
const TOLD_MS = 15_000;

let house: House;

beforeAll(async () => {
  house = await startHouse({ demoData: false });
}, 120_000);

afterAll(() => house?.close());

describe("with room for one", () => {
  it("the second fan sees a place, and is told at once when the first has paid", async () => {
    const { show, first, second, live } = await oneInsideOneWaiting("지불하면");
    expect(await second.look()).toMatchObject({
      state: "waiting",
      place: 1,
      ahead: 0,
      status: { sessions: 1, capacity: 1 },
    });
    await expect(second.enter()).rejects.toMatchObject({ status: 409, code: "not-admitted-yet" });
    expect((await first.buy(["r1s1"])).status).toBe("paid");
    await live.told(({ state }) => state === "admitted", TOLD_MS);
    live.close();
    await second.enter();
    expect((await second.buy(["r1s2"])).status).toBe("paid");
    expect(await house.figures(show)).toMatchObject({ admittedTotal: 2, status: { joined: 2 } });
  });

  it("the second fan is told at once when the first has left, and the first cannot go on booking", async () => {
    const { show, first, second, live } = await oneInsideOneWaiting("나가면");
    await first.hold(["r1s1"]);
    await first.leave();
    await live.told(({ state }) => state === "admitted", TOLD_MS);
    live.close();
    await expect(first.hold(["r1s3"])).rejects.toMatchObject({ status: 403, code: "session-ended" });
    await second.enter();
    expect((await house.figures(show)).status.sessions).toBe(1);
  });

  it("fans are let in one after the other in the order in which they came", async () => {
    const show = await house.open({ title: "차례대로", rows: 2, columns: 5, settings: { capacity: 1 } });
    const fans = (await house.members(4)).map(({ token }) => new Buyer(house, show, token));
    for (const fan of fans) await fan.join();
    const lives = await Promise.all(fans.map((fan) => Live.open(house.where.origin, `${fan.room}/live`, fan.token)));
    for (const [index, fan] of fans.entries()) {
      await lives[index]?.told(({ state }) => state === "admitted", TOLD_MS);
      const behind = fans.slice(index + 1);
      const seen = async (): Promise<unknown> =>
        (await Promise.all(behind.map((other) => other.look()))).map(({ state, ahead }) => [state, ahead]);
      // What everybody is told together may be a tick old.
      const expected = behind.map((_, more) => ["waiting", more]);
      await expect.poll(seen, { timeout: TOLD_MS, interval: 200 }).toEqual(expected);
      await fan.leave();
    }
    for (const live of lives) live.close();
  });
});

describe("a queue ticket", () => {
  it("lets a fan whose sign-in ran out while waiting look and enter all the same", async () => {
    const show = await house.open({ title: "긴 줄", rows: 2, columns: 5 });
    const { id, token } = await house.member();
    const { queueTicket } = await new Buyer(house, show, token).join();
    const keys = await keySet(readSecrets().SESSION_KEYS);
    const expired = await signAccess(keys, { id, role: "member" }, Date.now() - 3_600_000);
    const room = `/api/performances/${show.id}`;
    const anything = z.looseObject({});
    await expect(house.api.call(`GET ${room}/queue`, anything, { token: expired })).rejects.toMatchObject({
      code: "token-expired",
    });
    const headers = { "queue-ticket": queueTicket };
    expect(await house.api.call(`GET ${room}/queue`, anything, { headers })).toMatchObject({ state: "admitted" });
    const { pass } = await house.api.call(`POST ${room}/enter`, z.object({ pass: z.string() }), {
      token: expired,
      headers,
    });
    expect(pass.split(".")).toHaveLength(3);
    // It authorises waiting and entering, nothing else, and only here.
    await expect(house.api.call("GET /api/orders", anything, { headers })).rejects.toMatchObject({ status: 401 });
    const elsewhere = await house.open({ title: "짧은 줄", rows: 2, columns: 5 });
    const other = house.api.call(`GET /api/performances/${elsewhere.id}/queue`, anything, { headers });
    await expect(other).rejects.toMatchObject({ code: "token-invalid" });
  });
});

describe("a booking session", () => {
  it("that has ended refuses a pass that is still good, and its seats are free again", async () => {
    const show = await house.open({ title: "십 초", rows: 2, columns: 5, settings: { bookingSeconds: 10 } });
    const buyer = await Buyer.inside(house, show);
    const hold = await buyer.hold(["r1s1"]);
    expect(Date.parse(hold.expiresAt)).toBeLessThanOrEqual(Date.now() + 10_000);
    await expect
      .poll(() => buyer.seats().catch((error: { code: string }) => error.code), { timeout: 40_000, interval: 500 })
      .toBe("session-ended");
    // The edge allows clocks a minute of difference, so the signature and expiry of this pass still hold there.
    const ended = { status: 403, code: "session-ended" };
    await expect(buyer.hold(["r1s2"])).rejects.toMatchObject(ended);
    await expect(buyer.order(hold.id)).rejects.toMatchObject({ code: expect.stringMatching(/^hold-/) });
    expect(await buyer.holds()).toEqual([]);
    expect((await buyer.look()).state).toBe("ended");
    const next = await Buyer.inside(house, show);
    expect(await next.seats()).toBe("0000000000");
  });

  it("belongs to its member and its performance", async () => {
    const show = await house.open({ title: "내 패스", rows: 2, columns: 5 });
    const buyer = await Buyer.inside(house, show);
    const stranger = new Buyer(house, show, (await house.member()).token);
    stranger.pass = buyer.pass;
    await expect(stranger.hold(["r1s1"])).rejects.toMatchObject({ status: 403, code: "pass-invalid" });
    const elsewhere = new Buyer(house, await house.open({ title: "다른 공연", rows: 2, columns: 5 }), buyer.token);
    elsewhere.pass = buyer.pass;
    await expect(elsewhere.hold(["r1s1"])).rejects.toMatchObject({ status: 403, code: "pass-invalid" });
  });
});

interface Pair {
  readonly show: Show;
  readonly first: Buyer;
  readonly second: Buyer;
  /** The second fan's. */
  readonly live: Live;
}

async function oneInsideOneWaiting(title: string): Promise<Pair> {
  const show = await house.open({ title, rows: 2, columns: 5, settings: { capacity: 1 } });
  const first = await Buyer.inside(house, show);
  const second = new Buyer(house, show, (await house.member()).token);
  await second.join();
  const live = await Live.open(house.where.origin, `${second.room}/live`, second.token);
  await live.told(({ state }) => state === "waiting", TOLD_MS);
  return { show, first, second, live };
}
