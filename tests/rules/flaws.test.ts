/** docs/predecessor-flaws.md names tests: all 65 flaws are there, and every test that is named exists. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const DOCUMENT = "docs/predecessor-flaws.md";
const IDS = [...ids("F-S", 16), ...ids("F-Q", 18), ...ids("F-O", 19), ...ids("F-L", 12)];
const rows = readFileSync(DOCUMENT, "utf8")
  .split("\n")
  .filter((line) => /^\| F-[SQOL]\d+ \|/.test(line));

test("every flaw of the predecessor has one row", () => {
  expect(new Set(rows.map((row) => row.split("|")[1]?.trim()))).toEqual(new Set(IDS));
  expect(rows).toHaveLength(IDS.length);
});

test.each(rows.map((row) => [row.split("|")[1]?.trim() ?? "", row]))(
  "%s names tests that exist, or says not yet",
  (_id, row) => {
    const proof = row.split(" | ").slice(3).join(" | ");
    const references = Array.from(proof.matchAll(/\[[^\]]+\]\(([^)]+)\)([^[]*)/g));
    if (references.length === 0) expect(proof).toContain("Not yet");
    for (const [, file = "", names = ""] of references) {
      const target = path.join(path.dirname(DOCUMENT), file);
      expect(existsSync(target), target).toBe(true);
      const text = readFileSync(target, "utf8");
      for (const [, name = ""] of names.matchAll(/“([^”]+)”/g))
        expect(text, `${target} has no test “${name}”`).toContain(name);
    }
  },
);

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
