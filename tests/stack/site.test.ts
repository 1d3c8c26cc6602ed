/** The waiting room in front of somebody else's site: the example shop behind the built Worker, under Miniflare. */
import { createHmac } from "node:crypto";
import { request } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle } from "../../bench/worker.ts";
import { ensureSecrets } from "../../dev/secrets.ts";
import { startShop } from "../../dev/site-origin.ts";
import { objectBindings, readWorkerConfig } from "../../dev/worker-config.ts";
import { publishRequest } from "../simulation/charts.ts";
import { OddOrigin } from "./odd-origin.ts";
import { send, type RawAnswer } from "./raw.ts";

const SECRET = "s".repeat(40);
const ids = {
  shop: crypto.randomUUID(),
  plain: crypto.randomUUID(),
  forged: crypto.randomUUID(),
  revoked: crypto.randomUUID(),
  draw: crypto.randomUUID(),
  /** Nobody published this one: whoever asks for it finds TicketPing unable to say. */
  nobody: crypto.randomUUID(),
};
/** Calls an object as the product's own Worker would. */
const CLERK = `export default { async fetch(request, env) {
  const [id, method, ...words] = await request.json();
  return Response.json((await env.PERFORMANCE.getByName(id)[method](...words)) ?? null);
} }`;

const odd = new OddOrigin();
const parts = new AsyncDisposableStack();
let room = "";
let clerkUrl = "";

beforeAll(async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-site-"));
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  const shop = await startShop({ port: 0, name: "shop", secret: SECRET, room: () => room });
  parts.defer(() => shop.close());
  const strange = await odd.start();
  parts.defer(() => strange.close());
  const secrets = await ensureSecrets(path.join(folder, "secrets"));
  mkdirSync("dist/web", { recursive: true });
  await bundle("wrangler.toml", path.join(folder, "product"));
  await bundle("wrangler.site.toml", path.join(folder, "site"));
  const config = readWorkerConfig();
  const site = { host: "127.0.0.1", origin: shop.url, performance: ids.shop, onFailure: "closed" };
  const nobody = { ...site, performance: ids.nobody };
  const sites = [
    { ...site, name: "shop", path: "/" },
    ...(["plain", "forged", "revoked"] as const).map((name) => ({
      ...site,
      name,
      path: `/${name}`,
      performance: ids[name],
    })),
    { ...nobody, name: "open", path: "/open", onFailure: "open" },
    { ...nobody, name: "closed", path: "/closed" },
    { ...nobody, name: "hold", path: "/hold", onFailure: "hold" },
    { ...nobody, name: "odd", path: "/odd", onFailure: "open", origin: strange.url, bodyMegabytes: 1 },
    { ...nobody, name: "slow", path: "/slow", onFailure: "open", origin: strange.url, originSeconds: 1 },
    { ...nobody, name: "outer", host: "two.test", path: "/", onFailure: "open", origin: strange.url },
    { ...nobody, name: "inner", host: "two.test", path: "/inner", origin: strange.url },
    { ...site, name: "draw", path: "/draw", performance: ids.draw },
    { ...site, name: "guests", path: "/guests", performance: ids.draw, guestsInDraw: true },
  ];
  const ofSite = objectBindings(readWorkerConfig("wrangler.site.toml"), "ticketping");
  const common = {
    modules: true,
    compatibilityDate: config.date,
    compatibilityFlags: config.flags,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  };
  const bundled = (name: string, file: string): string => readFileSync(path.join(folder, name, file), "utf8");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: path.join(folder, "objects"),
      cf: false,
      workers: [
        {
          ...common,
          name: "ticketping",
          script: bundled("product", "index.js"),
          queueProducers: { EVENTS: "ticketping-events" },
          bindings: { ...secrets, DATABASE_URL: "postgres://nobody:nothing@records.invalid/none" },
          durableObjects: objectBindings(config),
        },
        {
          ...common,
          name: "site",
          script: bundled("site", "site.js"),
          bindings: {
            PASS_KEYS: secrets.PASS_KEYS,
            SITES: JSON.stringify(sites),
            SITE_SECRETS: JSON.stringify({ shop: SECRET }),
            LOCAL_ORIGINS: "1",
          },
          durableObjects: ofSite,
        },
        { ...common, name: "clerk", script: CLERK, durableObjects: ofSite },
      ],
    }),
  );
  parts.defer(() => miniflare.dispose());
  await miniflare.ready;
  room = (await miniflare.unsafeGetDirectURL("site")).origin;
  clerkUrl = (await miniflare.unsafeGetDirectURL("clerk")).href;
  const now = Date.now();
  const settings = { capacity: 1, ratePerMinute: 600, showUpSeconds: 600, bookingSeconds: 600 };
  const published = publishRequest({ ...settings, openAt: now - 1_000, closeAt: now + 3_600_000 });
  for (const performanceId of [ids.shop, ids.plain, ids.forged, ids.revoked])
    expect(await clerk(performanceId, "publish", { ...published, performanceId })).toMatchObject({ ok: true });
  const later = { gatherAt: now - 1_000, openAt: now + 1_800_000, closeAt: now + 3_600_000 };
  const drawn = publishRequest({ ...settings, ...later });
  expect(await clerk(ids.draw, "publish", { ...drawn, performanceId: ids.draw })).toMatchObject({ ok: true });
}, 120_000);

afterAll(() => parts.disposeAsync());

async function clerk(id: string, method: string, ...words: readonly unknown[]): Promise<unknown> {
  const answer = await fetch(clerkUrl, { method: "POST", body: JSON.stringify([id, method, ...words]) });
  return answer.json();
}

async function operate(action: unknown): Promise<void> {
  const commands = [{ kind: "operate", operator: "test", action }];
  await clerk(ids.revoked, "execute", { lobby: null, incarnation: 0, sequence: 0, commands });
}

/** A visitor with a browser's cookies. */
class Visitor {
  readonly cookies = new Map<string, string>();

  async ask(where: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ accept: "text/html" });
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    if (this.cookies.size > 0) headers.set("cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
    const answer = await fetch(`${room}${where}`, { redirect: "manual", ...init, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      this.cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return answer;
  }

  async shown(where = "/"): Promise<unknown> {
    const answer = await this.ask(where);
    return answer.headers.get("content-type")?.includes("json") === true ? answer.json() : answer.text();
  }
}

it("lets the first visitor in, holds the second, and lets that one in when the shop says that the first has finished", async () => {
  const first = new Visitor();
  const second = new Visitor();
  expect(await first.shown("/things?a=1")).toMatchObject({ welcome: true, path: "/things?a=1" });
  const held = await second.ask("/");
  expect(held.headers.get("retry-after")).not.toBeNull();
  expect(held.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await held.text()).toContain("앞에 0명");
  expect(second.cookies.has("tp_site_pass")).toBe(false);
  expect((await second.ask("/api", { headers: { accept: "application/json" } })).status).toBe(409);
  const bought = await first.ask("/buy", { method: "POST", body: "a thing" });
  expect(await bought.json()).toEqual({ bought: "a thing", released: 204 });
  await expect.poll(() => second.shown(), { timeout: 20_000 }).toMatchObject({ welcome: true });
});

it("passes nothing of ours on, nothing of another connection, and says who asked", async () => {
  const visitor = new Visitor();
  await visitor.ask("/plain");
  const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
  const headers = {
    cookie: `shop=basket; ${cookie}`,
    connection: "close, x-secret-hop",
    "x-secret-hop": "1",
    "x-forwarded-for": "6.6.6.6",
    "cf-connecting-ip": "192.0.2.7",
    "ticketping-pass": "forged",
  };
  const answer: RawAnswer = await send(room, { method: "GET", path: "/plain", headers });
  const seen = JSON.parse(answer.text) as { headers: Record<string, string> };
  expect(seen.headers["ticketping-pass"]).toBe(visitor.cookies.get("tp_site_pass"));
  expect(seen.headers["cookie"]).toBe("shop=basket");
  expect(seen.headers["x-forwarded-for"]).toBe("192.0.2.7");
  expect(seen.headers["x-forwarded-host"]).toBe(new URL(room).host);
  expect(seen.headers["x-secret-hop"]).toBeUndefined();
  const moved = await visitor.ask("/plain/moved");
  expect([moved.status, moved.headers.get("location")]).toEqual([302, "/there"]);
  expect(moved.headers.getSetCookie()).toEqual(["a=1"]);
});

it("believes no visitor who says who they are, what was asked for, or that they may pass", async () => {
  const lies = ["x-forwarded-for", "x-forwarded-port", "forwarded", "x-real-ip", "true-client-ip", "x-client-ip"];
  const more = [
    "x-original-url",
    "x-rewrite-url",
    "ticketping-pass",
    "ticketping-anything",
    "proxy-authorization",
    "te",
  ];
  const headers = Object.fromEntries([...lies, ...more].map((name) => [name, "6.6.6.6"]));
  const answer = await send(room, { method: "GET", path: "/odd/x", headers: { ...headers, "x-kept": "1" } });
  const seen = JSON.parse(answer.text) as { headers: Record<string, string> };
  expect(JSON.stringify(seen)).not.toContain("6.6.6.6");
  expect(seen.headers).toMatchObject({ "x-kept": "1", "x-forwarded-host": new URL(room).host });
});

it("judges the very path that it passes on", async () => {
  const at = (where: string) => send(room, { method: "GET", path: where, headers: { host: "two.test" } });
  expect((await at("/inner/thing")).status).toBe(503);
  for (const where of ["//elsewhere/inner/thing", "///inner/thing", "/\\\\elsewhere/inner/thing"]) {
    const answer = await at(where);
    if (answer.status === 503) continue;
    const seen = JSON.parse(answer.text) as { where: string };
    expect(new URL(`http://origin${seen.where}`).pathname).not.toMatch(/^\/inner/);
    expect(seen.where.startsWith("/inner")).toBe(false);
  }
});

it("takes a body up to the site's limit, whether or not it says how long it is, and passes on no more than that", async () => {
  const most = 1_048_576;
  const sent = (bytes: number, chunked: boolean): Promise<RawAnswer> =>
    send(room, { method: "POST", path: "/odd/upload", body: Buffer.alloc(bytes, 1), chunked });
  for (const chunked of [false, true]) {
    const answer = await sent(most, chunked);
    expect(answer.status, answer.text).toBe(200);
    const { headers } = JSON.parse(answer.text) as { headers: Record<string, string> };
    expect(odd.upload).toEqual({ taken: most, ended: "whole" });
    expect(headers["content-length"]).toBe(chunked ? undefined : String(most));
    expect(await sent(most + 1, chunked)).toMatchObject({ status: 413, code: "upload-too-large" });
    // The first did not set out. Of the second the origin must not think that it has all of it.
    if (chunked) await expect.poll(() => odd.upload.ended).toBe("broken off");
    expect(odd.upload.taken).toBeLessThanOrEqual(most);
  }
});

it("never passes half of a body on as a whole one", async () => {
  odd.upload = { taken: 0, ended: null };
  const asked = request(`${room}/odd/upload`, { method: "POST", headers: { "transfer-encoding": "chunked" } });
  const gone = new Promise((resolve) => asked.once("error", resolve));
  asked.write(Buffer.alloc(1_000, 1));
  await expect.poll(() => odd.upload.taken).toBe(1_000);
  asked.destroy();
  await gone;
  await expect.poll(() => odd.upload.ended).toBe("broken off");
});

it("takes no more of the origin's own calls than they could have to say", async () => {
  for (const chunked of [false, true]) {
    const path = "/.ticketping/release/shop";
    const answer = await send(room, { method: "POST", path, body: Buffer.alloc(9_000, 32), chunked });
    expect(answer).toMatchObject({ status: 413, code: "body-too-large" });
  }
});

it("passes an answer on as it comes, for as long as it comes, without what is of one connection", async () => {
  const answer = await fetch(`${room}/odd/stream`);
  const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader();
  const read = async (): Promise<string | null> => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  expect(await read()).toBe("first");
  expect([answer.headers.get("proxy-authenticate"), answer.headers.get("keep-alive")?.includes("9") ?? false]).toEqual([
    null,
    false,
  ]);
  odd.finishStream();
  expect(await read()).toBe(" last");
  expect(await read()).toBeNull();
});

it("does not wait for ever for an origin that never begins to answer", async () => {
  const answer = await send(room, { method: "GET", path: "/slow" });
  expect(answer).toMatchObject({ status: 502, code: "origin-unavailable" });
});

it("keeps visitors whom the origin sends to itself on the held host", async () => {
  const to = async (n: number): Promise<string | null> => {
    const answer = await fetch(`${room}/odd/away?n=${n}`, { redirect: "manual" });
    return answer.headers.get("location");
  };
  expect([await to(0), await to(1), await to(2), await to(3)]).toEqual([
    "/a?b#c",
    "/d",
    "/e",
    "https://elsewhere.example/f",
  ]);
});

it("opens nothing to who made a pass up, shows somebody else's, or comes by a path in disguise", async () => {
  const inside = new Visitor();
  await inside.ask("/forged");
  const pass = inside.cookies.get("tp_site_pass") ?? "";
  const claims = JSON.parse(Buffer.from(pass.split(".")[1] ?? "", "base64url").toString()) as {
    exp: number;
    iat: number;
  };
  expect(claims.exp - claims.iat).toBeLessThanOrEqual(60);
  const outside = new Visitor();
  await outside.ask("/forged");
  for (const forged of [pass, `${pass.slice(0, -4)}AAAA`, "x", outside.cookies.get("tp_guest") ?? ""]) {
    outside.cookies.set("tp_site_pass", forged);
    for (const where of [
      "/forged",
      "//forged",
      "/%66orged",
      "/forged;x",
      "/FORGED",
      "/forged/x",
      "/x/..%2fforged",
      "/x\\\\..\\\\forged",
    ]) {
      const shown = await outside.shown(where);
      expect([where, typeof shown]).toEqual([where, "string"]);
    }
  }
});

it("a revocation reaches who is inside when the pass ends: no other follows", async () => {
  const visitor = new Visitor();
  expect(await visitor.shown("/revoked")).toMatchObject({ path: "/revoked" });
  await operate({ do: "revoke-all" });
  await operate({ do: "close" });
  // As a browser does when the cookie's minute is over.
  visitor.cookies.delete("tp_site_pass");
  const answer = await visitor.ask("/revoked");
  expect(answer.status).toBe(409);
  expect(visitor.cookies.has("tp_site_pass")).toBe(false);
});

it("takes the shop's word only when it is signed, for this site, and fresh", async () => {
  const sign = (body: string, time: number, secret: string): string =>
    `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
  const now = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({ pass: "none", outcome: "released" });
  const call = (where: string, signature: string) =>
    send(room, {
      method: "POST",
      path: where,
      headers: { "ticketping-signature": signature },
      body: Buffer.from(body),
    });
  const shop = "/.ticketping/release/shop";
  expect((await call(shop, "")).code).toBe("token-invalid");
  expect((await call(shop, sign(body, now, "x".repeat(40)))).code).toBe("token-invalid");
  expect((await call(shop, sign(body, now - 1_000, SECRET))).code).toBe("token-invalid");
  expect((await call(shop, sign("{}", now, SECRET))).code).toBe("token-invalid");
  expect((await call("/.ticketping/release/draw", sign(body, now, SECRET))).code).toBe("token-invalid");
  expect((await call("/.ticketping/release/nothing", sign(body, now, SECRET))).code).toBe("not-found");
  expect((await call(shop, sign(body, now, SECRET))).code).toBe("pass-invalid");
});

it("when TicketPing itself cannot say, does what the site asked for", async () => {
  const visitor = new Visitor();
  expect(await visitor.shown("/open/a")).toMatchObject({ welcome: false, path: "/open/a" });
  expect((await visitor.ask("/closed/a")).status).toBe(503);
  const held = await visitor.ask("/hold/a");
  expect([held.status, held.headers.get("retry-after")]).toEqual([200, "10"]);
});

it("takes guests into a draw only where the site says so", async () => {
  const joined = async (): Promise<unknown> => {
    const { status } = (await clerk(ids.draw, "figures")) as { status: { joined: number } };
    return status.joined;
  };
  expect(await new Visitor().shown("/draw")).toContain("아직 열리지 않았습니다");
  expect(await joined()).toBe(0);
  expect(await new Visitor().shown("/guests")).toContain("접수되었습니다");
  await expect.poll(joined).toBe(1);
});
