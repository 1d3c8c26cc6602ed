/**
 * The gate: one table says who may call what, and its rules stand in front of the routes as part of them. A rule is
 * matched by the router itself, with the pattern of its route, so that a path in disguise cannot meet the route without
 * meeting the rule. What is not in the table does not start.
 */
import type { MiddlewareHandler } from "hono";
import { monitor } from "../auth/monitor.ts";
import { liveSession, member, requireRole, stillSignedIn } from "../auth/who.ts";
import type { App, AppEnv } from "../context.ts";
import { challenged } from "./challenge.ts";
import { limitedByAddress, limitedByMember } from "./limits.ts";
import { pass, waiter } from "./pass.ts";
import type { Rule, RouteName, Table, Who } from "./rule.ts";
import { verifiedEmail } from "./verified.ts";
import { watcher } from "./socket.ts";
import { accounts } from "./table/accounts.ts";
import { machines } from "./table/machines.ts";
import { organisations } from "./table/organisations.ts";
import { organisers } from "./table/organisers.ts";
import { recovery } from "./table/recovery.ts";
import { sales } from "./table/sales.ts";

export const table: Table = { ...machines, ...accounts, ...sales, ...organisations, ...organisers, ...recovery };

type Guard = MiddlewareHandler<AppEnv>;

/** What machines ask is not limited here: they have tokens of their own, or come in bursts that must not be lost. */
const unlimited: ReadonlySet<Who> = new Set(["monitor", "provider"]);
/** Whose rule leaves a member behind. */
const known: ReadonlySet<Who> = new Set(["member", "live-member", "waiter", "organiser", "admin"]);

const guards: Readonly<Record<Who, readonly Guard[]>> = {
  anyone: [],
  member: [member],
  "live-member": [liveSession],
  waiter: [waiter],
  watcher: [watcher],
  organiser: [member, requireRole("organiser", "admin")],
  // Twice: as the token says, and as the records say after they were asked for the sign-in.
  admin: [member, requireRole("admin"), stillSignedIn, requireRole("admin")],
  monitor: [monitor],
  // These two check what no other route has; see the routes.
  renewal: [],
  provider: [],
};

/** Handlers that rules have put there. */
const placed = new WeakSet<object>();

/** Puts the rules in front: call it before any route is registered. */
export function guardRoutes(app: App, rules: Table = table): void {
  for (const [name, rule] of Object.entries(rules)) {
    const [method = "", path = ""] = name.split(" ");
    for (const guard of guardsOf(name as RouteName, rule)) {
      placed.add(guard);
      app.on([method], [honoPath(path)], guard);
    }
  }
}

/**
 * Call it when every route is registered.
 * @throws when a route has no rule, or a rule no route: a route nobody thought about must not go live.
 */
export function requireRules(app: App, rules: Table = table): void {
  const registered = new Set(
    app.routes
      // What is for every path is no route. What a rule put there is none either.
      .filter(({ method, path, handler }) => !(method === "ALL" && path === "/*") && !placed.has(handler))
      .map(({ method, path }) => `${method} ${documentedPath(path)}`),
  );
  const without = [...registered].filter((name) => !Object.hasOwn(rules, name));
  const idle = Object.keys(rules).filter((name) => !registered.has(name));
  if (without.length > 0) throw new Error(`no rule in workers/edge/gate/table for: ${without.join(", ")}`);
  if (idle.length > 0) throw new Error(`rules in workers/edge/gate/table for no route: ${idle.join(", ")}`);
}

/** In this order: a flood is refused before a signature is checked, and nobody solves a challenge for nothing. */
function guardsOf(name: RouteName, { who, pass: needed, verified, challenge }: Rule): readonly Guard[] {
  const chain: Guard[] = unlimited.has(who) ? [] : [limitedByAddress(name)];
  chain.push(...guards[who]);
  if (known.has(who) && !name.startsWith("GET ")) chain.push(limitedByMember(name));
  if (verified === true) chain.push(verifiedEmail);
  if (needed === true) chain.push(pass);
  if (challenge !== undefined) chain.push(challenged(challenge));
  return chain;
}

/** The rule of a route as the OpenAPI document names it; null for what is not there. */
export function ruleOf(method: string, path: string): Rule | null {
  const name = `${method.toUpperCase()} ${path}`;
  return isRouteName(name) ? (table[name] ?? null) : null;
}

const patterns = Object.keys(table).map((name) => {
  const [method = "", path = ""] = name.split(" ");
  return { method, path: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`) };
});

/** The methods of a path that has no route for the one that was asked for; none: there is no such path. */
export function methodsOf(path: string): readonly string[] {
  return patterns.filter((pattern) => pattern.path.test(path)).map(({ method }) => method);
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(table, name);
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function documentedPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}
