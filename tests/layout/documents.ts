/**
 * What documents say about the project that a machine can look up: files and their headings, scripts and their options,
 * tests, routes, metrics, problems, settings and tables. Every word that is no longer true is a sentence.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** What is there to be named. */
export interface Known {
  /** "METHOD /path/{parameter}" */
  readonly routes: readonly string[];
  readonly metrics: readonly string[];
  readonly problems: readonly string[];
}

const packageJson = z.object({ scripts: z.record(z.string(), z.string()) });

/** Written by a script from the code itself; another test compares them with it. */
const WRITTEN = /^docs\/(errors|events|metrics|mutants|orders)\.md$/;
const FOLDERS = /^(\.ci|\.github|bench|dev|docs|durable-objects|k6|migrations|tests|web|workers)\//;

export class Documents {
  readonly #root: string;
  readonly #known: Known;
  readonly #scripts: Readonly<Record<string, string>>;
  /** Everything a test's name may be found in, and the names that tests are given one by one. */
  readonly #tests: string;
  readonly #patterns: readonly RegExp[];
  readonly #testFiles: readonly string[];
  /** Of every document, by its path. */
  readonly texts: ReadonlyMap<string, string>;

  constructor(root: string, known: Known) {
    this.#root = root;
    this.#known = known;
    this.#scripts = packageJson.parse(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))).scripts;
    const documents = ["README.md", "k6/README.md", ...filesIn(root, "docs").filter((file) => file.endsWith(".md"))];
    this.texts = new Map(documents.map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
    const sources = ["tests", "durable-objects", "workers", "web", "dev", "bench"].flatMap((it) => filesIn(root, it));
    this.#testFiles = sources.filter((file) => /\.test\.tsx?$/.test(file));
    const named = sources.filter((file) => file.startsWith("tests/") || this.#testFiles.includes(file));
    this.#tests = named.map((file) => readFileSync(path.join(root, file), "utf8")).join("\n");
    this.#patterns = Array.from(this.#tests.matchAll(/"([^"\n]*%[sd][^"\n]*)"/g), ([, name = ""]) => patternOf(name));
  }

  /** What is untrue in one document. */
  untrueIn(file: string): readonly string[] {
    const text = this.texts.get(file) ?? "";
    return [
      ...this.#links(file, text),
      ...this.#paths(text),
      ...this.#commands(text),
      ...(WRITTEN.test(file) ? [] : [...this.#testNames(text), ...this.#names(text)]),
    ];
  }

  /** Documents no link leads to from the README. */
  lost(): readonly string[] {
    const found = new Set<string>();
    const waiting = ["README.md"];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      const text = this.texts.get(file);
      if (text !== undefined) for (const [target] of linksIn(file, text)) waiting.push(...this.#documentsAt(target));
    }
    return Array.from(this.texts.keys()).filter((file) => !found.has(file));
  }

  /** A link to a folder leads to what is in it. */
  #documentsAt(target: string): readonly string[] {
    if (this.texts.has(target)) return [target];
    return Array.from(this.texts.keys()).filter((file) => path.dirname(file) === target.replace(/\/$/, ""));
  }

  #links(file: string, text: string): string[] {
    return linksIn(file, text).flatMap(([target, anchor]) => {
      if (!existsSync(path.join(this.#root, target))) return [`there is no ${target}`];
      const there = this.texts.get(target);
      if (anchor === "" || there === undefined) return [];
      return headingsOf(there).includes(anchor) ? [] : [`${target} has no heading #${anchor}`];
    });
  }

  #paths(text: string): string[] {
    return codeIn(text)
      .filter((code) => FOLDERS.test(code) && /^[\w./-]+$/.test(code))
      .filter((code) => !existsSync(path.join(this.#root, code)))
      .map((code) => `there is no ${code}`);
  }

  #commands(text: string): string[] {
    return [...codeIn(text), ...blockLinesIn(text)].flatMap((line) => {
      const match = /\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)(.*)/.exec(line);
      if (match === null) return [];
      const [, run, plain, rest = ""] = match;
      const name = run ?? plain ?? "";
      const command = this.#scripts[name];
      if (command === undefined) return [`there is no script ${name}`];
      const words = / -- ([^#|;&]*)/.exec(rest)?.[1]?.trim().split(/\s+/) ?? [];
      return name === "test" ? this.#testWords(words) : this.#options(name, command, words);
    });
  }

  #options(name: string, command: string, words: readonly string[]): string[] {
    const file = /(\S+)\.ts$/.exec(command)?.[1];
    if (file === undefined) return [];
    const sources = [`${file}.ts`, ...filesIn(this.#root, file)].filter((one) =>
      existsSync(path.join(this.#root, one)),
    );
    const text = sources.map((one) => readFileSync(path.join(this.#root, one), "utf8")).join("\n");
    return words
      .flatMap((word) => /^\[?(--[a-z-]+)/.exec(word)?.[1] ?? [])
      .filter((option) => option !== "--help" && !new RegExp(String.raw`${option}\b`).test(text))
      .map((option) => `npm run ${name} has no ${option}`);
  }

  #testWords(words: readonly string[]): string[] {
    const [end] = [words.findIndex((word) => word.startsWith("-"))];
    return (end < 0 ? words : words.slice(0, end))
      .map((word) => word.replace(/^\[|\]$/g, ""))
      .filter((word) => !/^(unit|objects|stack)$/.test(word))
      .filter((word) => !this.#testFiles.some((file) => file.includes(word)))
      .map((word) => `npm test has no part and no file ${word}`);
  }

  /** Between “ and ”, and between " and " in the brackets behind `npm test …`. */
  #testNames(text: string): string[] {
    const curly = Array.from(text.matchAll(/“([^”]+)”/g), ([, name = ""]) => name);
    const brackets = Array.from(text.matchAll(/`npm test[^`]*`[^(`]*\(([^)]*)\)/g), ([, inside = ""]) => inside);
    const straight = brackets.flatMap((inside) => Array.from(inside.matchAll(/"([^"]+)"/g), ([, name = ""]) => name));
    return [...curly, ...straight]
      .map((name) => name.replaceAll(/\s+/g, " ").replace(/ …$/, ""))
      .filter((name) => !this.#tests.includes(name) && !this.#patterns.some((pattern) => pattern.test(name)))
      .map((name) => `no test is called “${name}”`);
  }

  #names(text: string): string[] {
    const metrics = (text.match(/\bticketping_[a-z0-9_]+\b/g) ?? []).filter(
      (name) => !this.#known.metrics.includes(name),
    );
    const problems = Array.from(text.matchAll(/\b[45]\d\d `([a-z-]+)`/g), ([, code = ""]) => code);
    const routes = codeIn(text).filter((code) => /^(GET|POST|PUT|PATCH|DELETE) [/…]/.test(code));
    return [
      ...metrics.map((name) => `there is no metric ${name}`),
      ...problems.filter((code) => !this.#known.problems.includes(code)).map((code) => `there is no problem ${code}`),
      ...routes.filter((route) => !this.#isRoute(route)).map((route) => `there is no route ${route}`),
    ];
  }

  /** `…` stands for what was said before, `:id` and `ID` for a parameter. */
  #isRoute(route: string): boolean {
    const [method = "", said = ""] = route.replace(/[?#[ ](?!\/|…).*$/, "").split(" ");
    const asked = said.replaceAll(/:\w+|\{\w+\}|\b[A-Z]{2,}\b/g, "{}");
    return this.#known.routes.some((one) => {
      const [its = "", there = ""] = one.replaceAll(/\{\w+\}/g, "{}").split(" ");
      return its === method && (asked.startsWith("…") ? there.endsWith(asked.slice(1)) : there === asked);
    });
  }
}

/** [target within the project, anchor] of every link that leads into it. */
function linksIn(file: string, text: string): (readonly [target: string, anchor: string])[] {
  const links = Array.from(
    withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g),
    ([, link, src]) => link ?? src,
  );
  return links.flatMap((link = "") => {
    if (/^[a-z]+:/.test(link)) return [];
    const [target = "", anchor = ""] = link.split("#");
    return [[target === "" ? file : path.join(path.dirname(file), target), anchor] as const];
  });
}

/** As GitHub names them. */
function headingsOf(text: string): readonly string[] {
  return Array.from(withoutBlocks(text).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** "is refused when %s was altered" is the name of as many tests as there are cases. */
function patternOf(name: string): RegExp {
  const parts = name.split(/%[sd]/).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".+")}$`);
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function codeIn(text: string): string[] {
  return Array.from(withoutBlocks(text).matchAll(/`([^`]+)`/g), ([, code = ""]) => code.replaceAll(/\s+/g, " "));
}

function blockLinesIn(text: string): string[] {
  return text.split("\n").filter((line) => /^ {4,}\S/.test(line));
}

function filesIn(root: string, folder: string): string[] {
  const full = path.join(root, folder);
  if (!existsSync(full) || !statSync(full).isDirectory()) return [];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
