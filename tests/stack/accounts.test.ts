/** Accounts against a real Postgres, with it and without it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, bearer, columnAt, cookieOf, ORIGIN, textAt, startEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge.close());

describe("accounts", () => {
  it("sign up once per address, whatever its case", async () => {
    const json = { email: " Ada@Example.com ", password: "correct horse", nickname: "Ada" };
    const first = await edge.ask("POST", "/api/auth/signup", { json });
    expect(first).toMatchObject({
      status: 201,
      body: { member: { email: "Ada@Example.com", nickname: "Ada", role: "member" } },
    });
    expect(JSON.stringify(first.body)).not.toContain("scrypt");
    const second = await edge.ask("POST", "/api/auth/signup", { json: { ...json, email: "ADA@example.COM" } });
    expect(second).toMatchObject({ status: 409, body: { code: "email-taken" } });
  });

  it.each(["a.b.c+tag@my-host.example.co.kr", "o'neil_x@sub.example.museum", "1@example.io"])(
    "take the ordinary address %s",
    async (email) => {
      const json = { email, password: "correct horse", nickname: "Ada" };
      expect((await edge.ask("POST", "/api/auth/signup", { json })).status).toBe(201);
      expect((await edge.ask("POST", "/api/auth/signup", { json })).status).toBe(409);
    },
  );

  it("name every invalid field at once", async () => {
    const { status, body } = await edge.ask("POST", "/api/auth/signup", {
      json: { email: "x", password: "short", nickname: "a\u0000" },
    });
    expect(status).toBe(422);
    expect(columnAt(body, "errors", "field")).toEqual(["email", "password", "nickname"]);
    expect(
      await edge.ask("POST", "/api/auth/signup", { headers: { "content-type": "application/json" } }),
    ).toMatchObject({ status: 400 });
    expect(await edge.ask("POST", "/api/auth/signup", { json: "x".repeat(70_000) })).toMatchObject({ status: 413 });
    expect(
      await edge.ask("POST", "/api/auth/login", { json: {}, headers: { "content-type": "text/plain" } }),
    ).toMatchObject({ status: 415 });
  });

  it("answer a wrong password and an unknown address alike", async () => {
    const wrong = await edge.ask("POST", "/api/auth/login", { json: { email: "ada@example.com", password: "not it" } });
    const unknown = await edge.ask("POST", "/api/auth/login", {
      json: { email: "nobody@example.com", password: "not it" },
    });
    expect(wrong).toMatchObject({ status: 401, body: { code: "sign-in-failed" } });
    // Every answer names its own request; nothing else may tell the two apart.
    const said = ({ body }: Answer): unknown => ({ ...(body as object), requestId: "" });
    expect(said(unknown)).toEqual(said(wrong));
    expect(
      await edge.ask("POST", "/api/auth/login", { json: { email: "limited@example.com", password: "x" } }),
    ).toMatchObject({ status: 429 });
  });

  it("rotate refresh tokens, forgive a twin, and end the family on reuse", async () => {
    const login = await edge.signIn("rotate@example.com");
    expect(login.headers.getSetCookie().join()).toMatch(
      /tp_refresh=[^;]+; Max-Age=604800; Path=\/api\/auth; HttpOnly; Secure; SameSite=Strict/,
    );
    const first = cookieOf(login, "tp_refresh");
    const renew = (cookie: string) => edge.ask("POST", "/api/auth/refresh", { headers: { cookie, origin: ORIGIN } });
    const renewed = await renew(first);
    expect(renewed).toMatchObject({ status: 200, body: { member: { email: "rotate@example.com" } } });
    const second = cookieOf(renewed, "tp_refresh");
    const twin = await renew(first);
    expect([twin.status, cookieOf(twin, "tp_refresh")]).toEqual([200, ""]);
    await edge.sql.query("update refresh_tokens set used_at = used_at - interval '1 minute' where used_at is not null");
    expect(await renew(first)).toMatchObject({ status: 401, body: { code: "refresh-invalid" } });
    expect(await renew(second)).toMatchObject({ status: 401, body: { code: "refresh-invalid" } });
    expect(await edge.ask("POST", "/api/auth/refresh", { headers: { cookie: second } })).toMatchObject({ status: 403 });
  });

  it("let exactly one of two simultaneous renewals succeed itself", async () => {
    const cookie = cookieOf(await edge.signIn("race@example.com"), "tp_refresh");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => edge.ask("POST", "/api/auth/refresh", { headers: { cookie, origin: ORIGIN } })),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(answers.filter((answer) => cookieOf(answer, "tp_refresh") !== "")).toHaveLength(1);
  });

  it("sign out, and the refresh token with them", async () => {
    const login = await edge.signIn("leave@example.com");
    const headers = { cookie: cookieOf(login, "tp_refresh"), origin: ORIGIN };
    expect((await edge.ask("POST", "/api/auth/logout", { headers })).status).toBe(204);
    expect((await edge.ask("POST", "/api/auth/refresh", { headers })).status).toBe(401);
  });
});

describe("the description", () => {
  it("is made of the routes", async () => {
    const { body, headers } = await edge.ask("GET", "/api/openapi.json");
    expect(body).toMatchObject({
      paths: { "/api/auth/login": {}, "/api/organizer/performances/{id}/publish": {}, "/metrics": {} },
    });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const jwks = await edge.ask("GET", "/.well-known/jwks.json");
    expect(columnAt(jwks.body, "keys", "alg")).toEqual(["EdDSA", "EdDSA", "EdDSA"]);
    expect(await edge.ask("GET", "/api/nothing")).toMatchObject({ status: 404, body: { code: "not-found" } });
  });
});
describe("without the records", () => {
  it("signed-in fans renew, browse and are recognised; signing in waits", async () => {
    const login = await edge.signIn("outage@example.com");
    await edge.ask("GET", "/api/performances");
    await edge.stopPostgres();
    const headers = { cookie: cookieOf(login, "tp_refresh"), origin: ORIGIN };
    const renewed = await edge.ask("POST", "/api/auth/refresh", { headers });
    expect(renewed).toMatchObject({ status: 200, body: { member: { email: null, nickname: "하늘" } } });
    expect(cookieOf(renewed, "tp_refresh")).toBe("");
    expect(await edge.ask("GET", "/api/me", { headers: bearer(textAt(renewed.body, "accessToken")) })).toMatchObject({
      status: 200,
    });
    expect((await edge.ask("GET", "/api/performances")).status).toBe(200);
    const refused = await edge.ask("POST", "/api/auth/login", {
      json: { email: "outage@example.com", password: "correct horse" },
    });
    expect(refused).toMatchObject({ status: 503, body: { code: "records-unavailable" } });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await edge.ask("GET", "/healthz")).toMatchObject({
      status: 200,
      body: { status: "degraded", parts: { performances: "ok", postgres: "down" } },
    });
    const metrics = await edge.ask("GET", "/metrics", { headers: bearer("scrape") });
    expect(metrics.body).toContain("ticketping_records_up 0\n");
    expect((await edge.ask("GET", "/metrics", { headers: bearer("scrapf") })).status).toBe(401);
  });
});
