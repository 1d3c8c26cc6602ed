/** What the tests of a file share who look at pages: a running house and a browser. Every visit ends with its test. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openBrowser, Visit } from "./browser.ts";
import { startHouse, type House } from "./house.ts";

export interface Window {
  readonly width: number;
  readonly height: number;
}

export const PHONE: Window = { width: 360, height: 740 };
export const DESK: Window = { width: 1_280, height: 900 };

export class Stage {
  readonly house: House;
  readonly browser: Browser;
  readonly #visits: Visit[] = [];

  constructor(house: House, browser: Browser) {
    this.house = house;
    this.browser = browser;
  }

  /** Somebody with a window of this size; with an access token signed in from the start; with a clock of their own. */
  async visit(window: Window, token?: string, timeZone?: string): Promise<Visit> {
    const { origin } = this.house.where;
    const who = { ...(token === undefined ? {} : { token }), ...(timeZone === undefined ? {} : { timeZone }) };
    return this.ends(await Visit.begin(this.browser, { origin, ...window, ...who }));
  }

  /** Ends a visit that somebody else began together with the others. */
  ends(visit: Visit): Visit {
    this.#visits.push(visit);
    return visit;
  }

  async clear(): Promise<void> {
    for (const visit of this.#visits.splice(0)) await visit.end();
  }
}

/**
 * Sets the stage before the first test of the file, in a house without demo data if not told otherwise, and takes it down
 * after the last.
 * @param film - A file of JPEG pictures: what the browser's camera sees, read anew whenever it is switched on.
 */
export function onStage(
  set: (stage: Stage) => Promise<void> | void,
  start: () => Promise<House> = () => startHouse({ demoData: false }),
  film?: string,
): void {
  let house: House | undefined;
  let stage: Stage | undefined;
  beforeAll(async () => {
    house = await start();
    stage = new Stage(house, await openBrowser(film));
    await set(stage);
  }, 180_000);
  afterEach(() => stage?.clear());
  afterAll(async () => {
    await stage?.browser.close();
    await house?.close();
  });
}
