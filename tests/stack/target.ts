/** Two performances, an owner with a hold and an order about to be paid, and a stranger: what bad input is aimed at. */
import { expect } from "vitest";
import { Buyer, type Consent, type Hold, type Order } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { send, type RawRequest } from "./raw.ts";

/** A request, and the status and code it has to be refused with ("422 invalid-request"). */
export type Case = RawRequest & { readonly refusal: string };

const tables = [
  "members",
  "performances",
  "halls",
  "orders",
  "order_seats",
  "payments",
  "tickets",
  "quarantined_events",
];

export interface Target {
  readonly house: House;
  readonly show: Show;
  readonly other: Show;
  readonly ownerId: string;
  readonly owner: Buyer;
  readonly stranger: Buyer;
  /** The owner's: r1s1. */
  readonly hold: Hold;
  /** The owner's: r1s2, being paid. */
  readonly order: Order;
  readonly consent: Consent;
}

export async function setUpTarget(): Promise<Target> {
  const house = await startHouse({ demoData: false });
  try {
    const show = await house.open({ title: "표적", rows: 3, columns: 10 });
    const other = await house.open({ title: "다른 곳", rows: 3, columns: 10 });
    const { id: ownerId, token } = await house.member();
    const owner = new Buyer(house, show, token);
    await owner.comeIn();
    const stranger = await Buyer.inside(house, show);
    const hold = await owner.hold(["r1s1"]);
    const order = await owner.order((await owner.hold(["r1s2"])).id);
    const consent = await owner.consent(await owner.begin(order.id));
    return { house, show, other, ownerId, owner, stranger, hold, order, consent };
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** Everything that bad input could change, as the objects, Postgres and the provider have it, once all is recorded. */
export async function everything({ house, show, other, owner, order }: Target): Promise<unknown> {
  const counted: unknown[] = [];
  for (const one of [show, other]) {
    await expect.poll(async () => (await house.figures(one)).outboxDepth, { timeout: 30_000 }).toBe(0);
    const { seatsByStatus, ordersByStatus, admittedTotal, status } = await house.figures(one);
    counted.push({ seatsByStatus, ordersByStatus, admittedTotal, joined: status.joined, sessions: status.sessions });
  }
  const rows: [string, number][] = [];
  for (const table of tables) rows.push([table, await house.count(table)]);
  const money = await house.moneyOf(order.id);
  return {
    counted,
    rows,
    money,
    seats: await owner.seats(),
    order: await owner.read(order.id),
    holds: await owner.holds(),
  };
}

/** Sends each request and expects its refusal: a problem document with the status and code it names. */
export async function refuse({ house }: Target, cases: readonly Case[]): Promise<void> {
  const wrong: string[] = [];
  for (const { refusal, ...request } of cases) {
    const { status, code } = await send(house.where.origin, request);
    const answer = `${status} ${code}`;
    if (answer !== refusal) wrong.push(`${described(request)} → ${answer}, expected ${refusal}`);
  }
  expect(wrong).toEqual([]);
}

function described({ method, path, body }: RawRequest): string {
  return `${method} ${path} ${JSON.stringify(body ?? "").slice(0, 100)}`;
}

/** A request by somebody who has been let in, with a pass and a fresh key. */
export function by(buyer: Buyer, method: string, path: string): Pick<RawRequest, "method" | "path" | "headers"> {
  return { method, path, headers: headersOf(buyer) };
}

export function headersOf(buyer: Buyer): Readonly<Record<string, string>> {
  return { ...bearer(buyer), "booking-pass": buyer.pass, "idempotency-key": crypto.randomUUID() };
}

export function bearer(buyer: Buyer): { readonly authorization: string } {
  return { authorization: `Bearer ${buyer.token}` };
}
