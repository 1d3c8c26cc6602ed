/** A headless browser, and pictures of what it shows, in both languages. */
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as driver, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { Failure } from "../failure.ts";

const WIDE = { width: 1280, height: 800 };
const TALL = { width: 1280, height: 1320 };
const PHONE = { width: 390, height: 844 };
const BYTES_MAX = 250_000;
const PATIENCE_MS = 20_000;
const NEAREST = { block: "nearest", inline: "center" };
const languages = ["ko", "en"] as const;

export interface CameraOptions {
  readonly origin: string;
  readonly folder: string;
  readonly log: (line: string) => void;
}

export class Camera {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #origin: string;
  readonly #folder: string;
  readonly #log: (line: string) => void;

  static async open({ origin, folder, log }: CameraOptions): Promise<Camera> {
    chromium.setGraphicsMode = false;
    const browser = await driver.launch({
      executablePath: await chromium.executablePath(),
      env: { ...process.env, FONTCONFIG_FILE: path.join(import.meta.dirname, "fonts.conf") },
      // The browser sees nothing but our own pages, and as root there is no sandbox.
      args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none"],
    });
    const context = await browser.newContext({ ...surroundings(origin), viewport: WIDE });
    const page = watched(await context.newPage(), log);
    mkdirSync(folder, { recursive: true });
    return new Camera(page, browser, { origin, folder, log });
  }

  private constructor(page: Page, browser: Browser, { origin, folder, log }: CameraOptions) {
    this.page = page;
    this.#browser = browser;
    this.#origin = origin;
    this.#folder = folder;
    this.#log = log;
  }

  /** A phone in the same fan's hand: signed in, on a page of its own. */
  async phone(): Promise<Page> {
    const storageState = await this.page.context().storageState();
    const context = await this.#browser.newContext({
      ...surroundings(this.#origin),
      storageState,
      viewport: PHONE,
      isMobile: true,
      hasTouch: true,
    });
    return watched(await context.newPage(), this.#log);
  }

  /** The tall window of somebody else, who has not signed in yet. */
  async stranger(): Promise<Page> {
    const context = await this.#browser.newContext({ ...surroundings(this.#origin), viewport: TALL });
    return watched(await context.newPage(), this.#log);
  }

  /** `<name>-ko.png` and `<name>-en.png`; `top` names what is scrolled to, if not the beginning of the page. */
  async take(name: string, page: Page = this.page, top = "body"): Promise<void> {
    for (const language of languages) {
      await speak(page, language);
      await this.#shoot(`${name}-${language}`, page, top);
    }
    await speak(page, "ko");
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #shoot(name: string, page: Page, top: string): Promise<void> {
    const file = path.join(this.#folder, `${name}.png`);
    // Off whatever was pressed last; then a second for fonts, a late frame, a plan that fits itself into its place.
    await page.mouse.move(0, 0);
    await page.waitForTimeout(1_000);
    await page.evaluate(`document.querySelector(${JSON.stringify(top)}).scrollIntoView()`);
    // A plan that is larger than its frame shows the seats that were picked.
    await page.evaluate(`document.querySelector('[data-mark="picked"]')?.scrollIntoView(${JSON.stringify(NEAREST)})`);
    await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
    const { size } = statSync(file);
    if (size > BYTES_MAX) throw new Failure(`${file} has ${size} bytes: more than ${BYTES_MAX}.`);
    this.#log(`✓ ${name.padEnd(20)} ${String(Math.round(size / 1_000)).padStart(4)} KB`);
  }
}

function surroundings(baseURL: string): BrowserContextOptions {
  return { baseURL, locale: "ko-KR", timezoneId: "Asia/Seoul", colorScheme: "light", reducedMotion: "reduce" };
}

/** What goes wrong inside the page is said outside. */
function watched(page: Page, log: (line: string) => void): Page {
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => log(`! ${new URL(page.url()).pathname}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") log(`! ${new URL(page.url()).pathname}: ${message.text()}`);
  });
  return page;
}

async function speak(page: Page, language: string): Promise<void> {
  if ((await page.locator("html").getAttribute("lang")) === language) return;
  await page.locator('[data-action="language"]').click();
  await page.locator(`html[lang="${language}"]`).waitFor();
}
