/**
 * The whole purchase, by more fans than the house has seats for: queue, enter, hold, order, payment, confirmation. Where
 * the plan names no sandbox nobody pays, and the orders run out by themselves.
 */
import { check, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { Fan } from "./fan.ts";
import { approve, type Checkout } from "./payment-window.ts";
import { everyFanOnce, plan } from "./setup.ts";

const finished = new Counter("fans_finished");
const paid = new Counter("orders_paid");
const soldOut = new Counter("told_sold_out");
const atTheDoor = new Counter("sold_out_at_the_door");
const refused = new Counter("seats_gone");

const ROUNDS_MAX = 30;
const PATIENCE_SECONDS = 10;
const room = `/api/performances/${plan.performanceId}`;

export const options = everyFanOnce(
  { join: 2_000, enter: 1_000, seats: 1_000, hold: 1_000, order: 1_000, pay: 2_000, confirm: 4_000 },
  plan.tossUrl === null ? {} : { orders_paid: ["count>0"] },
);

/** Every seat of the schedule, in chart order, per section. */
type Sections = readonly (readonly string[])[];
interface Chart {
  readonly sections: readonly {
    readonly rows: readonly { readonly seats: readonly { readonly id: string }[] }[];
  }[];
}
interface Order {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
}

export function setup(): Sections {
  const url = `${plan.origin.replace(/\/$/, "")}${room}/schedules/${plan.scheduleId}/chart`;
  const { chart } = http.request("GET", url, null, { tags: { name: "chart" } }).json() as { readonly chart: Chart };
  return chart.sections.map(({ rows }) => rows.flatMap(({ seats }) => seats.map(({ id }) => id)));
}

export default function book(sections: Sections): void {
  const fan = new Fan();
  fan.arrive();
  const joined = fan.joinUnlessSoldOut();
  if (joined === null) {
    atTheDoor.add(1);
    finished.add(1);
    return;
  }
  const end = fan.waitByPolling(joined);
  check(end, { "everybody is admitted, or told that it is sold out": () => end !== "late" });
  const order = end === "admitted" ? takeSeats(fan, sections) : null;
  if (order === null) {
    soldOut.add(1);
    fan.leave();
  } else if (plan.tossUrl !== null) pay(fan, order, plan.tossUrl);
  else fan.leave();
  finished.add(1);
}

function takeSeats(fan: Fan, sections: Sections): Order | null {
  const pass = { "booking-pass": fan.enter() };
  const keyed = (): Readonly<Record<string, string>> => ({ ...pass, "idempotency-key": crypto.randomUUID() });
  const holdId = hold(fan, sections, pass, keyed);
  if (holdId === null) return null;
  const call = `POST ${room}/orders`;
  const ordered = { name: "order", call, body: { holdId }, headers: keyed(), expect: [201] };
  return fan.ask<{ readonly order: Order }>(ordered).body.order;
}

/** One or two seats next to each other in the list of free ones; somebody else may be faster, then others. */
function hold(
  fan: Fan,
  sections: Sections,
  pass: Readonly<Record<string, string>>,
  keyed: () => Readonly<Record<string, string>>,
): string | null {
  for (let round = 0; round < ROUNDS_MAX && fan.millisecondsLeft > 0; round++) {
    const call = `GET ${room}/schedules/${plan.scheduleId}/seats`;
    const { sections: now } = fan.ask<{ readonly sections: readonly { readonly statuses: string }[] }>({
      name: "seats",
      call,
      headers: pass,
      expect: [200],
    }).body;
    const free = sections.flatMap((seats, index) => seats.filter((_, seat) => now[index]?.statuses[seat] === "0"));
    if (free.length === 0) {
      // Held or being paid by others: some of it may come back.
      if (now.every(({ statuses }) => /^[15]*$/.test(statuses))) return null;
      sleep(0.3 + Math.random() * 0.7);
      continue;
    }
    const from = Math.floor(Math.random() * free.length);
    const seats = free.slice(from, from + (Math.random() < 0.5 ? 1 : 2));
    const body = { scheduleId: plan.scheduleId, seats };
    const { status, body: answer } = fan.ask<{ readonly hold: { readonly id: string } }>({
      name: "hold",
      call: `POST ${room}/holds`,
      body,
      headers: keyed(),
      expect: [201, 409],
    });
    if (status === 201) return answer.hold.id;
    refused.add(1);
  }
  return null;
}

function pay(fan: Fan, order: Order, tossUrl: string): void {
  const path = `/api/orders/${order.id}`;
  const { checkout } = fan.ask<{ readonly checkout: Checkout }>({
    name: "pay",
    call: `POST ${path}/payments`,
    body: { provider: "toss", method: "CARD" },
    headers: { "idempotency-key": crypto.randomUUID() },
    expect: [201],
  }).body;
  check(checkout, { "the amount is the order's": () => checkout.amount.value === order.amount });
  const confirmation = { provider: "toss", ...approve(tossUrl, checkout) };
  const call = `POST ${path}/payments/confirm`;
  const confirmed = { name: "confirm", call, body: confirmation, expect: [200, 202] };
  let { status } = fan.ask<{ readonly order: Order }>(confirmed).body.order;
  for (let look = 0; status === "paying" && look < PATIENCE_SECONDS; look++) {
    sleep(1);
    status = fan.ask<{ readonly order: Order }>({ name: "read", call: `GET ${path}`, expect: [200] }).body.order.status;
  }
  check(status, { "the order is paid": () => status === "paid" });
  if (status === "paid") paid.add(1);
}
