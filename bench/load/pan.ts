/** A thumb that draws the stadium to and fro on a phone with a quarter of this machine's speed. */
import { z } from "zod";
import { stadiumChart } from "../../dev/charts/stadium.ts";
import { placesOf } from "../../durable-objects/performance/seats/chart.ts";
import { openBrowser } from "../../tests/stack/browser.ts";
import { serveHall } from "./hall-pages.ts";

const SLOWER = 4;
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** How near: presses of the button that zooms in. From far away, seats just large enough to be drawn, and to be pressed. */
const PRESSES = [0, 5, 8];
const ROUNDS = 4;

const COUNT = `(() => {
  window.frames_ = [];
  const next = (time) => { window.frames_.push(time); window.counting = requestAnimationFrame(next); };
  window.counting = requestAnimationFrame(next);
})()`;
const STOP = "cancelAnimationFrame(window.counting), window.frames_";
const Times = z.array(z.number());

export interface Panned {
  /** Frames a second, median over all movements. */
  readonly median: number;
  /** The slowest twentieth of the frames, ms each. */
  readonly p95Ms: number;
  readonly frames: number;
  readonly places: number;
}

/** `folder`: the built pages. */
export async function panStadium(folder: string): Promise<Panned> {
  const server = await serveHall(folder, stadiumChart);
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ baseURL: server.url, ...phone });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await page.goto("/seats?performance=p");
    await page.waitForSelector(".map");
    await page.locator(".map").evaluate("(map) => map.scrollIntoView({ block: 'start' })");
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const gaps: number[] = [];
    let pressed = 0;
    for (const presses of PRESSES) {
      for (; pressed < presses; pressed++)
        await page.locator(".zoom button").nth(1).evaluate("(button) => button.click()");
      await page.waitForTimeout(1_000); // the journey there is not what is measured
      const box = await page.locator(".map").boundingBox();
      if (box === null) throw new Error("the map is nowhere");
      const middle = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 3) };
      for (let round = 0; round < ROUNDS; round++) {
        const there = round % 2 === 0 ? 1 : -1;
        await page.evaluate(COUNT);
        await cdp.send("Input.synthesizeScrollGesture", {
          ...{ ...middle, xDistance: 110 * there, yDistance: 90 * there },
          ...{ speed: 160, preventFling: true, gestureSourceType: "touch" },
        });
        const times = Times.parse(await page.evaluate(STOP));
        for (let n = 1; n < times.length; n++) gaps.push((times[n] ?? 0) - (times[n - 1] ?? 0));
      }
    }
    gaps.sort((a, b) => a - b);
    const at = (share: number): number => gaps[Math.floor(gaps.length * share)] ?? Number.NaN;
    // Frames carry their time in tenths of a millisecond: sixty a second are 16.7 apart.
    return {
      median: Math.round(1_000 / at(0.5)),
      p95Ms: at(0.95),
      frames: gaps.length,
      places: placesOf(stadiumChart),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}
