/**
 * npm run docs:benchmarks: the tables of docs/benchmarks.md and docs/scaling.md and the pictures in docs/images, from
 * docs/benchmarks.json and docs/scaling.json. Nothing is measured here; a test says when a file is not what this would write.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../dev/children.ts";
import { pictures } from "../pictures/pictures.ts";
import { parts } from "../report.ts";
import { withMarked } from "./marked.ts";
import { readBenchmarks, readGrowth } from "./record.ts";
import { growthTable, partTable } from "./tables.ts";

/** What each file has to be, by its path in the repository; null: it has to be away. */
export function documents(): Readonly<Record<string, string | null>> {
  const [benchmarks, growth] = [readBenchmarks(), readGrowth()];
  const drawn = pictures(benchmarks, growth);
  const shown = (section: string): string =>
    drawn
      .filter((picture) => picture.section === section && picture.svg !== null)
      .map(({ file, title }) => `\n\n![${title}](images/${file})`)
      .join("");
  let measured = read("docs/benchmarks.md");
  for (const part of parts) measured = withMarked(measured, part, `${partTable(part, benchmarks[part])}${shown(part)}`);
  const scaling = withMarked(read("docs/scaling.md"), "growth", `${growthTable(growth)}${shown("growth")}`);
  return {
    "docs/benchmarks.md": measured,
    "docs/scaling.md": scaling,
    ...Object.fromEntries(drawn.map(({ file, svg }) => [`docs/images/${file}`, svg])),
  };
}

/** Writes what differs, and says which files. */
export function writeDocuments(): readonly string[] {
  const written: string[] = [];
  for (const [file, text] of Object.entries(documents())) {
    const full = path.join(projectRoot, file);
    if (text === null ? !existsSync(full) : existsSync(full) && readFileSync(full, "utf8") === text) continue;
    if (text === null) rmSync(full);
    else writeFileSync(full, text);
    written.push(file);
  }
  return written;
}

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), "utf8");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const written = writeDocuments();
  console.log(written.length === 0 ? "Everything is as recorded." : `${written.join(", ")}: written.`);
}
