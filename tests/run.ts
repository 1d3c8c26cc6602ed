/** npm test: everything, from rules that take a millisecond to a browser that buys a seat on the whole stack. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { command } from "../dev/command.ts";

const parts = {
  unit: "rules and other plain functions",
  objects: "both objects in workerd",
  stack: "the whole stack: Postgres, payments, a browser",
} as const;
type Part = keyof typeof parts;

const usage = `npm test -- [PART…] [FILE…] [-t NAME]
  PART       ${Object.entries(parts)
    .map(([name, about]) => `${name.padEnd(9)}${about}`)
    .join("\n             ")}
             (default: all)
  FILE       only test files whose path has this in it, such as seat-code
  -t NAME    only tests whose name has this in it`;

await command(usage, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: "string", short: "t" } },
  });
  const chosen = positionals.filter(isPart);
  const filters = positionals.filter((word) => !isPart(word));
  const named = values.name === undefined ? [] : ["--testNamePattern", escaped(values.name)];

  // The Worker's configuration names the folder of the built pages; a fresh clone has none yet.
  mkdirSync("dist/web", { recursive: true });
  // Whoever names files and no part means these, whichever part they belong to.
  if (chosen.length === 0 && filters.length > 0) return conclude(vitest([...filters, ...named]) ? [] : filters);
  const failed: string[] = [];
  for (const part of Object.keys(parts).filter(isPart)) {
    if (chosen.length > 0 && !chosen.includes(part)) continue;
    console.log(`\n— ${part}: ${parts[part]}`);
    const runs = part === "objects" ? objectFiles(filters).map((file) => [file]) : [filters];
    const passed = runs.map((files) => vitest(["--project", part, ...files, ...named]));
    if (passed.length === 0 || passed.includes(false)) failed.push(part);
  }
  conclude(failed);
});

function isPart(word: string): word is Part {
  return Object.hasOwn(parts, word);
}

/**
 * Each in a process of its own. With several in one workerd the second now and then never began: what the first has left there
 * still ticks while the next one's modules are loaded.
 */
function objectFiles(filters: readonly string[]): readonly string[] {
  const files = readdirSync("tests/objects")
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `tests/objects/${name}`);
  return filters.length === 0 ? files : files.filter((file) => filters.some((word) => file.includes(word)));
}

/** Whether everything passed; that nothing was found is a failure too. */
function vitest(words: readonly string[]): boolean {
  return spawnSync("vitest", ["run", "--reporter", "default", ...words], { stdio: "inherit" }).status === 0;
}

/** Vitest takes a pattern; a test's name has dots and brackets of its own. */
function escaped(name: string): string {
  return name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

function conclude(failed: readonly string[]): void {
  if (failed.length > 0) {
    console.error(`\nNot passed: ${failed.join(", ")}.`);
    process.exitCode = 1;
  } else console.log("\nEverything passed.");
}
