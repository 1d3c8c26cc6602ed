/** The door of one date: how full the house is, checking in, and the list for a door without a connection. */
import { createRoute, z } from "@hono/zod-openapi";
import { readRecords } from "../../records/database.ts";
import { listForDoor, readDoorFigures, readDoorPlace, type Place } from "../../records/door.ts";
import { doorResults } from "../../records/schema/door.ts";
import type { App, AppContext } from "../context.ts";
import { requireDoor } from "../door/access.ts";
import { checkIn, type ScanAnswer } from "../door/check-in.ts";
import { signDoorList } from "../door/ticket-token.ts";
import { body, idSchema, momentSchema, ok } from "../openapi.ts";
import { Problem } from "../problem.ts";
import { line } from "../text-input.ts";

const DOOR = "/api/door/performances/{id}/schedules/{scheduleId}";
/** With tokens of half a kilobyte they stay below what a body may have. */
const MOST_SCANS = 50;

const params = z.object({
  id: idSchema.openapi({ param: { name: "id", in: "path" } }),
  scheduleId: idSchema.openapi({ param: { name: "scheduleId", in: "path" } }),
});
const seatSchema = z.object({ section: z.string(), row: z.string(), label: z.string(), grade: z.string() });

const doorRoute = createRoute({
  method: "get",
  path: DOOR,
  tags: ["door"],
  request: { params },
  responses: ok(
    z.object({
      title: z.string(),
      startsAt: momentSchema,
      hallName: z.string(),
      timeZone: z.string(),
      /** Tickets that may come in, and those that have. */
      valid: z.int(),
      admitted: z.int(),
      /** People a door without a connection let in, and should not have: the latest hundred. */
      conflicts: z.array(
        z.object({
          id: z.string(),
          at: momentSchema,
          device: z.string(),
          result: z.enum(doorResults),
          seat: seatSchema.nullable(),
        }),
      ),
    }),
    "How full the house is",
  ),
});

const listRoute = createRoute({
  method: "get",
  path: `${DOOR}/list`,
  tags: ["door"],
  request: { params },
  responses: ok(
    z.object({
      /** A compact JWS (typ `door-list+jwt`) with all tickets of the date. */
      list: z.string(),
    }),
    "What a door without a connection goes by",
  ),
});

const scanSchema = z
  .strictObject({
    /** Made by the device, once for each ticket it was shown. */
    id: idSchema,
    token: z.string().min(1).max(2_000).optional(),
    code: z.string().min(1).max(40).transform(plainCode).optional(),
    /** Only for what happened without a connection: when, and whether the person was let in. */
    at: z.iso.datetime().optional(),
    letIn: z.boolean().optional(),
  })
  .refine(({ token, code }) => (token === undefined) !== (code === undefined), "needs either a token or a code");

const scansRoute = createRoute({
  method: "post",
  path: `${DOOR}/scans`,
  tags: ["door"],
  request: {
    params,
    body: body(z.strictObject({ device: line(1, 40), scans: z.array(scanSchema).min(1).max(MOST_SCANS) })),
  },
  responses: ok(
    z.object({
      items: z.array(
        z.object({
          id: z.string(),
          result: z.enum([...doorResults, "scan-reused"]),
          letIn: z.boolean(),
          ticket: z.object({ id: z.string(), version: z.int(), seat: seatSchema }).nullable(),
          /** With `already-used`: when and where somebody went in with it. */
          firstUse: z.object({ at: momentSchema, device: z.string() }).nullable(),
        }),
      ),
    }),
    "What each ticket came to. Repeating a scan answers the same and changes nothing",
  ),
});

export function registerDoor(app: App): void {
  app.openapi(doorRoute, async (c) => {
    const place = await placeOf(c, c.req.valid("param"));
    const figures = await readRecords(c.env, (db) => readDoorFigures(db, place));
    const conflicts = figures.conflicts.map((one) => ({ ...one, at: one.at.toISOString() }));
    return c.json({ ...place.facts, startsAt: place.facts.startsAt.toISOString(), ...figures, conflicts }, 200);
  });

  app.openapi(listRoute, async (c) => {
    const place = await placeOf(c, c.req.valid("param"));
    const rows = await readRecords(c.env, (db) => listForDoor(db, place));
    const tickets = rows.map(({ id, version, code, status, seat, usedAt }) => [
      id,
      version,
      code,
      status === "valid",
      [seat.section, seat.row, seat.label, seat.grade],
      usedAt === null ? null : usedAt.getTime(),
    ]);
    const list = await signDoorList(c.env, place.scheduleId, { performance: place.performanceId, tickets }, new Date());
    return c.json({ list }, 200);
  });

  app.openapi(scansRoute, async (c) => {
    const place = await placeOf(c, c.req.valid("param"));
    const { device, scans } = c.req.valid("json");
    const now = Date.now();
    const shown = unique(scans).map(({ id, token, code, at, letIn }) => ({
      id,
      shown: token === undefined ? { code: code ?? "" } : { token },
      // A device's clock may be fast; nobody came in the future.
      at: new Date(Math.min(now, at === undefined ? now : Date.parse(at))),
      letIn: letIn ?? null,
    }));
    const answers = await checkIn(c.env, place, { operator: c.var.member.id, device }, shown);
    return c.json({ items: answers.map(viewAnswer) }, 200);
  });
}

async function placeOf(
  c: AppContext,
  { id: performanceId, scheduleId }: { readonly id: string; readonly scheduleId: string },
): Promise<Place & { readonly facts: NonNullable<Awaited<ReturnType<typeof readDoorPlace>>> }> {
  await requireDoor(c, performanceId);
  const facts = await readRecords(c.env, (db) => readDoorPlace(db, { performanceId, scheduleId }));
  if (facts === null) throw new Problem("not-found");
  return { performanceId, scheduleId, facts };
}

/** As people type it: with blanks, hyphens, small letters, and an O for a zero. */
function plainCode(text: string): string {
  return text
    .replaceAll(/[^\da-z]/gi, "")
    .toUpperCase()
    .replaceAll("O", "0");
}

function unique<T extends { readonly id: string }>(scans: readonly T[]): readonly T[] {
  return Array.from(new Map(scans.map((scan) => [scan.id, scan])).values());
}

function viewAnswer({ id, result, letIn, ticket, firstUse }: ScanAnswer) {
  return {
    id,
    result,
    letIn,
    // Of a ticket for elsewhere a door learns nothing but that.
    ticket:
      ticket === null || result === "other-performance"
        ? null
        : { id: ticket.id, version: ticket.version, seat: ticket.seat },
    firstUse: firstUse === null ? null : { at: firstUse.at.toISOString(), device: firstUse.device },
  };
}
