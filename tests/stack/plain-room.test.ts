/** The waiting room in a browser that runs no scripts. */
import { expect, it } from "vitest";
import { z } from "zod";
import { plainly } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { onStage, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

let stage: Stage;
let house: House;
let show: Show;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  show = await house.open({ title: "스크립트 없이", rows: 2, columns: 5, settings: { capacity: 1 } });
});

it("without JavaScript a fan joins, waits on a page that asks again by itself, enters and leaves", async () => {
  const first = await Buyer.inside(house, show);
  const { token } = await house.member();
  const context = await stage.browser.newContext({ javaScriptEnabled: false, locale: "ko-KR" });
  await context.addCookies([{ name: "tp_access", value: token, url: house.where.origin, httpOnly: true }]);
  const page = await context.newPage();
  await page.goto(`${house.where.origin}/api/performances/${show.id}/room`);
  await page.waitForSelector(`.show:has-text("${show.title}")`, { timeout: 60_000 });
  await plainly(stage.browser, page, "plain-outside");
  await page.click("text=줄 서기");
  await page.waitForSelector("text=바로 다음 순서입니다");
  await operate(house, show, "POST notice", { text: "입장은 일곱 시부터입니다." });
  await page.waitForSelector("text=일곱 시부터", { timeout: 60_000 });
  await plainly(stage.browser, page, "plain-waiting");
  await first.leave();
  // Nothing is clicked: the page asks again at the interval the queue dictates.
  await page.waitForSelector("text=입장할 차례입니다", { timeout: 60_000 });
  await plainly(stage.browser, page, "plain-admitted");
  expect(await page.title()).toContain("입장할 차례입니다");
  await page.click("text=입장하기");
  await page.waitForSelector("text=입장하셨습니다");
  await plainly(stage.browser, page, "plain-entered");
  expect(await page.locator('a[href^="/seats?performance="]').count()).toBe(1);
  await context.close();
});

it("without JavaScript the page says in English, too, whose room it is, when the queue opens, and what has happened", async () => {
  const openAt = new Date("2031-05-01T11:00:00Z").toISOString();
  const closeAt = new Date("2031-05-02T11:00:00Z").toISOString();
  const later = await house.open({ title: "영어로도", rows: 1, columns: 2, settings: { openAt, closeAt } });
  const { token } = await house.member();
  const context = await stage.browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  await context.addCookies([{ name: "tp_access", value: token, url: house.where.origin, httpOnly: true }]);
  const page = await context.newPage();
  const room = `${house.where.origin}/api/performances/${later.id}/room`;
  await page.goto(room);
  const head = page.locator(".show", { hasText: later.title });
  await head.waitFor({ timeout: 60_000 });
  expect(await page.locator(".where").innerText()).toMatch(/\d{4} · /);
  // A page that runs no script knows nothing of the reader's clock: the venue's, with its zone.
  expect(await page.innerText("main")).toMatch(
    /The queue is not open yet\.\s+It opens on Thu, May 1, 8:00 PM GMT\+9\./,
  );
  expect(await page.locator("main form").count()).toBe(0);
  await plainly(stage.browser, page, "plain-before-en");
  await operate(house, later, "POST close");
  await page.waitForSelector("text=Sales have ended.", { timeout: 60_000 });
  expect(await page.title()).toBe(`${later.title} · Waiting room`);
  await plainly(stage.browser, page, "plain-closed-en");
  await context.close();
});

it("without JavaScript a fan whom the organiser sends out reads so on the page, and is offered no way back", async () => {
  const { id, token } = await house.member();
  const context = await stage.browser.newContext({ javaScriptEnabled: false, locale: "ko-KR" });
  await context.addCookies([{ name: "tp_access", value: token, url: house.where.origin, httpOnly: true }]);
  const page = await context.newPage();
  await page.goto(`${house.where.origin}/api/performances/${show.id}/room`);
  await page.click("text=줄 서기");
  await page.waitForSelector('form[action$="/room/leave"]');
  await operate(house, show, "POST revoke", { memberId: id });
  await page.waitForSelector("text=입장을 취소했습니다", { timeout: 60_000 });
  expect(await page.locator("form").count()).toBe(0);
  await plainly(stage.browser, page, "plain-revoked");
  await context.close();
});

it("without JavaScript a fan gets from a page that needs it to the form, to the list, and into the queue", async () => {
  const email = "plain@ticketping.test";
  const password = "a long enough one";
  await house.api.call("POST /api/auth/signup", z.unknown(), { body: { email, password, nickname: "무스크립트" } });
  const context = await stage.browser.newContext({ javaScriptEnabled: false, locale: "ko-KR" });
  const page = await context.newPage();
  for (const path of ["/", `/performance?id=${show.id}`, `/waiting?performance=${show.id}`]) {
    await page.goto(`${house.where.origin}${path}`);
    expect(await page.locator('noscript a[href="/api/room"]').count()).toBe(1);
  }
  await page.click('noscript a[href="/api/room"]');
  await page.fill('[name="email"]', email);
  await page.fill('[name="password"]', "not the right one");
  await page.click("text=로그인");
  await page.waitForSelector('[role="alert"]');
  await plainly(stage.browser, page, "plain-sign-in");
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("tp_access");
  await page.fill('[name="email"]', email);
  await page.fill('[name="password"]', password);
  await page.click("text=로그인");
  await page.waitForSelector(`text=${show.title}`);
  expect(await page.locator("li", { hasText: show.title }).locator(".where").first().innerText()).toMatch(/20\d\d/);
  await plainly(stage.browser, page, "plain-list");
  await page.click(`text=${show.title}`);
  await page.click("text=줄 서기");
  await page.waitForSelector('form[action$="/room/leave"]');

  // The sign-in runs out before somebody has joined: the form again, and from there straight to the room.
  await context.clearCookies();
  await page.goto(`${house.where.origin}/api/performances/${show.id}/room`);
  await page.fill('[name="email"]', email);
  await page.fill('[name="password"]', password);
  await page.click("text=로그인");
  await page.waitForURL(({ pathname }) => pathname === `/api/performances/${show.id}/room`);
  await page.waitForSelector('form[action$="/room/leave"]');
  await context.close();
});

it("a form of another site signs nobody in, and a program is not sent to a form", async () => {
  const answer = await fetch(`${house.where.origin}/api/room/sign-in`, {
    method: "POST",
    headers: { origin: "https://elsewhere.test", "content-type": "application/x-www-form-urlencoded" },
    body: "email=plain%40ticketping.test&password=a+long+enough+one",
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.get("set-cookie")).toBeNull();
  const room = await fetch(`${house.where.origin}/api/performances/${show.id}/room`);
  expect(room.status).toBe(401);
});

it("a form of another site joins nobody", async () => {
  const { token } = await house.member();
  const answer = await fetch(`${house.where.origin}/api/performances/${show.id}/room/join`, {
    method: "POST",
    headers: { cookie: `tp_access=${token}`, origin: "https://elsewhere.test" },
  });
  expect(answer.status).toBe(403);
});
