/** Random requests: routes of the served document and paths in disguise, by callers of every kind, with bodies on and off the schema. */
import { z } from "zod";
import { ruleOf } from "../../workers/edge/gate/gate.ts";
import type { Who } from "../../workers/edge/gate/rule.ts";
import type { FuzzTarget } from "./target.ts";
import { awkwardValue, fromSchema, pick, uuid, type Random } from "./values.ts";

const operation = z.looseObject({
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) }).optional(),
  responses: z.record(z.string(), z.unknown()),
  "x-who": z.string(),
  "x-problem-codes": z.array(z.string()),
});
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.unknown(),
});

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly who: Who;
  readonly needsPass: boolean;
  readonly bodySchema: unknown;
  readonly statuses: ReadonlySet<string>;
  readonly codes: ReadonlySet<string>;
}

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** The route it was made for; null when the method or the path was changed afterwards. */
  readonly route: Route | null;
}

export interface Routes {
  readonly list: readonly Route[];
  readonly components: unknown;
}

export async function routesOf(origin: string): Promise<Routes> {
  const { paths, components } = description.parse(await (await fetch(new URL("/api/openapi.json", origin))).json());
  const list = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, declared]): Route => {
      const rule = ruleOf(method, path);
      if (rule === null) throw new Error(`${method} ${path} has no rule`);
      const contents = Object.values(declared.requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        path,
        who: rule.who,
        needsPass: rule.pass === true,
        bodySchema: contents[0]?.schema,
        statuses: new Set(Object.keys(declared.responses)),
        codes: new Set(declared["x-problem-codes"]),
      };
    }),
  );
  return { list, components };
}

/** Routes where a caller nobody knows may change something that is theirs alone: a new account, a notification. */
const OPEN: ReadonlySet<Who> = new Set(["anyone", "provider", "renewal"]);

function strangerMayChange(route: Route): boolean {
  return OPEN.has(route.who);
}

/** `stranger`: credentials that give no right to what is asked. Otherwise anybody, the organiser and the one inside included. */
export function randomRequest(random: Random, target: FuzzTarget, routes: Routes, stranger: boolean): FuzzRequest {
  const usable = stranger ? routes.list.filter((route) => !strangerMayChange(route)) : routes.list;
  const route = pick(random, usable);
  // A password is meant to cost its hash: a fifth of them are enough.
  if (/auth\/(signup|login)|password/.test(route.path) && random() < 0.8)
    return randomRequest(random, target, routes, stranger);
  const wrongMethod = random() < 0.06;
  const method = wrongMethod
    ? pick(random, ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"])
    : route.method;
  const plain = pathOf(random, target, route.path);
  const disguised = random() < 0.08;
  const path = disguised ? disguise(random, plain) : plain;
  const headers = headersOf(random, target, route, stranger);
  const body = method === "GET" || method === "HEAD" ? null : bodyOf(random, route, routes.components, headers);
  return { method, path, headers, body, route: wrongMethod || disguised ? null : route };
}

function pathOf(random: Random, target: FuzzTarget, path: string): string {
  const values: Readonly<Record<string, string>> = {
    id: target.performanceId,
    scheduleId: target.scheduleId,
    index: "0",
    holdId: "h1",
    provider: "toss",
    batch: "1",
  };
  // What is shown before joining is asked where there is something to show.
  const asks = /verif|code/.test(path) && random() < 0.8;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const chance = random();
    if (chance < 0.75) return (name === "id" && asks ? pick(random, target.asking) : values[name]) ?? uuid(random);
    if (chance < 0.9) return uuid(random);
    return encodeURIComponent(JSON.stringify(awkwardValue(random)).toWellFormed()).slice(0, 1_500) || "-";
  });
  return random() < 0.15 ? `${filled}?limit=${Math.floor(random() * 300)}&cursor=${uuid(random)}&booking=1` : filled;
}

function disguise(random: Random, path: string): string {
  return pick(random, [
    path.replace("/api/", "//api/"),
    path.replace("/api/", "/api//"),
    path.replace("/api/", "/api/./"),
    path.replaceAll("/", "%2F").replace("%2F", "/"),
    path.toUpperCase(),
    `${path};x=y`,
    `${path}/`,
    `${path}...`,
    `${path}%00`,
    `${path}/..${path}`,
    path.replace("api", "%61pi"),
  ]);
}

function headersOf(random: Random, target: FuzzTarget, route: Route, stranger: boolean): Record<string, string> {
  const { callers } = target;
  const headers: Record<string, string> = {
    // As many addresses as requests: the limits are tested elsewhere.
    "cf-connecting-ip": `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
    "accept-language": pick(random, ["ko", "en", "xx", ""]),
    "idempotency-key": random() < 0.9 ? uuid(random) : "short",
  };
  if (random() < 0.15) Object.assign(headers, { "x-user-id": uuid(random), "x-forwarded-for": "127.0.0.1" });
  // With a listed origin a browser's cookies are trusted: that is no stranger any more.
  const origins = ["https://evil.example", "null", ...(stranger ? [] : ["https://listed.example"])];
  if (random() < 0.1) headers["origin"] = pick(random, origins);
  if (route.who === "watcher" && random() < 0.5)
    Object.assign(headers, { upgrade: "websocket", connection: "Upgrade" });
  Object.assign(headers, stranger ? strangersKeys(random, target, route) : anybodysKeys(random, callers));
  return headers;
}

/** Nothing, nonsense, a token of another kind, or a right one of somebody who has no right here. */
function strangersKeys(random: Random, { callers }: FuzzTarget, route: Route): Record<string, string> {
  const [, payload = "", signature = ""] = callers.organiser.split(".");
  const none = `${Buffer.from('{"alg":"none","typ":"access+jwt"}').toString("base64url")}.${payload}.`;
  const forged = pick(random, [
    none,
    callers.inside.pass,
    callers.queueTicket,
    "x".repeat(10_000),
    `${callers.organiser.slice(0, -6)}AAAAAA`,
    `.${payload}.${signature}`,
  ]);
  const useless: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${forged}` },
    { cookie: `tp_access=${callers.organiser}` },
    { "booking-pass": callers.inside.pass },
  ];
  const fan = pick(random, callers.fans);
  if (route.who === "organiser" || route.who === "admin") {
    useless.push({ authorization: `Bearer ${fan}` });
    // Another organiser may make halls and drafts of their own: only what is named is somebody else's.
    if (route.path.includes("{id}")) useless.push({ authorization: `Bearer ${callers.otherOrganiser}` });
  }
  if (route.needsPass) useless.push({ authorization: `Bearer ${fan}`, "booking-pass": callers.inside.pass });
  return pick(random, useless);
}

function anybodysKeys(random: Random, callers: FuzzTarget["callers"]): Record<string, string> {
  return pick<Record<string, string>>(random, [
    {},
    { authorization: `Bearer ${callers.organiser}` },
    { authorization: `Bearer ${callers.otherOrganiser}` },
    { authorization: `Bearer ${callers.inside.token}`, "booking-pass": callers.inside.pass },
    { authorization: `Bearer ${pick(random, callers.fans)}` },
    { "queue-ticket": callers.queueTicket },
    { cookie: `tp_access=${callers.inside.token}`, origin: "https://listed.example" },
    { authorization: "Basic eDp5" },
  ]);
}

function bodyOf(random: Random, route: Route, components: unknown, headers: Record<string, string>): Buffer | null {
  const chance = random();
  if (chance < 0.1) return null;
  headers["content-type"] =
    chance < 0.93 ? "application/json" : pick(random, ["text/plain", "multipart/form-data", ""]);
  if (chance < 0.16) return Buffer.from(pick(random, ["{", "nul", '{"a":1}}', "\u0000", "[".repeat(2_000)]));
  if (chance < 0.18) return Buffer.from([0xff, 0xfe, 0, 0x80, Math.floor(random() * 256)]);
  if (chance < 0.2) return Buffer.alloc(70_000, 0x20);
  const value = chance < 0.3 ? awkwardValue(random) : fromSchema(random, route.bodySchema, components);
  return Buffer.from(JSON.stringify(value) ?? "null");
}
