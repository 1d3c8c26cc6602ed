/** The door as the people there have it in their hands: by the code, by the camera, with and without a connection. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { accessible, look } from "./axe.ts";
import { Buyer } from "./buyer.ts";
import { openBrowser, Visit } from "./browser.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, PHONE, type Stage } from "./stage.ts";

const LATE = { timeout: 30_000 };
/** What the camera of this browser sees: a film of one picture. */
const film = join(mkdtempSync(join(tmpdir(), "ticketping-camera-")), "seen.mjpeg");

let stage: Stage;
let house: House;

onStage(
  (set) => {
    stage = set;
    ({ house } = set);
  },
  undefined,
  film,
);
afterAll(() => rmSync(join(film, ".."), { recursive: true, force: true }));

/** A performance, a buyer with two tickets for it, and the tickets' codes. */
async function boughtTwo(title: string) {
  const show = await house.open({ title, rows: 2, columns: 4 });
  const buyer = await Buyer.inside(house, show);
  const order = await buyer.buy(["r1s1", "r1s2"]);
  const own = z.object({ items: z.array(z.looseObject({ id: z.string(), code: z.string() })) });
  const tickets = () => house.api.call(`GET /api/orders/${order.id}/tickets`, own, { token: buyer.token });
  await expect.poll(async () => (await tickets()).items.length, LATE).toBe(2);
  const [one, two] = (await tickets()).items;
  if (one === undefined || two === undefined) throw new Error("no tickets");
  return { show, buyer, order, one, two };
}

const doorOf = (show: Show): string => `/door?performance=${show.id}&schedule=${show.scheduleId}`;

async function typed(here: Visit, { code }: { readonly code: string }, result: string): Promise<void> {
  await here.page.fill("#code", code);
  await here.press("check");
  await here.page.waitForSelector(`[data-result="${result}"]`);
}

/** What is on this phone, as the camera sees it in somebody's hand: a little turned, a little out of focus. */
async function held(phone: Page): Promise<void> {
  const screen = (await phone.screenshot()).toString("base64");
  const scene = await stage.browser.newPage({ viewport: { width: 1_280, height: 720 } });
  await scene.setContent(
    `<body style="margin:0;background:#5a6a72"><img src="data:image/png;base64,${screen}" style="display:block;height:700px;
      margin:10px auto;transform:perspective(1500px) rotateY(14deg) rotate(5deg);filter:blur(0.5px) brightness(0.9)">`,
  );
  writeFileSync(film, await scene.screenshot({ type: "jpeg", quality: 80 }));
  await scene.close();
}

it("a code lets in once, is told so the second time, and is decided by the list while there is no connection", async () => {
  const { show, one, two } = await boughtTwo("입장");
  const here = await stage.visit(DESK, house.organiser);
  const { page } = here;
  await page.goto(doorOf(show));
  await page.waitForSelector('[data-action="take-list"]');
  await look(here, "door");
  await typed(here, one, "admitted");
  await look(here, "door-good");
  await typed(here, one, "already-used");
  await look(here, "door-bad");
  await here.press("take-list");
  await page.getByText("2장").first().waitFor();
  await here.context.setOffline(true);
  await typed(here, two, "admitted");
  await page.waitForSelector(".door-list .note");
  await accessible(here, "door-offline", { widths: [320] });
  await typed(here, two, "already-used");
  await here.context.setOffline(false);
  // What was decided meanwhile is told to the server, which has two people inside now.
  await page.waitForSelector(".door-list .note", { state: "detached" });
  await expect.poll(() => page.innerText(".door-count"), LATE).toBe("2명 중 2명 입장");
  expect(here.complaints.filter((one) => !one.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
});

it("the camera reads what a fan's phone shows: with a connection, and the first time without one", async () => {
  const { buyer, order, show, one, two } = await boughtTwo("카메라");
  const fan = await stage.visit(PHONE, buyer.token);
  const shows = async ({ id }: { readonly id: string }): Promise<void> => {
    await fan.page.goto(`/ticket?order=${order.id}&ticket=${id}`);
    await fan.page.waitForSelector(".qr");
    await held(fan.page);
  };
  const here = await stage.visit(PHONE, house.organiser);
  const { page } = here;
  await shows(one);
  await page.goto(doorOf(show));
  await here.press("camera");
  await page.waitForSelector('[data-result="admitted"]');
  await look(here, "door-camera");
  expect(await page.innerText(".door-count")).toBe("2명 중 1명 입장");
  expect(here.complaints).toEqual([]);
  await here.press("camera");
  await page.waitForSelector(".door-camera", { state: "detached" });

  const other = await stage.visit(PHONE, house.organiser);
  await other.page.goto(doorOf(show));
  await other.press("take-list");
  await other.page.getByText("2장").first().waitFor();
  await shows(two);
  await other.page.waitForLoadState("networkidle");
  await other.context.setOffline(true);
  await other.press("camera");
  await other.page.waitForSelector('[data-result="admitted"]');
  await other.page.waitForSelector(".door-list .note");
  await other.context.setOffline(false);
  await expect.poll(() => other.page.innerText(".door-count"), LATE).toBe("2명 중 2명 입장");
});

it("a camera that may not be used is said to be so, and the code can still be typed", async () => {
  const { one, show } = await boughtTwo("카메라 없이");
  const bare = await openBrowser();
  onTestFinished(() => bare.close());
  const { origin } = house.where;
  const here = await Visit.begin(bare, { origin, ...PHONE, token: house.organiser });
  await here.page.goto(doorOf(show));
  await here.press("camera");
  await here.page.getByText("카메라를 사용할 수 없습니다").waitFor();
  await look(here, "door-no-camera");
  await typed(here, one, "admitted");
});
