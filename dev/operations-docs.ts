/** npm run docs:operations: writes the alert rules, their tests and the dashboards into docs/operations. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./children.ts";
import { rulesFile, rulesTestFile } from "./operations/alert-files.ts";
import { alertRules } from "./operations/alert-rules.ts";
import { dashboardJson, dashboards } from "./operations/dashboards.ts";

export const operationsFolder = path.join(projectRoot, "docs/operations");

/** Every file, by its path in the folder. */
export function operationsFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["alerts.yml", rulesFile(alertRules)],
    ["alerts.test.yml", rulesTestFile(alertRules)],
    ...dashboards.map((one) => [`dashboards/${one.uid}.json`, dashboardJson(one)] as const),
  ]);
}

if (import.meta.main) {
  mkdirSync(path.join(operationsFolder, "dashboards"), { recursive: true });
  for (const [file, text] of operationsFiles()) writeFileSync(path.join(operationsFolder, file), text);
  console.log(`✓ ${alertRules.length} alerts and ${dashboards.length} dashboards are in docs/operations.`);
}
