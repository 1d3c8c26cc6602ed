/** What axe finds wrong with a page for people who do not see it, hear it or hold a mouse: WCAG 2.2 AA and good practice. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { z } from "zod";
import type { Visit } from "./browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));
/** Where pictures of the pages go, for who wants to look at them. */
const pictures = process.env["PICTURES"];
/** All rules that are on by themselves, and the one of WCAG 2.2 that is not. */
const ALL = "axe.run({ rules: { 'target-size': { enabled: true } } }).then(({ violations }) => violations)";
const COLOURS = "axe.run({ runOnly: ['color-contrast'] }).then(({ violations }) => violations)";

export interface Look {
  readonly widths?: readonly number[];
  /** Whether to look at its contrasts in the dark, too. */
  readonly dark?: boolean;
}

/** What a page must fit into: the smallest window, a phone, a desk. */
const WIDTHS = [320, 390, 1_280];

/** One page in one state: it fits every width; everything at those asked for, and the contrasts once more in the dark. */
export async function accessible(visit: Visit, name: string, { widths = [320, 1_280], dark = true }: Look = {}) {
  const { page } = visit;
  const language = (await visit.language()) ?? "";
  for (const width of new Set([...WIDTHS, ...widths])) {
    const over = [await visit.narrow(width, 900), await visit.overflow()];
    expect([name, language, width, ...over]).toEqual([name, language, width, 0, 0]);
    await picture(page, `${name}-${language}-${width}`);
    if (widths.includes(width)) expect(await findings(page, `${name} ${language} ${width}`, ALL)).toEqual([]);
  }
  if (dark) await contrasts(page, `${name} ${language} dark`);
}

/** A page that runs no scripts and loads itself again: what it is now, in a window of 320 px where axe can run. */
export async function plainly(browser: Browser, plain: Page, name: string): Promise<void> {
  const still = (await plain.content()).replace(/<meta http-equiv="refresh"[^>]*>/, "");
  const page = await browser.newPage({ viewport: { width: 320, height: 700 } });
  await page.setContent(still.replace("<head>", `<head><base href="${plain.url()}">`));
  expect(await page.evaluate("document.styleSheets.length")).toBe(1);
  expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBe(0);
  await picture(page, name);
  expect(await findings(page, name, ALL)).toEqual([]);
  await contrasts(page, `${name} dark`);
  await page.close();
}

async function contrasts(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await findings(page, name, COLOURS)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}

/** In the light and in the dark. */
async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: `${pictures}/${name}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
}

async function findings(page: Page, name: string, run: string): Promise<readonly string[]> {
  // Half a megabyte: once for each page that is loaded.
  if ((await page.evaluate("'axe' in window")) !== true) await page.evaluate(axe);
  const found = violations.parse(await page.evaluate(run));
  return found.flatMap(({ id, nodes }) => nodes.slice(0, 4).map(({ html }) => `${name}: ${id} ${html.slice(0, 200)}`));
}

/** A page in both languages, in English on the smallest window; in the dark once. Ends in Korean, as wide as it was. */
export async function look(visit: Visit, name: string, how: Look = {}): Promise<void> {
  const size = visit.page.viewportSize();
  await visit.speak("en");
  await accessible(visit, name, { widths: [320], ...how, dark: false });
  await visit.speak("ko");
  await accessible(visit, name, how);
  if (size !== null) await visit.page.setViewportSize(size);
}

/** The same of what has to be opened in either language anew: a dialog lets nobody reach the switch behind it. */
export async function lookOpened(
  visit: Visit,
  name: string,
  opened: { readonly open: () => Promise<unknown>; readonly close: () => Promise<unknown> },
): Promise<void> {
  const size = visit.page.viewportSize();
  for (const language of ["en", "ko"] as const) {
    await visit.speak(language);
    await opened.open();
    await accessible(visit, name, { widths: [320], dark: language === "ko" });
    await opened.close();
  }
  if (size !== null) await visit.page.setViewportSize(size);
}
