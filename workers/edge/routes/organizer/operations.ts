/**
 * Operating a sale that runs. The object decides and reports what happened through its events; what was asked for, by
 * whom, and whether it was refused is logged here as `….requested`. That entry is best effort, because a sale must be
 * possible to pause while Postgres is down; the object's own report is not.
 */
import { createRoute } from "@hono/zod-openapi";
import type { Figures, OperatorAction } from "../../../../durable-objects/performance/contract.ts";
import { entryOf } from "../../../../durable-objects/performance/admission/entry.ts";
import type { App, AppContext } from "../../context.ts";
import { body, done, idParameter, ok } from "../../openapi.ts";
import { askPerformance, operate } from "../../performance-object.ts";
import { Problem } from "../../problem.ts";
import { writeAudit } from "../../../records/audit.ts";
import { isRecordsUnavailable, withRecords } from "../../../records/database.ts";
import { readFinalFigures } from "../../../records/sale-copies.ts";
import type { Environment } from "../../../environment.ts";
import type { PerformanceRow } from "../../../records/drafts.ts";
import { auditEntry, mayOperate, ownPerformance, requirePower } from "./access.ts";
import { changeOwnDraft } from "./draft-change.ts";
import { inviteInput, mergedSettings, noticeInput, revokeInput, settingsInput } from "./draft-input.ts";
import type { SettingsInput } from "./draft-input.ts";
import { figuresSchema, figuresView } from "./figures-view.ts";

const BASE = "/api/organizer/performances/{id}";
const common = () => ({ method: "post", responses: done("Done") }) as const;

const pauseRoute = createRoute({ ...common(), path: `${BASE}/pause`, request: { params: idParameter } });
const resumeRoute = createRoute({ ...common(), path: `${BASE}/resume`, request: { params: idParameter } });
const closeRoute = createRoute({ ...common(), path: `${BASE}/close`, request: { params: idParameter } });
const noticeRoute = createRoute({
  ...common(),
  path: `${BASE}/notice`,
  request: { params: idParameter, body: body(noticeInput) },
});
const revokeRoute = createRoute({
  ...common(),
  path: `${BASE}/revoke`,
  request: { params: idParameter, body: body(revokeInput) },
});
const inviteRoute = createRoute({
  ...common(),
  path: `${BASE}/invite`,
  request: { params: idParameter, body: body(inviteInput) },
});
const revokeAllRoute = createRoute({ ...common(), path: `${BASE}/revoke-all`, request: { params: idParameter } });
const settingsRoute = createRoute({
  ...common(),
  method: "patch",
  path: `${BASE}/settings`,
  request: { params: idParameter, body: body(settingsInput) },
});
const liveRoute = createRoute({
  method: "get",
  path: `${BASE}/live`,
  request: { params: idParameter },
  responses: ok(figuresSchema, "Live figures, from the sale itself"),
});

export function registerOperations(app: App): void {
  app.openapi(pauseRoute, async (c) => act(c, c.req.valid("param").id, { do: "pause" }));
  app.openapi(resumeRoute, async (c) => act(c, c.req.valid("param").id, { do: "resume" }));
  app.openapi(closeRoute, async (c) => act(c, c.req.valid("param").id, { do: "close" }));
  app.openapi(noticeRoute, async (c) => {
    const { text } = c.req.valid("json");
    return act(c, c.req.valid("param").id, { do: "notice", text: text === "" ? null : text });
  });
  app.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid("param");
    await mayOperate(c, id);
    const { published, entryKey } = await askPerformance(c.env, id, (object) => object.facts(), { repeatable: true });
    if (!published) throw new Problem("not-published");
    const { memberId } = c.req.valid("json");
    return act(c, id, { do: "revoke", entry: entryOf(entryKey, memberId) }, { memberId });
  });
  app.openapi(inviteRoute, async (c) => {
    const { id } = c.req.valid("param");
    await mayOperate(c, id);
    const { published, entryKey } = await askPerformance(c.env, id, (object) => object.facts(), { repeatable: true });
    if (!published) throw new Problem("not-published");
    const { lane, memberIds } = c.req.valid("json");
    const entries = memberIds.map((memberId) => entryOf(entryKey, memberId));
    return act(c, id, { do: "invite", lane, entries }, { lane, people: entries.length });
  });
  app.openapi(revokeAllRoute, async (c) => act(c, c.req.valid("param").id, { do: "revoke-all" }));
  app.openapi(settingsRoute, async (c) => changeSettings(c, c.req.valid("param").id, c.req.valid("json")));
  app.openapi(liveRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requirePower(c, id, "read");
    const figures = await askPerformance(c.env, id, (object) => object.figures(), { repeatable: true });
    if (figures.status.phase === "unpublished") throw new Problem("not-published");
    return c.json(figuresView((await finalFigures(c.env, id, figures)) ?? figures), 200);
  });
}

export async function act(
  c: AppContext,
  id: string,
  action: OperatorAction,
  detail: Readonly<Record<string, unknown>> = logged(action),
): Promise<Response> {
  await mayOperate(c, id);
  try {
    await operate(c, id, c.var.member.id, action);
  } catch (error) {
    if (error instanceof Problem) await noteRequest(c, id, action, { ...detail, outcome: error.code });
    throw error;
  }
  await noteRequest(c, id, action, { ...detail, outcome: "done" });
  return c.body(null, 204);
}

/** A draft may change all of its settings, a running sale its two limits. */
async function changeSettings(c: AppContext, id: string, change: SettingsInput): Promise<Response> {
  const draft = await ownDraft(c, id);
  if (draft !== null) return changeDraftSettings(c, draft, change);
  const { capacity, ratePerMinute, ...fixed } = change;
  const errors = Object.keys(fixed).map((field) => ({ field, message: "cannot change after publication" }));
  if (capacity === undefined && ratePerMinute === undefined)
    errors.push({ field: "capacity", message: "nothing to change" });
  if (errors.length > 0) throw new Problem("invalid-request", { errors });
  return act(c, id, {
    do: "limits",
    ...(capacity === undefined ? {} : { capacity }),
    ...(ratePerMinute === undefined ? {} : { ratePerMinute }),
  });
}

/** null for a published one, and during an outage: then it can only be a running sale, whose owner `act` still checks. */
async function ownDraft(c: AppContext, id: string): Promise<PerformanceRow | null> {
  const row = await ownPerformance(c, id).catch((error: unknown) => {
    if (isRecordsUnavailable(error)) return null;
    throw error;
  });
  return row === null || row.publishedAt !== null ? null : row;
}

async function changeDraftSettings(c: AppContext, draft: PerformanceRow, change: SettingsInput): Promise<Response> {
  await changeOwnDraft(c, {
    id: draft.id,
    fields: Object.keys(change).map((key) => `settings.${key}`),
    columns: (before) => ({ settings: mergedSettings(before.settings, change) }),
  });
  return c.body(null, 204);
}

async function noteRequest(
  c: AppContext,
  id: string,
  action: OperatorAction,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entry = auditEntry(c, `${action.do}.requested`, id, detail);
  await withRecords(c.env, (db) => writeAudit(db, entry)).catch((error: unknown) => {
    if (!isRecordsUnavailable(error)) throw error;
  });
}

/** Everything but the action's name, which is part of the entry's. */
function logged(action: OperatorAction): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(action).filter(([name]) => name !== "do"));
}

/** Of a sale that is over and whose object was emptied, as it counted last; null: the object still counts. */
async function finalFigures(env: Environment, id: string, now: Figures): Promise<Figures | null> {
  if (now.status.phase !== "closed" || now.status.openAt !== 0) return null;
  return withRecords(env, (db) => readFinalFigures(db, id));
}
