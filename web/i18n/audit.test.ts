import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(path, "utf8");
/** What the routes log, and what an object is told to do and reports by the same name. */
const sources = [
  [globSync("workers/edge/routes/organizer/*.ts"), /auditEntry\(c, "([a-z.-]+)"/g],
  [globSync("workers/records/{emptying,reconciling,finished-sales}.ts"), /action: "([a-z.-]+)"/g],
  [globSync("durable-objects/performance/{contract,identity-contract,seat-contract}.ts"), /readonly do: "([a-z-]+)"/g],
] as const;
/** Halls are no part of a performance's log. */
const beside = new Set(["hall.created"]);

describe("every entry of a log", () => {
  const actions = new Set(
    sources.flatMap(([paths, pattern]) =>
      paths
        .filter((path) => !path.endsWith(".test.ts"))
        .flatMap((path) => Array.from(read(path).matchAll(pattern), ([, name = ""]) => name)),
    ),
  );

  it("was found where it is written", () => {
    for (const name of ["pause", "block", "make-codes", "change-chart", "performance.changed", "reconciler.repaired"])
      expect(actions).toContain(name);
  });

  it.each(["ko", "en"])("has words in %s", (language) => {
    const words = read(`web/i18n/${language}/audit.ts`);
    const known = new Set(Array.from(words.matchAll(/^ {2}"?([a-z.-]+)"?: /gm), ([, name]) => name));
    const without = [...actions]
      .map((name) => name.replace(/\.requested$/, ""))
      .filter((name) => !beside.has(name) && !known.has(name));
    expect(without).toEqual([]);
  });
});
