/**
 * Every route of the served OpenAPI document, asked by everybody: nobody, a member, another member, the organiser, another
 * organiser; without a pass, with one, and with everything that is no pass. What is answered is compared with the gate's
 * table, and every answer with what the document declares.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readSecrets } from "../../dev/secrets.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";
import { ruleOf } from "../../workers/edge/gate/gate.ts";
import type { Rule } from "../../workers/edge/gate/rule.ts";
import { Buyer } from "./buyer.ts";
import { badPasses, badTokens } from "./credentials.ts";
import { send } from "./raw.ts";
import { setUpTarget, type Target } from "./target.ts";

const operation = z.looseObject({
  responses: z.record(z.string(), z.unknown()),
  "x-problem-codes": z.array(z.string()),
});
const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

interface Route {
  readonly method: string;
  readonly path: string;
  readonly rule: Rule;
  readonly declared: z.infer<typeof operation>;
}

/** What only somebody who may not pass is told. */
const closed = new Set([
  "signed-out",
  "token-missing",
  "token-expired",
  "token-invalid",
  "role-required",
  "pass-missing",
  "pass-expired",
  "pass-invalid",
]);

let target: Target;
let routes: readonly Route[];
let otherOrganiser: string;

beforeAll(async () => {
  target = await setUpTarget();
  const answer = await fetch(new URL("/api/openapi.json", target.house.where.origin));
  const { paths } = document.parse(await answer.json());
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, declared]) => {
      const rule = ruleOf(method, path);
      if (rule === null) throw new Error(`${method} ${path} has no rule`);
      return { method: method.toUpperCase(), path, rule, declared };
    }),
  );
  const { id } = await target.house.member();
  otherOrganiser = await signAccess(
    await keySet(readSecrets().SESSION_KEYS),
    { id, role: "organiser", nickname: "남" },
    Date.now(),
  );
}, 120_000);

afterAll(() => target?.house.close());

/** The path with the owner's things in it. */
function aimed(path: string): string {
  const { show, hold, order } = target;
  const values: Readonly<Record<string, string>> = {
    id: show.id,
    scheduleId: show.scheduleId,
    holdId: hold.id,
    orderId: order.id,
    index: "0",
    provider: "nobody",
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? crypto.randomUUID());
}

/** Bodies that would do something, so that a refusal is the gate's or the object's, and not that of an empty body. */
function bodyOf(path: string): unknown {
  const { show, hold } = target;
  if (path.endsWith("/holds")) return { scheduleId: show.scheduleId, seats: ["r3s9"] };
  if (path.endsWith("{id}/orders")) return { holdId: hold.id };
  return {};
}

async function ask(route: Route, headers: Readonly<Record<string, string>>): Promise<string> {
  const body = route.method === "GET" || route.method === "DELETE" ? {} : { body: bodyOf(route.path) };
  const socket = route.rule.who === "watcher" ? { connection: "Upgrade", upgrade: "websocket" } : {};
  const key = { "idempotency-key": crypto.randomUUID() };
  const request = {
    method: route.method,
    path: aimed(route.path),
    headers: { ...key, ...socket, ...headers },
    ...body,
  };
  const { status, type, code } = await send(target.house.where.origin, request);
  const answer = type.startsWith("application/problem+json") ? code : "";
  const named = `${route.method} ${route.path} answered ${status} ${answer}`;
  expect(Object.keys(route.declared.responses), named).toContain(String(status));
  if (answer !== "") expect(route.declared["x-problem-codes"], named).toContain(answer);
  return answer;
}

/** Asks every route that `which` picks, and lists those whose answer is not as expected. */
async function walk(
  which: (rule: Rule) => boolean,
  headers: Readonly<Record<string, string>>,
  expected: (code: string, route: Route) => boolean,
): Promise<void> {
  const wrong: string[] = [];
  const chosen = routes.filter(({ rule }) => which(rule));
  expect(chosen).not.toEqual([]);
  for (const route of chosen) {
    const code = await ask(route, headers);
    if (!expected(code, route)) wrong.push(`${route.method} ${route.path} → ${code}`);
  }
  expect(wrong).toEqual([]);
}

const isFor = (...who: readonly Rule["who"][]) => {
  return (rule: Rule): boolean => who.includes(rule.who);
};
const passed = (code: string): boolean => !closed.has(code);
const bearer = (token: string): { readonly authorization: string } => ({ authorization: `Bearer ${token}` });
const persons = isFor("member", "live-member", "waiter", "watcher", "organiser", "admin");

describe("every route, as its rule says:", () => {
  it("nobody meets those for anyone, and no other", async () => {
    await walk(isFor("anyone", "provider"), {}, passed);
    await walk(persons, {}, (code, { rule }) =>
      rule.who === "watcher" ? code === "origin-not-allowed" : code === "token-missing",
    );
    await walk(isFor("monitor", "renewal"), {}, (code) => code === "token-missing");
    await walk(
      persons,
      { "x-user-id": target.ownerId, "x-forwarded-user": target.ownerId },
      (code) => !passed(code) || code === "origin-not-allowed",
    );
  });

  it("what is no access token opens nothing", async () => {
    for (const [token, refusal] of await badTokens(target)) {
      const headers = { ...bearer(token), "x-member-id": target.ownerId };
      await walk(persons, headers, (code) => `401 ${code}` === refusal);
    }
  });

  it("a member meets those for members, not those that want a pass, and none of an organiser", async () => {
    const headers = bearer(target.stranger.token);
    await walk(isFor("organiser", "admin"), headers, (code) => code === "role-required");
    // Its token is of no sign-in at all.
    await walk(isFor("live-member"), headers, (code) => code === "signed-out");
    await walk(isFor("member"), headers, (code, { rule }) =>
      rule.pass === true ? code === "pass-missing" : passed(code),
    );
  });

  it("what is no pass, or not this member's for this performance, opens no booking", async () => {
    const { owner, stranger } = target;
    const gated = (rule: Rule): boolean => rule.pass === true;
    for (const [pass, refusal] of await badPasses(target))
      await walk(gated, { ...bearer(owner.token), "booking-pass": pass }, (code) => `403 ${code}` === refusal);
    await walk(gated, { ...bearer(stranger.token), "booking-pass": owner.pass }, (code) => code === "pass-invalid");
    const { queueTicket } = await owner.join();
    await walk(gated, { ...bearer(owner.token), "booking-pass": queueTicket }, (code) => code === "pass-invalid");
    await walk(gated, { "queue-ticket": queueTicket, "booking-pass": owner.pass }, (code) => code === "token-missing");
  });

  it("a queue ticket opens what is for those who wait, and nothing else", async () => {
    const { house, show } = target;
    const waiting = new Buyer(house, show, (await house.member()).token);
    const { queueTicket } = await waiting.join();
    const ticket = { "queue-ticket": queueTicket };
    await walk(isFor("waiter"), ticket, passed);
    await walk(isFor("member", "live-member", "organiser", "admin"), ticket, (code) => code === "token-missing");
    await walk(isFor("waiter"), { "queue-ticket": waiting.token }, (code) => code === "token-invalid");
  });

  it("another organiser finds nothing that is not theirs", async () => {
    const own = (rule: Rule): boolean => rule.who === "organiser";
    await walk(own, bearer(otherOrganiser), (code, { path }) =>
      path.includes("{id}") ? ["not-found", "invalid-request"].includes(code) : passed(code),
    );
    const figures = await target.house.figures(target.show);
    expect(figures.status).toMatchObject({ phase: "open", notice: null });
  });

  it("the owner of a pass books; when the session has ended or the wave was revoked, the same pass opens nothing", async () => {
    const { house, show } = target;
    const commands = (rule: Rule): boolean => rule.pass === true;
    const reads = ({ method, path }: Route): boolean => method === "GET" && path.endsWith("/holds");
    const left = await Buyer.inside(house, show);
    const headers = { ...bearer(left.token), "booking-pass": left.pass };
    await walk(commands, headers, passed);
    await left.leave();
    const ended = (code: string, route: Route): boolean =>
      reads(route) || ["session-ended", "hold-not-found"].includes(code);
    await walk(commands, headers, ended);
    const revoked = await Buyer.inside(house, show);
    const old = revoked.pass;
    const path = `/api/organizer/performances/${show.id}/revoke-all`;
    expect((await send(house.where.origin, { method: "POST", path, headers: bearer(house.organiser) })).status).toBe(
      204,
    );
    await walk(commands, { ...bearer(revoked.token), "booking-pass": old }, ended);
    // Let in anew, the pass of the earlier wave is still that of the earlier wave.
    await revoked.comeIn();
    await walk(
      commands,
      { ...bearer(revoked.token), "booking-pass": old },
      (code, route) => route.method !== "POST" || ["session-ended", "hold-not-found"].includes(code),
    );
  });

  it("the organiser meets their own", async () => {
    await walk(isFor("organiser"), bearer(target.house.organiser), passed);
    await walk(isFor("admin"), bearer(target.house.organiser), (code) => code === "role-required");
    await walk(isFor("monitor"), bearer(target.house.organiser), (code) => code === "token-invalid");
  });
});
