/** Builds the pages when their sources are newer than what was built last. */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { projectRoot, type Children } from "./children.ts";
import { Failure } from "./failure.ts";

const sources = path.join(projectRoot, "web");
const config = path.join(sources, "vite.config.ts");
const built = path.join(projectRoot, "dist/web");

/** Returns whether a build was needed. */
export async function buildPages(children: Children, logFile: string): Promise<boolean> {
  if (!existsSync(config)) throw new Failure("There are no pages to build: web/vite.config.ts is missing.");
  if (existsSync(path.join(built, "index.html"))) {
    const changed = Math.max(...modificationTimes(sources), statSync(path.join(projectRoot, "package.json")).mtimeMs);
    if (Math.min(...modificationTimes(built)) > changed) return false;
  }
  const vite = path.join(projectRoot, "node_modules/vite/bin/vite.js");
  const build = children.start("pages", [process.execPath, vite, "build", "--config", config, "--logLevel", "warn"], {
    logFile,
  });
  const { code } = await build.exited;
  if (code !== 0) throw new Failure(`The pages could not be built: see ${logFile}.`);
  return true;
}

function modificationTimes(folder: string): number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
}
