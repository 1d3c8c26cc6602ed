/** Who reads from far away sees the venue's time with its zone, and their own beside it; who is there sees one time. */
import { expect, it } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";
import type { Visit } from "./browser.ts";

const HOUR = 3_600_000;
const LATE = { timeout: 30_000 };

let stage: Stage;
let house: House;
let show: Show;
let later: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  const prices = { S: 110_000, A: 90_000, B: 70_000 };
  show = await house.openIn(gridChart(2, 4), prices, { title: "두 번 하는 공연", days: [30, 31] });
  const settings = { openAt: new Date(Date.now() + HOUR).toISOString() };
  later = await house.open({ title: "곧 여는 공연", rows: 2, columns: 4, settings });
});

/** An order of somebody who has just bought a ticket, which is there. */
async function bought(buyer: Buyer, seat: string): Promise<string> {
  await buyer.comeIn();
  const { id } = await buyer.buy([seat]);
  await expect.poll(async () => (await house.recordOf(id))["tickets"], LATE).toBe(1);
  return id;
}

type Place = (visit: Visit) => Promise<readonly [times: string, venues: string]>;

/** Every page that says when something is, in the order of a purchase: where the times stand, and how the venue's are found. */
function places(orderId: string): Readonly<Record<string, Place>> {
  const at = (path: string, ready: string, part: string): Place => {
    return async ({ page }) => {
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      return [`${part} .readers-time`, `${part} time`];
    };
  };
  const card = `[data-performance-id="${later.id}"]`;
  return {
    catalogue: at("/", card, card),
    "a sale to come": at(`/performance?id=${later.id}`, ".join-hint", ".facts"),
    "a performance": at(`/performance?id=${show.id}`, ".schedules", ".facts"),
    "the choice of a date": at(`/seats?performance=${show.id}`, "[data-schedule-id]", ".choice"),
    "the seats": at(`/seats?performance=${show.id}&schedule=${show.scheduleId}`, '[data-live="true"]', ".desk-when"),
    orders: at("/orders", `[data-order-id="${orderId}"]`, `[data-order-id="${orderId}"]`),
    "an order": at(`/order?id=${orderId}`, "[data-ticket-id]", ".facts"),
    "a ticket of an order": at(`/order?id=${orderId}`, "[data-ticket-id]", "[data-ticket-id]"),
    "a ticket": at(`/ticket?order=${orderId}`, '[data-action="reissue"]', "[data-ticket-id]"),
  };
}

it.each([
  ["America/New_York", "r1s1", true],
  ["Asia/Seoul", "r1s2", false],
])("to a reader in %s with seat %s their own time is said everywhere: %s", async (zone, seat, differs) => {
  const { token } = await house.member();
  const buyer = new Buyer(house, show, token);
  const orderId = await bought(buyer, seat);
  const visit = await stage.visit(PHONE, token, zone);
  const { page } = visit;
  // Paying ended the stay: the waiting room lets them in again.
  await page.goto(`/waiting?performance=${show.id}`);
  await page.locator("#enter:visible").click();
  await page.waitForURL(({ pathname }) => pathname === "/seats");
  for (const [name, place] of Object.entries(places(orderId))) {
    const [own, venues] = await place(visit);
    const venue = await page.locator(venues).first().innerText();
    expect([name, venue, venue.endsWith("GMT+9")]).toEqual([name, venue, differs]);
    expect([name, (await page.locator(own).count()) > 0]).toEqual([name, differs]);
    if (differs)
      expect([name, await page.locator(own).first().innerText()]).toEqual([
        name,
        expect.stringMatching(/^내 시각 .*\d:\d\d$/),
      ]);
    expect([name, await visit.overflow()]).toEqual([name, 0]);
  }
  expect(visit.complaints.filter((complaint) => !/status of 40/.test(complaint))).toEqual([]);
});
