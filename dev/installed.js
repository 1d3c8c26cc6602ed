// Before npm start. Plain JavaScript, because it runs on whatever Node there is: the one that reads TypeScript comes with npm ci.
import { existsSync } from "node:fs";

if (!existsSync(new URL("../node_modules/.bin/node", import.meta.url))) {
  console.error("✗ Nothing is installed yet: npm ci");
  process.exit(1);
}
