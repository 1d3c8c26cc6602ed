/** What axe finds wrong with a page for people who do not see it, hear it or hold a mouse: WCAG 2.2 AA and good practice. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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

/** One page in one state: everything at every width, and the contrasts once more in the dark. */
export async function accessible(visit: Visit, name: string, { widths = [320, 1_280], dark = true }: Look = {}) {
  const { page } = visit;
  const language = (await visit.language()) ?? "";
  for (const width of widths) {
    const over = [await visit.narrow(width, 900), await visit.overflow()];
    expect([name, width, ...over]).toEqual([name, width, 0, 0]);
    if (pictures !== undefined)
      await page.screenshot({ path: `${pictures}/${name}-${language}-${width}.png`, fullPage: true });
    expect(await findings(visit, `${name} ${language} ${width}`, ALL)).toEqual([]);
  }
  if (!dark) return;
  await page.emulateMedia({ colorScheme: "dark" });
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}-dark.png`, fullPage: true });
  expect(await findings(visit, `${name} ${language} dark`, COLOURS)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}

async function findings({ page }: Visit, name: string, run: string): Promise<readonly string[]> {
  await page.evaluate(axe);
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
