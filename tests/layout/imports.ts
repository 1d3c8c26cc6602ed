/**
 * Who may import whom, and a few rules of the house that no linter knows. docs/architecture.md says them in prose; this
 * says them so that a change that breaks one is told which and why.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

interface Layer {
  /** Files this layer is made of. */
  readonly of: RegExp;
  /** What of the project they may import (packages are another matter). */
  readonly may: readonly RegExp[];
  readonly why: string;
}

const RULES = /^durable-objects\/performance\/(admission|seats|orders)\//;
/** Plain data in, plain data out, at the root of the performance folder. */
const CORE =
  /^durable-objects\/performance\/(advance|apply|batch|call-counts|changes|contract|copy-contract|deadlines|decide|events|figures|figures-contract|histogram|identity-contract|order-commands|order-contract|order-number|order-policy|order-seats|seat-contract|queue-contract|reply-index|rule|state|tally)\.ts$/;
const CONTRACTS = [
  /^durable-objects\/[a-z]+\/((order|copy|figures|identity|queue|seat)-)?(contract|commands|number|policy|seats)\.ts$/,
  /^durable-objects\/performance\/events\.ts$/,
  /^durable-objects\/performance\/seats\/chart\.ts$/,
];
/** What the page says of a choice before it is asked for, and the hash under which a code is kept. */
const SEATS = /^durable-objects\/performance\/seats\/(singles|code)\.ts$/;
/** What the public may compute again, and so may everybody here. */
const PUBLISHED = /^durable-objects\/performance\/admission\/(beacon|draw)\.ts$/;
/** Pseudonyms, and what is derived from the same key. */
const ENTRY = /^durable-objects\/performance\/admission\/(entry|identity)\.ts$/;

/** Deadlines, limits, breakers and alarms, for whoever waits, and the log. */
const EVERYWHERE = /^durable-objects\/(alarm|bounded-answer|breaker|guard|in-time|log)\.ts$/;

/** Buckets of a histogram, and how calls ended: objects count into the same. */
const COUNTING = /^durable-objects\/performance\/(call-counts|histogram)\.ts$/;

/** The first layer a file belongs to is the one that counts; tests beside the code may import anything. */
const layers: readonly Layer[] = [
  { of: RULES, may: [RULES, CORE], why: "rules import nothing that does I/O" },
  { of: CORE, may: [RULES, CORE], why: "the core of the performance object is rules and plain data" },
  {
    of: /^durable-objects\/lobby\//,
    may: [/^durable-objects\/lobby\//, ...CONTRACTS, PUBLISHED, ENTRY, COUNTING, EVERYWHERE],
    why: "a lobby knows the performance by its contract",
  },
  { of: /^durable-objects\/meter\//, may: [/^durable-objects\/meter\//], why: "the Meter knows nothing but counts" },
  {
    of: /^durable-objects\/control\//,
    may: [/^durable-objects\/control\//, ...CONTRACTS, COUNTING, EVERYWHERE],
    why: "the control room knows the performance by its contract",
  },
  {
    of: /^durable-objects\/rehearsal\//,
    may: [/^durable-objects\/(rehearsal|performance)\//, EVERYWHERE],
    why: "a rehearsal plays the performance's own rules",
  },
  {
    of: /^durable-objects\//,
    may: [/^durable-objects\/performance\//, /^durable-objects\/lobby\/contract\.ts$/, EVERYWHERE],
    why: "objects never import workers/",
  },
  {
    of: /^workers\/index\.ts$/,
    may: [
      /^workers\//,
      EVERYWHERE,
      /^durable-objects\/(performance\/performance|lobby\/lobby|control\/control-room|rehearsal\/rehearsal|meter\/meter)\.ts$/,
    ],
    why: "the entry is wiring only",
  },
  { of: /^workers\/site\.ts$/, may: [/^workers\/edge\/site\//], why: "the second entry is wiring only, too" },
  {
    of: /^workers\/(environment|metering|real-things)\.ts$/,
    may: [/^workers\/environment\.ts$/, ...CONTRACTS, EVERYWHERE],
    why: "bindings are known by their contracts",
  },
  {
    of: /^workers\/calls\//,
    may: [/^workers\/calls\//, /^workers\/(environment|metering|real-things)\.ts$/, ...CONTRACTS, EVERYWHERE],
    why: "how somebody is asked does not depend on who asks",
  },
  {
    of: /^workers\/edge\//,
    may: [
      /^workers\/(edge|records|payments|mail|watch|calls|reconciler)\//,
      /^workers\/(environment|metering|real-things)\.ts$/,
      ...CONTRACTS,
      EVERYWHERE,
      PUBLISHED,
      ENTRY,
      SEATS,
    ],
    why: "the edge knows objects by their contracts",
  },
  {
    of: /^workers\/payments\//,
    may: [
      /^workers\/(payments|calls)\//,
      /^workers\/(environment|metering|real-things)\.ts$/,
      ...CONTRACTS,
      EVERYWHERE,
      /^durable-objects\/performance\/orders\/provider\.ts$/,
    ],
    why: "adding a provider touches one folder",
  },
  {
    of: /^workers\/records\/archived-(orders|decision)\.ts$/,
    may: [/^workers\/(records|mail)\//, /^workers\/environment\.ts$/, ...CONTRACTS, RULES, CORE],
    why: "of a sale that is over the records decide, by the object's own rules",
  },
  {
    of: /^workers\/records\//,
    may: [
      /^workers\/(records|mail|calls)\//,
      /^workers\/(environment|metering|real-things)\.ts$/,
      ...CONTRACTS,
      EVERYWHERE,
    ],
    why: "records know events, not the edge",
  },
  {
    of: /^workers\/reconciler\//,
    may: [
      /^workers\/(reconciler|records|payments|calls)\//,
      /^workers\/(environment|metering)\.ts$/,
      ...CONTRACTS,
      EVERYWHERE,
    ],
    why: "comparing asks objects, records and providers, and knows no request",
  },
  {
    of: /^workers\/watch\//,
    may: [
      /^workers\/(watch|records|calls)\//,
      /^workers\/payments\/settings\.ts$/,
      /^workers\/edge\/stale-cache\.ts$/,
      /^workers\/(environment|metering|real-things)\.ts$/,
      ...CONTRACTS,
      EVERYWHERE,
    ],
    why: "watching asks records and objects, and changes nothing",
  },
  {
    of: /^workers\/mail\//,
    may: [/^workers\/(mail|calls)\//, /^workers\/environment\.ts$/, EVERYWHERE],
    why: "mail knows what it is told, and asks nobody",
  },
  { of: /^web\//, may: [/^web\//, ...CONTRACTS, PUBLISHED, SEATS], why: "pages talk to the API" },
];

/** Packages that compute and nothing else. */
const PURE_PACKAGES = /^(node:crypto|@noble\/)/;
/** What needs no import and is no computing either: time, chance, waiting and asking are handed to a rule. */
const IMPURE =
  /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|random(?:UUID|Bytes)|getRandomValues|fetch\(|set(?:Timeout|Interval)|await\b|console\.|process\.)/;

const SOURCES = /\.(ts|tsx)$/;
const TESTS = /\.test\.tsx?$/;
const SKIPPED = /^(node_modules|dist|\.wrangler|\.data|\.git)$/;
const BANNED_FOLDERS = /^(utils?|helpers?|shared|common)$/;
const LINES_MAX = 400;

/** Every broken rule, as a sentence. */
export function brokenRules(root: string): readonly string[] {
  const broken: string[] = [];
  for (const file of sources(root, root, broken)) {
    const text = readFileSync(path.join(root, file), "utf8");
    const lines = text.split("\n").length;
    if (lines > LINES_MAX)
      broken.push(`${file} has ${lines} lines: over ${LINES_MAX} a file is about more than one thing`);
    if (TESTS.test(file)) continue;
    const layer = layers.find(({ of }) => of.test(file));
    if (layer === undefined) continue;
    for (const target of importsOf(file, text)) {
      if (!layer.may.some((allowed) => allowed.test(target))) broken.push(`${file} imports ${target}: ${layer.why}`);
    }
    if (RULES.test(file) || CORE.test(file)) {
      for (const name of packagesOf(text))
        if (!PURE_PACKAGES.test(name)) broken.push(`${file} imports ${name}: ${layer.why}`);
      const used = IMPURE.exec(withoutComments(text))?.[0];
      if (used !== undefined) broken.push(`${file} uses ${used}: ${layer.why}`);
    }
  }
  return broken;
}

function sources(root: string, folder: string, broken: string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (SKIPPED.test(entry.name)) return [];
      if (BANNED_FOLDERS.test(entry.name))
        broken.push(`${path.relative(root, full)}: a folder is named after what is in it`);
      return sources(root, full, broken);
    }
    return SOURCES.test(entry.name) ? [path.relative(root, full)] : [];
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

const SPECIFIER = /^\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|import\("([^"]+)"\)/gm;

function specifiersOf(text: string): string[] {
  return Array.from(text.matchAll(SPECIFIER), (match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function importsOf(file: string, text: string): string[] {
  const relative = specifiersOf(text).filter((specifier) => specifier.startsWith("."));
  return relative.map((specifier) => path.join(path.dirname(file), specifier));
}

function packagesOf(text: string): string[] {
  return specifiersOf(text).filter((specifier) => !specifier.startsWith("."));
}
