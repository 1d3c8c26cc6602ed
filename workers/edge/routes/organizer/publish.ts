/**
 * Publication hands a draft over to its object. It may be repeated: after a lost answer it gives the same one, and with
 * new dates it puts those on sale. The draft is frozen first and read afterwards, so that what the object gets is what
 * Postgres keeps.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { PublishReply, PublishRequest, SchedulePlan } from "../../../../durable-objects/performance/contract.ts";
import { placesOf } from "../../../../durable-objects/performance/seats/chart.ts";
import { errorFields, log } from "../../../../durable-objects/log.ts";
import { askObject } from "../../../calls/objects.ts";
import type { App, AppContext } from "../../context.ts";
import { idParameter, ok } from "../../openapi.ts";
import { askPerformance } from "../../performance-object.ts";
import { beaconChain } from "../../gate/chain.ts";
import { Problem, problemOfRefusal } from "../../problem.ts";
import { withRecords } from "../../../records/database.ts";
import {
  freezeDraft,
  listSchedules,
  markPublished,
  readHalls,
  readPerformance,
  thawDraft,
} from "../../../records/drafts.ts";
import { auditEntry, ownPerformance, scopeOf } from "./access.ts";
import { readiness } from "./readiness.ts";

const publishRoute = createRoute({
  method: "post",
  path: "/api/organizer/performances/{id}/publish",
  request: { params: idParameter },
  responses: ok(z.object({ phase: z.string(), schedules: z.int(), seats: z.int() }), "On sale, or to be"),
});

export function registerPublish(app: App): void {
  app.openapi(publishRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    const reply = await handOver(c, id);
    return c.json({ phase: reply.phase, schedules: reply.schedules, seats: reply.seats }, 200);
  });
}

async function handOver(c: AppContext, id: string): Promise<Extract<PublishReply, { ok: true }>> {
  const drafted = await readDraft(c, id);
  if (!drafted.ready) {
    await withRecords(c.env, (db) => thawDraft(db, id));
    throw new Problem("not-ready-to-publish", { errors: drafted.missing });
  }
  const request = drafted.published ? await withCurrentLimits(c, drafted.request) : drafted.request;
  // An object that cannot be reached leaves the draft frozen: it may have accepted. Publishing again finds out.
  let seats = 0;
  let reply: PublishReply | null = null;
  for (const part of inParts(request)) {
    reply = await askPerformance(c.env, id, (object) => object.publish(part), PUBLISHING);
    if (!reply.ok) {
      await withRecords(c.env, (db) => thawDraft(db, id));
      throw problemOfRefusal(reply.refusal);
    }
    seats += reply.seats;
  }
  if (reply?.ok !== true) throw new Error("a draft without dates is not ready");
  const scheduleIds = request.schedules.map((plan) => plan.id);
  const schedules = scheduleIds.length;
  const audit = auditEntry(c, "performance.published", id, { schedules, seats });
  await withRecords(c.env, (db) => markPublished(db, id, scheduleIds, reply.phase, audit));
  await keepFigures(c, id, request.settings.gatherAt ?? request.settings.openAt);
  return { ...reply, schedules, seats };
}

/** Idempotent, and a chart of 60,000 places takes its time. */
const PUBLISHING = { repeatable: true, deadlineMs: 30_000 } as const;

/** Places in one call: a call may carry 32 MiB, and a place takes about a hundred bytes, so that one chart always fits. */
const PLACES_PER_CALL = 60_000;

/**
 * The same publication in calls that fit: the settings with each, and of the dates so many that their charts stay within
 * bounds. What was done is kept when a later one fails; publishing again goes on from there.
 */
export function inParts(request: PublishRequest): readonly PublishRequest[] {
  const parts: SchedulePlan[][] = [];
  let room = 0;
  for (const plan of request.schedules) {
    const places = placesOf(plan.chart);
    if (parts.length === 0 || places > room) {
      parts.push([]);
      room = PLACES_PER_CALL;
    }
    parts.at(-1)?.push(plan);
    room -= places;
  }
  return parts.map((schedules) => ({ ...request, schedules }));
}

async function readDraft(c: AppContext, id: string) {
  return withRecords(c.env, async (db) => {
    await freezeDraft(db, id, new Date());
    const [draft, dates] = await Promise.all([readPerformance(db, scopeOf(c.var.member), id), listSchedules(db, id)]);
    if (draft === null) throw new Problem("not-found");
    const halls = await readHalls(db, [...new Set(dates.map((date) => date.hallId))]);
    return { ...readiness(draft, dates, halls, beaconChain(c.env)), published: draft.publishedAt !== null };
  });
}

/** Limits changed since are the object's, not the draft's: a repeated publication must not set them back. */
async function withCurrentLimits(c: AppContext, request: PublishRequest): Promise<PublishRequest> {
  const { status } = await askPerformance(c.env, request.performanceId, (object) => object.figures(), {
    repeatable: true,
  });
  const { capacity, ratePerMinute } = status;
  return { ...request, settings: { ...request.settings, capacity, ratePerMinute } };
}

/** So that who opens the console late sees the whole course of the sale. Without it there is less to see, and nothing lost. */
async function keepFigures(c: AppContext, id: string, from: number): Promise<void> {
  try {
    await askObject(c.env, "control", id, () => c.env.CONTROL.getByName(id).keepFrom(from), { repeatable: true });
  } catch (error) {
    log("warn", "publish", "figures are not kept", { requestId: c.var.trail.requestId, ...errorFields(error) });
  }
}
