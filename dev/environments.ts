/** npm run environments: renews staging and production in wrangler.toml from its top level. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./children.ts";
import { environments, withEnvironments } from "./deploy/environments.ts";

const file = path.join(projectRoot, "wrangler.toml");
writeFileSync(file, withEnvironments(readFileSync(file, "utf8")));
console.log(`✓ ${environments.join(" and ")} in wrangler.toml follow its top level.`);
