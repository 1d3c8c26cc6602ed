/**
 * Exports that nobody imports: a value that only its own file uses is not exported, and one that nobody uses is not there.
 * Types are another matter: a file that exports a function may name what it takes and answers.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const FOLDERS = ["bench", "dev", "durable-objects", "k6", "tests", "web", "workers"];
/** Read by something else than an import: the runtime, k6, drizzle, or in place of a module of the platform. */
const READ_ELSEWHERE =
  /^(workers\/(index|site)\.ts|k6\/(onsale-rush|waiting|booking)\.ts|workers\/records\/schema\/|tests\/simulation\/house\/cloudflare-workers\.ts|web\/vite)/;
/** Pages, and the Worker in front of any site, look after their own. */
const CHECKED = /^(?!web\/|workers\/edge\/site\/)/;

const DECLARED = /^export (?:async )?(?:const|let|function\*?|(?:abstract )?class|enum) (\w+)/gm;
const LISTED = /^export \{([^}]*)\};/gm;
const IMPORTED = /^(?:import|export)\s+(?:type\s+)?(?:\w+,\s*)?(\{[^}]*\}|\*(?: as \w+)?)\s+from\s+"(\.[^"]+)"/gm;
const WHOLE = /\bimport\("(\.[^"]+)"\)/g;

/** Every export that is idle, as a sentence. */
export function idleExports(root: string): readonly string[] {
  const files = FOLDERS.flatMap((folder) => sourcesIn(root, folder));
  const used = new Map<string, Set<string>>();
  const note = (file: string, name: string): void => {
    const names = used.get(file) ?? new Set<string>();
    used.set(file, names.add(name));
  };
  const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
  for (const [file, text] of texts) {
    const at = (specifier: string): string => path.join(path.dirname(file), specifier);
    for (const [, names = "", specifier = ""] of text.matchAll(IMPORTED))
      for (const name of names.startsWith("*") ? ["*"] : namesIn(names)) note(at(specifier), name);
    for (const [, specifier = ""] of text.matchAll(WHOLE)) note(at(specifier), "*");
  }
  return files.flatMap((file) => {
    const users = used.get(file);
    if (!CHECKED.test(file) || READ_ELSEWHERE.test(file) || users?.has("*") === true) return [];
    return exportsOf(texts.get(file) ?? "")
      .filter((name) => users?.has(name) !== true)
      .map((name) => `${file} exports ${name}, which nobody imports`);
  });
}

function exportsOf(text: string): string[] {
  const declared = Array.from(text.matchAll(DECLARED), ([, name = ""]) => name);
  return [...declared, ...Array.from(text.matchAll(LISTED), ([, names = ""]) => namesIn(names)).flat()];
}

/** "{ a, type B, c as d }": the names as the other file has them. */
function namesIn(list: string): string[] {
  return list
    .replaceAll(/[{}]/g, "")
    .split(",")
    .map(
      (name) =>
        name
          .trim()
          .replace(/^type /, "")
          .split(" as ")[0] ?? "",
    )
    .filter((name) => name !== "");
}

function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
