/** npm run check: types, lint, format, import rules. Runs them all and says which of them found something. */
import { spawnSync } from "node:child_process";
import { brokenRules } from "./layout/imports.ts";

const commands: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["types", "tsc", ["-p", "tsconfig.json"]],
  ["types of the pages", "tsc", ["-p", "web/tsconfig.json"]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["migrations", "drizzle-kit", ["check"]],
];

const failed: string[] = [];
for (const [name, command, args] of commands) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout}${stderr}`.trim());
}

const broken = brokenRules(process.cwd());
console.log(`${broken.length === 0 ? "✓" : "✗"} import rules`);
for (const sentence of broken) console.log(`  ${sentence}`);
if (broken.length > 0) failed.push("import rules");

if (failed.length > 0) {
  console.error(`\n${failed.join(", ")}: not as it should be.`);
  process.exit(1);
}
