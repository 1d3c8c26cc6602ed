/** The edge: what holds for every request, and all routes. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { bodyLimit } from "hono/body-limit";
import type { App, AppContext, AppEnv } from "./context.ts";
import { guardRoutes, methodsOf, requireRules } from "./gate/gate.ts";
import { crossOrigin, securityHeaders } from "./headers.ts";
import { invalidRequest } from "./openapi.ts";
import { PICTURE_LIMIT } from "./routes/organizer/poster.ts";
import { log } from "../../durable-objects/log.ts";
import { Trail } from "./trail.ts";
import { misplacedHere } from "../real-things.ts";
import { note, sendCounts } from "../metering.ts";
import { answerError } from "./answer-error.ts";
import { languageOf, Problem, problemDocument } from "./problem.ts";
import { registerAuditExport } from "./routes/admin/audit.ts";
import { registerKeeping } from "./routes/admin/keeping.ts";
import { registerLateRefunds } from "./routes/admin/late-refunds.ts";
import { registerAdmin } from "./routes/admin.ts";
import { registerAuth } from "./routes/auth.ts";
import { registerBooking } from "./routes/booking.ts";
import { registerChallenge } from "./routes/challenge.ts";
import { registerDoor } from "./routes/door.ts";
import { registerDescription } from "./routes/description.ts";
import { registerHealth } from "./routes/health.ts";
import { registerJwks } from "./routes/jwks.ts";
import { registerLinks } from "./routes/links.ts";
import { registerLive } from "./routes/live.ts";
import { registerMe } from "./routes/me.ts";
import { registerMyData } from "./routes/my-data.ts";
import { registerOperationsOfService } from "./routes/operations.ts";
import { registerCancellations } from "./routes/cancellations.ts";
import { registerRefundAccounts } from "./routes/refund-accounts.ts";
import { registerOrders } from "./routes/orders.ts";
import { registerOrganisations } from "./routes/organisations.ts";
import { registerOrganizer } from "./routes/organizer.ts";
import { registerPerformances } from "./routes/performances.ts";
import { PLAIN_SIGN_IN, registerPlainEntrance, strangersSignIn } from "./routes/plain-entrance.ts";
import { registerPlainRoom } from "./routes/plain-room.ts";
import { registerPosters } from "./routes/posters.ts";
import { registerQueue } from "./routes/queue.ts";
import { registerTickets } from "./routes/tickets.ts";
import { registerVerification } from "./routes/verification.ts";
import { registerWebhooks } from "./routes/webhooks.ts";

const BODY_LIMIT = 64 * 1024;
/** A seat takes about 65 bytes of JSON: room for the 60,000 seats a chart may have, with long ids. */
const CHART_LIMIT = 8 * 1024 * 1024;
const PICTURE_PATH = /^\/api\/organizer\/performances\/[^/]+\/poster$/;
const CHART_PATH = /^\/api\/organizer\/(halls|charts\/(lint|csv)|performances\/[^/]+\/schedules\/[^/]+\/chart)$/;
/** The forms with something in them, on the pages without scripts: they count from our own pages only (who.ts). */
const isFormPath = (path: string): boolean =>
  path === PLAIN_SIGN_IN || /^\/api\/performances\/[^/]+\/room\/code$/.test(path);

export function createApp(): App {
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error);
    },
  });
  app.onError(answerError);
  app.notFound(answerNothing);
  app.use(followed);
  app.use(securityHeaders);
  app.use(realThings);
  app.use(crossOrigin);
  app.use(boundedBody);
  app.use(jsonOnly);
  app.use(strangersSignIn);
  guardRoutes(app);
  registerHealth(app);
  registerJwks(app);
  registerAuth(app);
  registerLinks(app);
  registerChallenge(app);
  registerMe(app);
  registerMyData(app);
  registerPerformances(app);
  registerPosters(app);
  registerQueue(app);
  registerVerification(app);
  registerPlainRoom(app);
  registerPlainEntrance(app);
  registerLive(app);
  registerBooking(app);
  registerOrders(app);
  registerTickets(app);
  registerDoor(app);
  registerCancellations(app);
  registerRefundAccounts(app);
  registerWebhooks(app);
  registerOrganisations(app);
  registerAdmin(app);
  registerOrganizer(app);
  registerOperationsOfService(app);
  registerAuditExport(app);
  registerKeeping(app);
  registerLateRefunds(app);
  registerDescription(app);
  requireRules(app);
  return app;
}

/** Nothing is here; or nothing that answers to this method. */
function answerNothing(c: AppContext): Response {
  const language = languageOf(c.req.header("accept-language"));
  const methods = methodsOf(c.req.path);
  const { requestId } = c.var.trail;
  if (methods.length === 0) return problemDocument("not-found", language, { requestId });
  const refusal = problemDocument("method-not-allowed", language, { requestId });
  refusal.headers.set("allow", methods.join(", "));
  return refusal;
}

/** Every request has an id, and every answer is counted; nobody waits for the counts to leave. */
const followed: MiddlewareHandler<AppEnv> = async (c, next) => {
  const trail = new Trail(c.req.header("cf-ray"), Date.now());
  c.set("trail", trail);
  await next();
  const { status } = c.res;
  note(`edge_requests|${Math.floor(status / 100)}xx`);
  sendCounts(c.env, c.executionCtx);
  // A crowd that joins and waits leaves no lines here; who books does, and whatever failed.
  if (trail.commands > 0 || status >= 500) logAnswer(c, trail, status);
};

function logAnswer(c: AppContext, trail: Trail, status: number): void {
  const { requestId, performanceId, commands: count } = trail;
  const ms = Math.max(0, Date.now() - trail.startedAt);
  const { method } = c.req;
  log("info", "edge", "answered", { requestId, performanceId, method, route: routePath(c), status, count, ms });
}

/** Production with play money or a stand-in answers nothing else. */
const realThings: MiddlewareHandler<AppEnv> = async (c, next) => {
  const settings = misplacedHere(c.env);
  if (settings.length > 0) throw new Problem("misconfigured", { evidence: { settings } });
  await next();
};

const tooLarge = (): never => {
  throw new Problem("body-too-large");
};
const smallBody = bodyLimit({ maxSize: BODY_LIMIT, onError: tooLarge });
const chartBody = bodyLimit({
  maxSize: CHART_LIMIT,
  onError: () => {
    throw new Problem("chart-too-large");
  },
});

const pictureBody = bodyLimit({
  maxSize: PICTURE_LIMIT,
  onError: () => {
    throw new Problem("picture-too-large");
  },
});

const boundedBody: MiddlewareHandler<AppEnv> = (c, next) => {
  if (CHART_PATH.test(c.req.path)) return chartBody(c, next);
  return PICTURE_PATH.test(c.req.path) ? pictureBody(c, next) : smallBody(c, next);
};

/** A form of another site cannot send JSON without asking first, so this also closes that door. */
const jsonOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  const empty = c.req.raw.body === null || c.req.header("content-length") === "0";
  const type = c.req.header("content-type") ?? "";
  // A picture's type is none that a form can send either, and its route reads the bytes themselves.
  if (isFormPath(c.req.path) && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return next();
  if (PICTURE_PATH.test(c.req.path) && /^image\/(png|jpeg|webp)$/.test(type)) return next();
  if (!empty && !/^application\/([a-z.-]+\+)?json\s*(;|$)/i.test(type)) throw new Problem("unsupported-media-type");
  await next();
};
