/**
 * How long a phone in a crowded network takes until the waiting page can be used: drawn by its script, deaf to nothing. The files
 * travel compressed, as they do from the edge; what they ask for is answered at once, because the queue's own speed is
 * measured elsewhere.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { answerJson, listen, type ListeningServer } from "../../dev/http-server.ts";
import { openBrowser } from "../../tests/stack/browser.ts";

const SLOWER = 4;
/** The figures of the "slow 4G" profile that page tests usually throttle to. */
const BITS_PER_SECOND = 1_600_000;
const LATENCY_MS = 150;
const LOADS = 7;
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** When the script had drawn its first screen, and when the last long task that was under way by then had ended. */
const WATCH = `{
  window.longTasks_ = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks_.push([startTime, startTime + duration]);
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver((_, observer) => {
    if (document.body?.dataset.screen === undefined) return;
    window.drawnAt_ = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, attributes: true, childList: true });
}`;
const Seen = z.object({ drawn: z.number(), tasks: z.array(z.tuple([z.number(), z.number()])) });
const SEEN = "({ drawn: window.drawnAt_, tasks: window.longTasks_ })";

export interface FirstLoads {
  /** Milliseconds from the beginning of the navigation. */
  readonly median: number;
  readonly slowest: number;
  readonly loads: number;
}

/** `folder`: the built pages. */
export async function loadWaiting(folder: string): Promise<FirstLoads> {
  const server = await serveCompressed(folder);
  const browser = await openBrowser();
  try {
    const times: number[] = [];
    for (let load = 0; load < LOADS; load++) {
      const context = await browser.newContext({ baseURL: server.url, ...phone });
      const page = await context.newPage();
      await page.addInitScript(WATCH);
      const cdp = await context.newCDPSession(page);
      await cdp.send("Network.enable");
      const throughput = BITS_PER_SECOND / 8;
      await cdp.send("Network.emulateNetworkConditions", {
        ...{ offline: false, latency: LATENCY_MS },
        ...{ downloadThroughput: throughput, uploadThroughput: throughput },
      });
      await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await page.goto("/waiting?performance=p");
      await page.waitForSelector('[data-screen="waiting"]');
      const { drawn, tasks } = Seen.parse(await page.evaluate(SEEN));
      times.push(Math.max(drawn, ...tasks.filter(([from]) => from <= drawn).map(([, to]) => to)));
      await context.close();
    }
    times.sort((a, b) => a - b);
    return { median: times[Math.floor(LOADS / 2)] ?? Number.NaN, slowest: times.at(-1) ?? Number.NaN, loads: LOADS };
  } finally {
    await browser.close();
    await server.close();
  }
}

function serveCompressed(folder: string): Promise<ListeningServer> {
  return listen(0, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname.endsWith("/queue")) return answerJson(response, 200, place());
    const file = path.join(folder, pathname.includes(".") ? pathname : `${pathname}.html`);
    const type = TYPES[path.extname(file)];
    if (type === undefined || !existsSync(file)) return answerJson(response, 404, { code: "not-found" });
    response.writeHead(200, { "content-type": type, "content-encoding": "gzip", "cache-control": "no-store" });
    response.end(gzipSync(readFileSync(file), { level: 6 }));
  });
}

/** Somebody's place in a queue that stands still. */
function place(): unknown {
  const now = Date.now();
  const iso = (time: number): string => new Date(time).toISOString();
  const hour = 3_600_000;
  const status = {
    ...{ phase: "open", now: iso(now), gatherAt: null, openAt: iso(now - hour), joined: 90_000, draw: null, front: 0 },
    ...{
      waits: [[0, 1, 2]],
      ahead: [[0, 0]],
      lanes: [],
      seatsLeft: { VIP: 400, R: 900 },
      notice: null,
      seatsReturnAt: null,
    },
  };
  const own = { state: "waiting", number: 40_000, place: 40_000, lane: 0, until: null, receipt: null };
  return { ...own, status, pollAfterSeconds: 60 };
}
