/**
 * What an organiser does to seats that are sold: cancelling an order or some of its seats, cancelling a date, moving one. The
 * object decides and tells every order; the catalogue follows. All of it may be repeated.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App, AppContext } from "../../context.ts";
import { performanceOfOrder } from "../../gate/room.ts";
import { body, done } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { line } from "../../text-input.ts";
import { markSchedule } from "../../../records/drafts.ts";
import { withRecords } from "../../../records/database.ts";
import { seatsInput } from "../cancellations.ts";
import { moment } from "./draft-input.ts";
import { act } from "./operations.ts";

const BASE = "/api/organizer/performances/{id}";
const date = z.object({ id: z.uuid(), scheduleId: z.uuid() });

const cancelOrderRoute = createRoute({
  method: "post",
  path: `${BASE}/orders/{orderId}/cancel`,
  request: {
    params: z.object({ id: z.uuid(), orderId: z.string().min(1).max(64) }),
    body: body(z.strictObject({ reason: line(1, 150), seats: seatsInput.optional() })),
  },
  responses: done("Cancelled without a fee; the money goes back by itself"),
});

const cancelDateRoute = createRoute({
  method: "post",
  path: `${BASE}/schedules/{scheduleId}/cancel`,
  request: { params: date, body: body(z.strictObject({ reason: line(1, 150) })) },
  responses: done("Cancelled: every order of the date is given back in full, a few at a time"),
});

const moveDateRoute = createRoute({
  method: "post",
  path: `${BASE}/schedules/{scheduleId}/move`,
  request: { params: date, body: body(z.strictObject({ startsAt: moment, freeUntil: moment })) },
  responses: done(
    "Moved: every order keeps its seats for the new time, or is given back without a fee until `freeUntil`",
  ),
});

export function registerDates(app: App): void {
  app.openapi(cancelOrderRoute, async (c) => {
    const { id, orderId } = c.req.valid("param");
    if (performanceOfOrder(orderId) !== id) throw new Problem("order-not-found");
    const { reason, seats = null } = c.req.valid("json");
    return act(c, id, { do: "cancel-order", orderId, seats, reason });
  });
  app.openapi(cancelDateRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const response = await act(c, id, { do: "cancel-date", scheduleId, reason });
    await mark(c, scheduleId, { cancelledAt: new Date() });
    return response;
  });
  app.openapi(moveDateRoute, async (c) => {
    const { id, scheduleId } = c.req.valid("param");
    const { startsAt, freeUntil } = c.req.valid("json");
    const response = await act(c, id, { do: "move-date", scheduleId, startsAt, freeUntil });
    await mark(c, scheduleId, { startsAt: new Date(startsAt) });
    return response;
  });
}

/** The catalogue is a copy: if Postgres is away the answer says so, and asking again is safe. */
async function mark(
  c: AppContext,
  scheduleId: string,
  change: { readonly startsAt?: Date; readonly cancelledAt?: Date },
): Promise<void> {
  await withRecords(c.env, (db) => markSchedule(db, scheduleId, change));
}
