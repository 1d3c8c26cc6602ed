/**
 * npm test: everything, from rules that take a millisecond to a browser that buys a seat on the whole stack.
 *
 *     npm test -- [unit] [objects] [stack]      only these parts
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

const parts = ["unit", "objects", "stack"] as const;
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !parts.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`There is no part named ${unknown.join(", ")}: the parts are ${parts.join(", ")}.`);
  process.exit(1);
}

// The Worker's configuration names the folder of the built pages; a fresh clone has none yet.
mkdirSync("dist/web", { recursive: true });
const failed: string[] = [];
for (const part of parts) {
  if (chosen.length > 0 && !chosen.includes(part)) continue;
  const about = {
    unit: "rules and other plain functions",
    objects: "both objects in workerd",
    stack: "the whole stack: Postgres, payments, a browser",
  };
  console.log(`\n— ${part}: ${about[part]}`);
  const { status } = spawnSync("vitest", ["run", "--project", part, "--reporter", "default"], { stdio: "inherit" });
  if (status !== 0) failed.push(part);
}
if (failed.length > 0) {
  console.error(`\nNot passed: ${failed.join(", ")}.`);
  process.exit(1);
}
console.log("\nEverything passed.");
