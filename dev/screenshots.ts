/**
 * npm run screenshots: the pictures of docs/images, taken of the real pages in front of the real Worker.
 *
 * A stack of its own with demo data, a crowd that has bought some of the house and another that waits, the organiser who
 * watches both, and one fan with a browser who goes all the way from the catalogue to the orders. Every screen is taken in Korean and in English.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { projectRoot } from "./children.ts";
import { demoFans, demoOrganiser, demoPassword } from "./demo/accounts.ts";
import { command } from "./command.ts";
import { Camera } from "./screenshots/camera.ts";
import { Scenery } from "./screenshots/scenery.ts";
import { startStack } from "./stack.ts";
import { freePorts } from "../tests/stack/ports.ts";
import { PORTS } from "./ports.ts";

const images = path.join(projectRoot, "docs/images");
const giveUp = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => giveUp.abort());

await command("npm run screenshots     writes docs/images anew", takeAll);

async function takeAll(): Promise<void> {
  if (!knowsKorean())
    console.log("No Korean font is installed (fonts-noto-cjk is one): Korean texts will be shown as boxes.");
  // Where nothing could be started the folder stays: the sentence that says why names a log in it.
  const dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-screenshots-"));
  const stack = await startStack({
    dataDir,
    port: await freePorts(PORTS),
    log: (line) => console.log(line),
    signal: giveUp.signal,
  });
  try {
    const scenery = await Scenery.of(stack, "데스노트");
    const camera = await Camera.open({ origin: stack.origin, folder: images, log: (line) => console.log(line) });
    try {
      await walk(camera, scenery);
    } finally {
      await camera.close();
    }
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function walk(camera: Camera, scenery: Scenery): Promise<void> {
  const { page } = camera;
  // The organiser watches from the beginning, so that the charts have something to show.
  const watching = await camera.stranger();
  await signIn(watching, demoOrganiser.email, "/organizer");
  await watching.goto(`/organizer/sale?id=${scenery.performanceId}`);
  await watching.locator('[data-figure="sold"]').waitFor();
  await scenery.sellSome();
  await scenery.fillQueue();
  await signIn(page, demoFans[0].email, "/");
  await page.locator(".rows, article, li").first().waitFor();
  await camera.take("catalogue");
  await page.goto(`/performance?id=${scenery.performanceId}`);
  await page.locator('[data-action="join"]').waitFor();
  await camera.take("performance");

  await page.locator('[data-action="join"]').click();
  await page.locator('[data-screen="waiting"] #ahead').waitFor();
  const phone = await camera.phone();
  await phone.goto(page.url());
  await phone.locator('[data-screen="waiting"] #ahead').waitFor();
  await scenery.moveOn();
  await camera.take("waiting");
  await camera.take("waiting-phone", phone);
  await camera.take("console", watching);
  await scenery.letEverybodyIn();
  await page.locator('[data-screen="admitted"] #enter').waitFor();
  await camera.take("your-turn");

  await page.locator("#enter").click();
  await page.locator("[data-schedule-id]").first().click();
  await pickTwo(page);
  await camera.take("seats");
  await phone.locator('[data-screen="entered"] #enter').click();
  await phone.locator("[data-schedule-id]").first().click();
  await pickTwo(phone);
  await camera.take("seats-phone", phone, ".hall-tools");

  await page.locator('[data-action="hold"]').click();
  await page.locator('[data-action="order"]').click();
  await page.locator('[data-action="pay"]').waitFor();
  await camera.take("checkout");
  await page.locator('[data-action="pay"]').click();
  await page.locator('button[value="approve"]').click();
  await page.locator('[data-action="tickets"]').waitFor();
  await camera.take("success");
  await page.goto("/orders");
  await page.locator('a[href^="/order?id="]').first().waitFor();
  await camera.take("orders");
}

/** Two free seats of one row, in the middle of what is in sight once the map has come nearer. */
async function pickTwo(page: Page): Promise<void> {
  // A key that comes before the seats do is nobody's.
  await page.locator('[data-live="true"]').first().waitFor();
  await page.locator(".map").press("Enter");
  const free = '[aria-disabled="false"][aria-pressed="false"]';
  const inSight = page.locator(`[data-seat-id]${free}`);
  await inSight.first().waitFor();
  const id = await inSight.nth(Math.floor((await inSight.count()) / 2)).getAttribute("data-seat-id");
  const row = page.locator(`[data-seat-id^="${id?.replace(/\d+$/, "") ?? ""}"]${free}`);
  const first = Math.max(0, Math.floor((await row.count()) / 2) - 1);
  for (const many of [1, 2]) {
    await row.nth(first).click();
    await page
      .locator('[data-seat-id][aria-pressed="true"]')
      .nth(many - 1)
      .waitFor();
  }
}

async function signIn(page: Page, email: string, next: string): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(demoPassword);
  await page.locator('[data-action="login"]').click();
  await page.waitForURL((url) => url.pathname === next);
}

function knowsKorean(): boolean {
  try {
    return execFileSync("fc-list", [":lang=ko"], { encoding: "utf8" }).trim() !== "";
  } catch {
    // Without fontconfig's tools nobody can say.
    return true;
  }
}
