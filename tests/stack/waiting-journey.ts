/** Waiting from joining to one's turn, with everything on the way that could push something aside on the page. */
import type { Browser } from "playwright-core";
import { z } from "zod";
import { Visit } from "./browser.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";

/** One of an organiser's actions: `operate(house, show, "POST notice", { text })`. */
export function operate(house: House, show: Show, route: string, body?: unknown): Promise<unknown> {
  const call = { token: house.organiser, ...(body === undefined ? {} : { body }) };
  return house.api.call(route.replace(" ", ` /api/organizer/performances/${show.id}/`), z.unknown(), call);
}

/** So many who have joined over the API. */
export async function joined(house: House, show: Show, count: number): Promise<readonly Buyer[]> {
  const buyers = (await house.members(count)).map(({ token }) => new Buyer(house, show, token));
  for (const buyer of buyers) await buyer.join();
  return buyers;
}

/** Everything a page says to a screen reader, and when by its own clock. */
const NOTE_SPOKEN = `addEventListener("DOMContentLoaded", () => {
  window.said_ = [];
  const voice = document.getElementById("spoken");
  new MutationObserver(() => window.said_.push({ at: performance.now(), text: voice.textContent }))
    .observe(voice, { childList: true, characterData: true, subtree: true });
})`;
const Spoken = z.array(z.object({ at: z.number(), text: z.string() }));

export async function spokenOn({ page }: Visit): Promise<z.infer<typeof Spoken>> {
  return Spoken.parse(await page.evaluate("window.said_"));
}

export interface Window {
  /** Names the performance too: each has its own. */
  readonly where: string;
  readonly width: number;
  readonly height: number;
}

/** Places and seats change, a notice comes, grows and goes, the sale is paused and goes on, and it is one's turn. */
export async function waitThrough(house: House, browser: Browser, { where, width, height }: Window): Promise<Visit> {
  const title = `${where} ${"햄릿 👋🏽 ".repeat(16)}`;
  const show = await house.open({ title, rows: 3, columns: 4, settings: { capacity: 1 } });
  const first = await Buyer.inside(house, show);
  const before = await joined(house, show, 3);
  const { token } = await house.member();
  const visit = await Visit.begin(browser, { origin: house.where.origin, width, height, token });
  const { page } = visit;
  await page.addInitScript(NOTE_SPOKEN);
  const shows = (selector: string, hasText: string): Promise<void> => page.locator(selector, { hasText }).waitFor();
  await page.goto(`/waiting?performance=${show.id}`);
  await page.waitForSelector('[data-screen="waiting"]');
  await shows("#ahead", "3명");
  await shows("#seat-list li:first-child", "110,000원");
  await before[0]?.leave();
  await shows("#ahead", "2명");
  await first.hold(["r1s1"]);
  await shows("#seat-list li:first-child", "3석");
  await operate(house, show, "POST notice", { text: "입장은 일곱 시부터입니다." });
  await page.waitForSelector("#notice:visible");
  await operate(house, show, "POST notice", { text: "مرحبا 👋🏽 ".repeat(30) });
  await shows("#notice", "مرحبا");
  await operate(house, show, "POST notice", { text: null });
  await page.waitForSelector("#notice", { state: "hidden" });
  await operate(house, show, "POST pause");
  await page.waitForSelector('[data-screen="paused"]');
  await operate(house, show, "POST resume");
  await page.waitForSelector('[data-screen="waiting"]');
  await operate(house, show, "PATCH settings", { capacity: 50 });
  await page.waitForSelector('[data-screen="admitted"] #enter:focus');
  return visit;
}
