/**
 * The OpenAPI document: what the routes say of themselves, and of each, from the table of routes, who may call it and
 * which problems it may answer. Tests compare it with what is answered, so nothing here is wishful.
 */
import { ruleOf } from "./gate/gate.ts";
import type { Rule, Who } from "./gate/rule.ts";
import type { App } from "./context.ts";
import { problemSchema } from "./openapi.ts";
import { problems, type ProblemCode } from "./problem.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** As much of an operation as is read and written here. */
export interface Operation {
  summary?: string | undefined;
  description?: string | undefined;
  tags?: string[] | undefined;
  parameters?: unknown[] | undefined;
  requestBody?: unknown;
  responses?: Record<string, unknown> | undefined;
  security?: Record<string, string[]>[] | undefined;
  "x-who"?: Who;
  "x-problem-codes"?: readonly ProblemCode[];
}

export interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: Readonly<Record<string, unknown>>;
}

/** What any route may answer, whatever was asked. */
const anywhere: readonly ProblemCode[] = [
  "body-too-large",
  "unsupported-media-type",
  "rate-limited",
  "overloaded",
  "no-answer-in-time",
  "misconfigured",
  "internal-error",
];
const signedIn: readonly ProblemCode[] = ["token-missing", "token-expired", "token-invalid"];
const ofWho: Readonly<Record<Who, readonly ProblemCode[]>> = {
  anyone: [],
  member: signedIn,
  "live-member": [...signedIn, "signed-out", "records-unavailable"],
  waiter: signedIn,
  watcher: [...signedIn, "origin-not-allowed"],
  organiser: [...signedIn, "role-required"],
  admin: [...signedIn, "role-required", "signed-out", "records-unavailable"],
  renewal: [],
  monitor: [],
  provider: ["malformed-json", "invalid-request"],
};
const withCookies: ReadonlySet<Who> = new Set(["member", "live-member", "waiter", "organiser", "admin"]);

const bearer = [{ accessToken: [] }, { accessCookie: [] }];
const securityOf: Readonly<Record<Who, Record<string, string[]>[]>> = {
  anyone: [],
  member: bearer,
  "live-member": bearer,
  waiter: [...bearer, { queueTicket: [] }],
  watcher: [...bearer, { queueTicket: [] }],
  organiser: bearer,
  admin: bearer,
  renewal: [{ refreshCookie: [] }],
  monitor: [{ metricsToken: [] }],
  provider: [],
};

/** The finished document of an app whose routes are all registered. */
export function describe(app: App): Description {
  const components = app.openAPIRegistry;
  components.register("Problem", problemSchema);
  for (const [name, scheme] of Object.entries(schemes)) components.registerComponent("securitySchemes", name, scheme);
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "TicketPing",
      version: "1",
      description: "Queue, seats and orders. Refusals are RFC 9457 problem documents with a stable `code`.",
    },
    servers: [{ url: "/" }],
  }) as unknown as Description;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method];
      const rule = ruleOf(method, path);
      if (operation !== undefined && rule !== null) complete(operation, rule, method);
    }
  }
  return document;
}

function complete(operation: Operation, rule: Rule, method: string): void {
  const codes = codesOf(operation, rule, method);
  const responses: Record<string, unknown> = { ...operation.responses };
  const statuses = new Set(codes.map((code) => problems[code].status));
  for (const status of [...statuses].toSorted((a, b) => a - b)) {
    const named = codes.filter((code) => problems[code].status === status);
    const refusal = {
      description: named.map((code) => `\`${code}\``).join(", "),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    };
    responses[String(status)] = responses[String(status)] ?? refusal;
  }
  operation.responses = responses;
  operation["x-who"] = rule.who;
  operation["x-problem-codes"] = codes;
  const security = securityOf[rule.who];
  operation.security = rule.pass === true ? security.map((one) => ({ ...one, bookingPass: [] })) : security;
}

/** Every code the route may answer, each once. */
function codesOf({ parameters, requestBody }: Operation, rule: Rule, method: string): readonly ProblemCode[] {
  const codes: ProblemCode[] = [...ofWho[rule.who], ...rule.codes];
  if (method !== "get" && withCookies.has(rule.who)) codes.push("origin-not-allowed");
  if (rule.verified === true) codes.push("email-not-verified", "records-unavailable");
  if (rule.challenge !== undefined) codes.push("challenge-required", "challenge-failed", "challenge-unavailable");
  if (rule.pass === true) codes.push("pass-missing", "pass-expired", "pass-invalid");
  if (requestBody !== undefined) codes.push("malformed-json");
  if (requestBody !== undefined || (parameters?.length ?? 0) > 0) codes.push("invalid-request");
  return [...new Set([...codes, ...anywhere])];
}

const schemes = {
  accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  accessCookie: {
    type: "apiKey",
    in: "cookie",
    name: "tp_access",
    description: "With anything but GET, the `Origin` must be listed.",
  },
  refreshCookie: { type: "apiKey", in: "cookie", name: "tp_refresh" },
  queueTicket: { type: "apiKey", in: "header", name: "Queue-Ticket" },
  bookingPass: { type: "apiKey", in: "header", name: "Booking-Pass", description: "Or the cookie set by `enter`." },
  metricsToken: { type: "http", scheme: "bearer" },
} as const;
