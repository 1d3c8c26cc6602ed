/** The day of the sale as an organiser has it before them: what it shows, what reaches it, and a line to it that can be cut. */
import type { Page, WebSocketRoute } from "playwright-core";
import { expect } from "vitest";
import { z } from "zod";
import type { Visit } from "./browser.ts";
import type { Show } from "./house.ts";
import { DESK, type Stage } from "./stage.ts";

/** What is far away comes a few seconds later; the limit only ends a test that would never end. */
export const LATE = { timeout: 60_000, interval: 250 };

const sampleFrame = z.looseObject({
  type: z.literal("sample"),
  sample: z.looseObject({ at: z.number(), callsPerSecond: z.number() }),
});
/** The dashboard of a performance; what reaches it, in the order in which it does. */
export class Dashboard {
  readonly visit: Visit;
  readonly samples: z.infer<typeof sampleFrame>["sample"][] = [];

  static async open(stage: Stage, show: Show, line?: Line): Promise<Dashboard> {
    const dashboard = new Dashboard(await stage.visit(DESK, stage.house.organiser));
    const { page } = dashboard.visit;
    await line?.lay(page);
    await page.goto(`/organizer/sale?id=${show.id}`);
    await page.waitForSelector('[data-figure="sold"]');
    // Gone with a reload.
    await page.evaluate("window.first_ = true");
    return dashboard;
  }

  private constructor(visit: Visit) {
    this.visit = visit;
    visit.page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const text = String(payload);
        const frame = sampleFrame.safeParse(text === "pong" ? null : JSON.parse(text));
        if (frame.success) this.samples.push(frame.data.sample);
      }),
    );
  }

  get page(): Page {
    return this.visit.page;
  }

  figure(field: string): Promise<string> {
    return this.page.innerText(`[data-figure="${field}"] strong`);
  }

  shows(field: string, text: string | RegExp): Promise<unknown> {
    const seen = expect.poll(() => this.figure(field), { ...LATE, message: field });
    return typeof text === "string" ? seen.toBe(text) : seen.toMatch(text);
  }

  /** A figure of which another source keeps changing too: at some moment both say the same. */
  agrees(field: string, other: () => Promise<string>): Promise<unknown> {
    const both = async (): Promise<readonly [string, string]> => [await this.figure(field), await other()];
    const same = async (): Promise<string> => {
      const [one, two] = await both();
      return one === two ? "the same" : `${field}: ${one}, and elsewhere ${two}`;
    };
    return expect.poll(same, LATE).toBe("the same");
  }

  /** The next sample that comes in. */
  async next(): Promise<number> {
    const seen = this.samples.length;
    await expect.poll(() => this.samples.length, LATE).toBeGreaterThan(seen);
    return this.samples.length - 1;
  }
}

/** The line between a dashboard and its sale, which can be cut. */
export class Line {
  #open: WebSocketRoute[] = [];
  #cut = false;

  async lay(page: Page): Promise<void> {
    await page.routeWebSocket(/\/watch$/, (socket) => {
      if (this.#cut) return void socket.close();
      socket.connectToServer();
      this.#open.push(socket);
    });
  }

  async cut(): Promise<void> {
    this.#cut = true;
    for (const socket of this.#open.splice(0)) await socket.close();
  }

  mend(): void {
    this.#cut = false;
  }
}

/** How many seats of the map have the colour of each grade, give or take what a rasteriser makes of it. */
export async function paintedSeats(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(".pickable canvas");
    const styles = getComputedStyle(canvas);
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colourOf = (index) => [1, 3, 5].map((at) => parseInt(styles.getPropertyValue("--grade-" + index).trim().slice(at, at + 2), 16));
    return [0, 1, 2].map((index) => {
      const wanted = colourOf(index);
      const is = (x, y) => x >= 0 && y >= 0 && wanted.every((part, at) => Math.abs(data[(y * width + x) * 4 + at] - part) < 8);
      let seats = 0;
      // A seat is counted at its first corner.
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (is(x, y) && !is(x - 1, y) && !is(x, y - 1)) seats += 1;
      return seats;
    });
  })()`);
}
