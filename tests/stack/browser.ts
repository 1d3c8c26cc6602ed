/** Headless Chromium from npm, and a visit that remembers everything a page complained about. */
import { existsSync } from "node:fs";
import { chromium as launcher, type Browser, type BrowserContext, type Page } from "playwright-core";
import { z } from "zod";
import { ACCESS_COOKIE } from "../../workers/edge/auth/cookies.ts";

/** Where Linux keeps the one library of the browser's that a machine without a desktop may lack. */
const NSS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib/x86_64-linux-gnu"];

/** @param film - What a camera of this browser would see: a file of JPEG pictures. Nobody is asked whether it may look. */
export async function openBrowser(film?: string): Promise<Browser> {
  // The package brings that library along too, but unpacks it only where it believes to be on Lambda.
  const lacking = NSS.every((folder) => !existsSync(`${folder}/libnss3.so`));
  if (lacking) process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs22.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return launcher.launch({
    executablePath: await chromium.executablePath(),
    // None of the package's own arguments: they switch web security off, and then no Origin is sent and no policy holds.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ...(film === undefined ? [] : cameraOf(film))],
    headless: true,
  });
}

function cameraOf(film: string): readonly string[] {
  const device = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
  return ["--use-fake-ui-for-media-stream", ...device];
}

export interface VisitOptions {
  readonly origin: string;
  readonly width: number;
  readonly height: number;
  /** An access token: signed in from the start. */
  readonly token?: string;
  /** Where the reader's clock is; where the browser's machine is, if not told. */
  readonly timeZone?: string;
}

/** Layout shifts of a page from its first paint on, with what moved; also those that followed a press. */
const NOTE_SHIFTS = `new PerformanceObserver((list) => {
  const nameOf = (node) => node === null ? "?" : node.id || node.className || nameOf(node.parentNode) + ">" + node.nodeName;
  for (const { value, sources } of list.getEntries())
    (window.shifts_ ??= []).push(value.toFixed(4) + " " + sources.map(({ node }) => nameOf(node)).join());
}).observe({ type: "layout-shift", buffered: true })`;
/** Lets a test keep a page's scripts from hearing how large its parts are, as they are for the first frame of a new size. */
const HOLD_SIZES = `(() => {
  let held;
  window.holdSizes_ = () => { held ??= new Map(); };
  window.tellSizes_ = () => {
    const telling = held?.values() ?? [];
    held = undefined;
    for (const tell of telling) tell();
  };
  window.ResizeObserver = class extends ResizeObserver {
    constructor(told) {
      super((entries, self) => held ? held.set(self, () => told(entries, self)) : told(entries, self));
    }
  };
})()`;
const Shifts = z.array(z.string());

export class Visit {
  readonly page: Page;
  /** Errors on the console, exceptions nobody caught, requests that failed, violations of the pages' policy. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  get context(): BrowserContext {
    return this.#context;
  }

  static async begin(browser: Browser, { origin, width, height, token, timeZone }: VisitOptions): Promise<Visit> {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: { width, height },
      locale: "ko-KR",
      ...(timeZone === undefined ? {} : { timezoneId: timeZone }),
    });
    context.setDefaultTimeout(30_000);
    await context.addInitScript(NOTE_SHIFTS);
    await context.addInitScript(HOLD_SIZES);
    if (token !== undefined) {
      await context.addCookies([{ name: ACCESS_COOKIE, value: token, url: origin }]);
      // What the pages remember of who signed in: only for what their header says.
      const hint = JSON.stringify({ id: "m", nickname: "관객", role: "member" });
      await context.addInitScript(`localStorage.setItem("ticketping-member", ${JSON.stringify(hint)})`);
    }
    return new Visit(context, await context.newPage());
  }

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.url()} was answered ${response.status()}`);
    });
  }

  /** Presses the one element of this action that can be seen. */
  async press(action: string): Promise<void> {
    await this.page.locator(`[data-action="${action}"]:visible`).first().click();
  }

  /** Picks seats of a hall with a single section in the list, which has a button for each on a window of any width. */
  async pick(seats: readonly string[]): Promise<void> {
    await this.press("view-list");
    for (const id of seats) {
      const seat = this.page.locator(`.seat-list [data-seat-id="${id}"][data-mark="free"]`);
      await seat.click();
      await this.page.waitForSelector(`.seat-list [data-seat-id="${id}"][data-mark="picked"]`);
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.fill("#email", email);
    await this.page.fill("#password", password);
    await this.press("login");
  }

  /** How many pixels the page is wider than a window of this width, before any script hears of it; then they do. */
  async narrow(width: number, height: number): Promise<number> {
    await this.page.evaluate("window.holdSizes_()");
    await this.page.setViewportSize({ width, height });
    const over = await this.overflow();
    await this.page.evaluate("window.tellSizes_()");
    return over;
  }

  /** How many pixels the page is wider than the window. */
  async overflow(): Promise<number> {
    const wide: unknown = await this.page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    return Number(wide);
  }

  /** What has moved on the page since it was loaded: "0.0123 facts" for each time. */
  async shifts(): Promise<readonly string[]> {
    return Shifts.parse(await this.page.evaluate("window.shifts_ ?? []"));
  }

  /** Switches to the other language, and waits for it. */
  async speak(language: "ko" | "en"): Promise<void> {
    if ((await this.language()) === language) return;
    await this.press("language");
    await this.page.waitForSelector(`html[lang="${language}"]`);
    // English is fetched: the page speaks it once its link to the home page does.
    const home = language === "en" ? "TicketPing home" : "TicketPing 홈";
    await this.page.waitForSelector(`.brand[aria-label="${home}"]`);
  }

  async language(): Promise<string | null> {
    return this.page.locator("html").getAttribute("lang");
  }

  async end(): Promise<void> {
    await this.#context.close();
  }
}
