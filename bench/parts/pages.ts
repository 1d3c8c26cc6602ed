/** Pages: what a browser has to load before a page works, as the built files weigh. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { projectRoot } from "../../dev/children.ts";
import { Failure } from "../../dev/failure.ts";
import { loadWaiting } from "../load/first-load.ts";
import { panStadium } from "../load/pan.ts";
import { shown } from "../report.ts";
import type { Study } from "../study.ts";
import { openBrowser } from "../../tests/stack/browser.ts";
import { startHouse } from "../../tests/stack/house.ts";
import { waitThrough } from "../../tests/stack/waiting-journey.ts";

const weights: Study = {
  figures: [
    { name: "waiting_kb_gzip", unit: "KB", target: 15, better: "lower" },
    { name: "largest_page_kb_gzip", unit: "KB", target: null, better: "lower" },
    { name: "largest_script_kb_gzip", unit: "KB", target: 90, better: "lower" },
    { name: "seats_script_kb_gzip", unit: "KB", target: 90, better: "lower" },
  ],
  measure(lab) {
    lab.say("pages");
    const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-pages-"));
    try {
      build(folder);
      const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
      const weighed = pages.map((name) => ({ name, ...weigh(folder, name) })).toSorted((a, b) => b.kb - a.kb);
      const waiting = weighed.find(({ name }) => name === "waiting.html");
      const largest = weighed[0];
      if (waiting === undefined || largest === undefined) throw new Error("there is no waiting page");
      const script = weigh(folder, "seats.html", ".js");
      const scripts = pages.map((name) => ({ name, ...weigh(folder, name, ".js") })).toSorted((a, b) => b.kb - a.kb);
      const most = scripts[0] ?? { name: "", ...script };
      return Promise.resolve({
        waiting_kb_gzip: {
          value: waiting.kb,
          note: `${waiting.files} files of the Korean page, each compressed by itself (level 6); ${shown(waiting.plainKb)} KB unpacked`,
        },
        largest_page_kb_gzip: {
          value: largest.kb,
          note: `${largest.name}, ${largest.files} files, largest of ${pages.length} pages`,
        },
        largest_script_kb_gzip: { value: most.kb, note: `${most.name}, ${most.files} scripts` },
        seats_script_kb_gzip: { value: script.kb, note: `${script.files} scripts of the seat page` },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const panning: Study = {
  figures: [{ name: "stadium_pan_fps", unit: "1/s", target: 60, better: "higher" }],
  async measure(lab) {
    lab.say("panning a stadium");
    const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-pages-"));
    try {
      build(folder);
      const { median, p95Ms, frames, places } = await panStadium(folder);
      return {
        stadium_pan_fps: {
          value: median,
          note: `median of ${frames} frames, the slowest twentieth from ${shown(p95Ms)} ms on; ${places} places, three scales, processor slowed 4 times, no graphics card`,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const interactive: Study = {
  figures: [{ name: "waiting_interactive_ms", unit: "ms", target: 1_000, better: "lower" }],
  async measure(lab) {
    lab.say("the waiting page on a throttled phone");
    const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-pages-"));
    try {
      build(folder);
      const { median, slowest, loads } = await loadWaiting(folder);
      return {
        waiting_interactive_ms: {
          value: median,
          note: `median of ${loads} loads with nothing cached, the slowest ${shown(slowest)} ms; processor slowed 4 times, 1.6 Mbit/s, 150 ms there and back`,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const steady: Study = {
  figures: [{ name: "layout_shift_waiting", unit: "", target: 0, better: "lower" }],
  async measure(lab) {
    lab.say("layout shifts while waiting");
    const house = await startHouse({ demoData: false });
    const browser = await openBrowser();
    try {
      const moved: string[] = [];
      for (const window of WINDOWS) moved.push(...(await (await waitThrough(house, browser, window)).shifts()));
      return {
        layout_shift_waiting: {
          value: moved.reduce((sum, one) => sum + Number.parseFloat(one), 0),
          note: `${moved.length} shifts from the first paint to one's turn, on ${WINDOWS.length} sizes of window: places, seats, a notice, a pause${moved.length === 0 ? "" : ` (${moved.join("; ")})`}`,
        },
      };
    } finally {
      await browser.close();
      await house.close();
    }
  },
};

const WINDOWS = [
  { where: "phone", width: 360, height: 740 },
  { where: "desk", width: 1_280, height: 900 },
];

/** The same build as `npm run build`, in a folder of its own: whoever serves dist/web is not disturbed. */
function build(folder: string): void {
  const vite = path.join(projectRoot, "node_modules/vite/bin/vite.js");
  const args = [
    vite,
    "build",
    "--config",
    "web/vite.config.ts",
    "--logLevel",
    "warn",
    "--outDir",
    folder,
    "--emptyOutDir",
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" });
  if (status === 0) return;
  const complaint = /^Error: (.+)$/m.exec(stderr)?.[1] ?? stderr.trim();
  throw new Failure(`The pages could not be built: ${complaint}.`);
}

interface Weight {
  readonly kb: number;
  readonly plainKb: number;
  readonly files: number;
}

/** The page, what it names, and what its scripts import statically; texts of another language are loaded when asked for. */
function weigh(folder: string, page: string, only = ""): Weight {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(path.join(folder, file), "utf8");
    for (const other of namedBy(file, text)) visit(other);
  };
  visit(page);
  let packed = 0;
  let plain = 0;
  const counted = [...files].filter((file) => file.endsWith(only));
  for (const file of counted) {
    const bytes = readFileSync(path.join(folder, file));
    packed += gzipSync(bytes, { level: 6 }).length;
    plain += bytes.length;
  }
  return { kb: packed / 1_000, plainKb: plain / 1_000, files: counted.length };
}

const IN_HTML = /<(?:script|link|img)\b[^>]*?\b(?:src|href)="\/([^"]+)"/g;
const IN_SCRIPT = /(?:^|[;}\s])(?:import|export)\s*(?:[\w${}\s,*]+?from\s*)?"\.\/([^"]+)"/g;
const IN_STYLE = /url\(["']?\/([^"')]+)["']?\)/g;

function namedBy(file: string, text: string): string[] {
  const names = (pattern: RegExp): string[] => Array.from(text.matchAll(pattern), (match) => match[1] ?? "");
  if (file.endsWith(".html")) return names(IN_HTML);
  if (file.endsWith(".js")) return names(IN_SCRIPT).map((name) => path.join(path.dirname(file), name));
  if (file.endsWith(".css")) return names(IN_STYLE);
  return [];
}

export const pages: readonly Study[] = [weights, interactive, steady, panning];
