/** A headless browser, and pictures of what it shows: both languages, and if wanted also as a phone would show it. */
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as driver, type Browser, type Page } from "playwright-core";
import { Failure } from "../failure.ts";

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const BYTES_MAX = 250_000;
const PATIENCE_MS = 20_000;
const languages = ["ko", "en"] as const;

export interface CameraOptions {
  readonly origin: string;
  readonly folder: string;
  readonly log: (line: string) => void;
}

export class Camera {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #log: (line: string) => void;

  static async open({ origin, folder, log }: CameraOptions): Promise<Camera> {
    chromium.setGraphicsMode = false;
    const browser = await driver.launch({
      executablePath: await chromium.executablePath(),
      // The browser sees nothing but our own pages, and as root there is no sandbox.
      args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none"],
    });
    const context = await browser.newContext({
      baseURL: origin,
      viewport: WIDE,
      locale: "ko-KR",
      timezoneId: "Asia/Seoul",
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on("pageerror", (error) => log(`! ${new URL(page.url()).pathname}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") log(`! ${new URL(page.url()).pathname}: ${message.text()}`);
    });
    mkdirSync(folder, { recursive: true });
    return new Camera(page, browser, folder, log);
  }

  private constructor(page: Page, browser: Browser, folder: string, log: (line: string) => void) {
    this.page = page;
    this.#browser = browser;
    this.#folder = folder;
    this.#log = log;
  }

  /** `<name>-ko.png` and `<name>-en.png`; with `phone` also `<name>-phone-ko.png` and `<name>-phone-en.png`. */
  async take(name: string, { phone = false } = {}): Promise<void> {
    for (const language of languages) {
      await this.#speak(language);
      await this.#shoot(`${name}-${language}`);
      if (!phone) continue;
      await this.page.setViewportSize(PHONE);
      await this.#shoot(`${name}-phone-${language}`);
      await this.page.setViewportSize(WIDE);
    }
    await this.#speak("ko");
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #speak(language: string): Promise<void> {
    const now = await this.page.locator("html").getAttribute("lang");
    if (now === language) return;
    await this.page.locator('[data-action="language"]').click();
    await this.page.locator(`html[lang="${language}"]`).waitFor();
  }

  async #shoot(name: string): Promise<void> {
    const file = path.join(this.#folder, `${name}.png`);
    // A second for what moves: fonts, a late frame, a plan that fits itself into its place.
    await this.page.waitForTimeout(1_000);
    await this.page.evaluate("scrollTo(0, 0)");
    await this.page.screenshot({ path: file, animations: "disabled", caret: "hide" });
    const { size } = statSync(file);
    if (size > BYTES_MAX) throw new Failure(`${file} has ${size} bytes: more than ${BYTES_MAX}.`);
    this.#log(`✓ ${name.padEnd(20)} ${String(Math.round(size / 1_000)).padStart(4)} KB`);
  }
}
