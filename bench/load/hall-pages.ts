/** The built pages and what the seat page asks for, of one hall that is half sold: enough to look at it, nothing is kept. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { answer, answerJson, listen, type ListeningServer } from "../../dev/http-server.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { gradesOf } from "../../durable-objects/performance/seats/chart.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const HOUR = 3_600_000;

export function serveHall(folder: string, chart: Chart): Promise<ListeningServer> {
  const answers = answersFor(chart);
  return listen(0, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const found = answers.find(([end]) => pathname.startsWith("/api/") && pathname.endsWith(end));
    if (found !== undefined) return answerJson(response, 200, found[1]);
    const file = path.join(folder, pathname.includes(".") ? pathname : `${pathname}.html`);
    const type = TYPES[path.extname(file)];
    if (type === undefined || !existsSync(file)) return answerJson(response, 404, { code: "not-found" });
    answer(response, 200, type, readFileSync(file, "utf8"));
  });
}

function answersFor(chart: Chart): readonly (readonly [end: string, body: unknown])[] {
  const now = Date.now();
  const iso = (time: number): string => new Date(time).toISOString();
  const prices = Object.fromEntries(gradesOf(chart).map((grade, index) => [grade, 190_000 - index * 30_000]));
  const moments = { openAt: iso(now - HOUR), closeAt: iso(now + HOUR), gatherAt: null };
  const sections = chart.sections.map(({ id, rows }) => {
    const seats = rows.reduce((sum, row) => sum + row.seats.length, 0);
    return { id, statuses: Array.from({ length: seats }, (_, n) => ((n * 7919) % 13 < 6 ? "5" : "0")).join("") };
  });
  const zones = (chart.zones ?? []).map(({ id, capacity }) => ({ id, free: capacity / 2 }));
  const status = {
    ...{ phase: "open", now: iso(now), gatherAt: null, openAt: iso(now - HOUR), joined: 1, draw: null, front: 1 },
    ...{ waits: [], ahead: [], lanes: [], seatsLeft: {}, notice: null, seatsReturnAt: null },
  };
  const show = { id: "p", title: chart.name, posterUrl: null, venue: { name: chart.name, timeZone: "Asia/Seoul" } };
  const dates = { firstStartsAt: iso(now + HOUR), lastStartsAt: iso(now + HOUR), runTimeMinutes: 120, ageRating: "" };
  const schedule = { id: "s", startsAt: iso(now + HOUR), hallName: chart.name, timeZone: "Asia/Seoul" };
  return [
    [
      "/queue",
      { state: "entered", number: 1, place: 1, lane: 0, until: iso(now + HOUR), status, pollAfterSeconds: 60 },
    ],
    ["/schedules", { items: [{ ...schedule, seats: null }] }],
    ["/chart", { ...schedule, chart, prices, currency: "KRW" }],
    ["/seats", { version: 1, chart: 1, sections, zones }],
    ["/holds", { items: [] }],
    ["/performances/p", { ...show, ...dates, ...moments, priceFrom: null, phase: "open", noSingleSeats: true }],
  ];
}
