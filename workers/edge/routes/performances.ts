/**
 * The catalogue: what is on sale, when, where and for how much. Public, and the same for everybody, so answers are kept
 * for a few seconds per isolate and for up to an hour when Postgres is down.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../context.ts";
import { idParameter, ok, pageQuery } from "../openapi.ts";
import { Problem } from "../problem.ts";
import type { Environment } from "../../environment.ts";
import { StaleCache } from "../stale-cache.ts";
import { listPublished, listPublishedSchedules, readPublished } from "../../records/catalogue.ts";
import type { PublishedPage, PublishedPerformance, PublishedSchedule } from "../../records/catalogue.ts";
import { isUuid, readCursor } from "../../records/cursor.ts";
import { readRecords } from "../../records/database.ts";
import {
  detailSchema,
  detailView,
  scheduleSchema,
  scheduleView,
  summarySchema,
  summaryView,
} from "./performance-view.ts";

const HOUR_MS = 3_600_000;
const FRESH_MS = 5_000;
const pages = new StaleCache<PublishedPage>({ freshMs: FRESH_MS, staleMs: HOUR_MS, entries: 200 });
const details = new StaleCache<PublishedPerformance>({ freshMs: FRESH_MS, staleMs: HOUR_MS, entries: 2_000 });
/** For pages that name a show at every poll: what a show is called may be a minute old. */
const named = new StaleCache<PublishedPerformance>({ freshMs: 60_000, staleMs: HOUR_MS, entries: 2_000 });
const dates = new StaleCache<readonly PublishedSchedule[]>({ freshMs: FRESH_MS, staleMs: HOUR_MS, entries: 2_000 });
/** Browsers and proxies may keep an answer as long as the isolate does. */
const CACHE_CONTROL = "public, max-age=5";

/** What people type: composed, trimmed, and short enough to be remembered as the key of a kept answer. */
const searchText = z
  .string()
  .max(200)
  .default("")
  .transform((text) => text.normalize("NFC").trim().toLowerCase().slice(0, 60))
  .refine((text) => !/\p{Cc}/u.test(text), "must not contain control characters")
  .openapi({ type: "string", maxLength: 200 });

const listRoute = createRoute({
  method: "get",
  path: "/api/performances",
  request: { query: pageQuery.extend({ q: searchText }) },
  responses: ok(
    z.object({ items: z.array(summarySchema), nextCursor: z.string().nullable(), serverTime: z.iso.datetime() }),
    "Published performances, the newest first; `q`: part of a title or of a hall's name",
  ),
});

const detailRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}",
  request: { params: idParameter },
  responses: ok(detailSchema, "One performance"),
});

const schedulesRoute = createRoute({
  method: "get",
  path: "/api/performances/{id}/schedules",
  request: { params: idParameter },
  responses: ok(z.object({ items: z.array(scheduleSchema) }), "Its dates, the earliest first"),
});

export function registerPerformances(app: App): void {
  app.openapi(listRoute, async (c) => {
    const { cursor, limit, q } = c.req.valid("query");
    const after = readCursor(cursor, isUuid);
    const page = await pages.get(`${limit} ${cursor ?? ""} ${q}`, () =>
      readRecords(c.env, (db) => listPublished(db, q, after, limit)),
    );
    c.header("cache-control", CACHE_CONTROL);
    const items = page.items.map(summaryView);
    return c.json({ items, nextCursor: page.nextCursor, serverTime: new Date().toISOString() }, 200);
  });

  app.openapi(detailRoute, async (c) => {
    const { id } = c.req.valid("param");
    const performance = await details.get(id, async () =>
      found(await readRecords(c.env, (db) => readPublished(db, id))),
    );
    c.header("cache-control", CACHE_CONTROL);
    return c.json({ ...detailView(performance), serverTime: new Date().toISOString() }, 200);
  });

  app.openapi(schedulesRoute, async (c) => {
    const { id } = c.req.valid("param");
    const items = await dates.get(id, async () => {
      const known = await readRecords(c.env, (db) => listPublishedSchedules(db, id));
      return found(known.length === 0 ? null : known);
    });
    c.header("cache-control", CACHE_CONTROL);
    return c.json({ items: items.map(scheduleView) }, 200);
  });
}

/** The newest of them, at most so many: the same kept answer as the list's first page. */
export function firstPublished(env: Environment, limit: number): Promise<PublishedPage> {
  return pages.get(`${limit}  `, () => readRecords(env, (db) => listPublished(db, "", null, limit)));
}

/**
 * What a show is called, where and when it plays: asked of Postgres once a minute and isolate, however many look.
 * @throws Problem `not-found`; RecordsUnavailable where there is no copy either.
 */
export function namedShow(env: Environment, id: string): Promise<PublishedPerformance> {
  return named.get(id, async () => found(await readRecords(env, (db) => readPublished(db, id))));
}

/** Absence is thrown and so not cached: a performance is found in the second it is published. */
function found<T>(value: T | null): T {
  if (value === null) throw new Problem("not-found");
  return value;
}
