/** What keeps programs and guessers out, and lets people back in: challenges, limits on trying, other sites' pages. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTurnstile, testSecrets, type RunningTurnstile } from "../../dev/turnstile.ts";
import { cookieOf, ORIGIN, startEdge, textAt, type Answer, type Edge } from "./edge.ts";

/** Settings of the moment: a test changes them as a deployment would. */
const settings: Record<string, unknown> = {};
let turnstile: RunningTurnstile;
let edge: Edge;
const used = new Map<string, number>();

beforeAll(async () => {
  turnstile = await startTurnstile(0);
  // The platform's limits, counted here so that a minute's worth is known.
  const limit = (most: number) => ({
    limit: ({ key }: { key: string }) => {
      used.set(key, (used.get(key) ?? 0) + 1);
      return Promise.resolve({ success: (used.get(key) ?? 0) <= most });
    },
  });
  Object.assign(settings, {
    TURNSTILE_URL: turnstile.url,
    TURNSTILE_SITE_KEY: "site",
    TURNSTILE_SECRET_KEY: "secret",
    RATE_SIGN_IN: limit(1_000),
    RATE_ACCOUNT: limit(5),
    RATE_ADDRESS: limit(3),
  });
  edge = await startEdge(settings);
}, 60_000);

afterAll(async () => {
  await edge?.close();
  await turnstile?.close();
});

const codeOf = (answer: Answer): string => `${answer.status} ${answer.status < 400 ? "" : textAt(answer.body, "code")}`;
const account = (email: string) => ({ email, password: "correct horse", nickname: "하늘" });
const signUp = (email: string, turnstileToken?: string): Promise<Answer> =>
  edge.ask("POST", "/api/auth/signup", { json: { ...account(email), ...(turnstileToken ? { turnstileToken } : {}) } });

describe("signing up where a person is asked for", () => {
  it("needs a token that is fresh, and one that failed can be followed by one that does not", async () => {
    settings["TURNSTILE_MODE"] = "signup";
    const token = turnstile.token("signup");
    expect(codeOf(await signUp("a@example.com"))).toBe("403 challenge-required");
    expect(codeOf(await signUp("a@example.com", "made up"))).toBe("403 challenge-failed");
    expect(codeOf(await signUp("a@example.com", "x".repeat(3_000)))).toBe("403 challenge-failed");
    expect(codeOf(await signUp("a@example.com", turnstile.token("join")))).toBe("403 challenge-failed");
    expect((await edge.sql.query("select 1 from members")).rowCount).toBe(0);
    expect((await signUp("a@example.com", token)).status).toBe(201);
    expect(codeOf(await signUp("b@example.com", token))).toBe("403 challenge-failed");
    expect((await signUp("b@example.com", turnstile.token("signup"))).status).toBe(201);
  });

  it("goes on or stops while Turnstile itself is away, as the deployment says", async () => {
    settings["TURNSTILE_MODE"] = "signup,join";
    for (const outage of [{ TURNSTILE_URL: "http://127.0.0.1:9" }, { TURNSTILE_SECRET_KEY: "" }]) {
      const before = { ...settings };
      Object.assign(settings, outage, { TURNSTILE_OUTAGE: "closed" });
      const refused = await signUp("c@example.com", "whatever");
      expect(codeOf(refused)).toBe("503 challenge-unavailable");
      expect(refused.headers.get("retry-after")).toBe("10");
      settings["TURNSTILE_OUTAGE"] = "open";
      expect((await signUp(`${Object.keys(outage)[0]}@example.com`, "whatever")).status).toBe(201);
      expect(codeOf(await signUp("c@example.com"))).toBe("403 challenge-required");
      Object.assign(settings, before);
    }
    // One that says more than there is to say has said nothing.
    const before = { ...settings };
    turnstile.talk(true);
    settings["TURNSTILE_OUTAGE"] = "closed";
    expect(codeOf(await signUp("c@example.com", turnstile.token("signup")))).toBe("503 challenge-unavailable");
    turnstile.talk(false);
    expect((await signUp("c@example.com", turnstile.token("signup"))).status).toBe(201);
    Object.assign(settings, before);
  });

  it("knows Cloudflare's own test secrets", async () => {
    settings["TURNSTILE_MODE"] = "signup";
    const before = settings["TURNSTILE_SECRET_KEY"];
    settings["TURNSTILE_SECRET_KEY"] = testSecrets.fails;
    expect(codeOf(await signUp("d@example.com", turnstile.token("signup")))).toBe("403 challenge-failed");
    settings["TURNSTILE_SECRET_KEY"] = testSecrets.spent;
    expect(codeOf(await signUp("d@example.com", turnstile.token("signup")))).toBe("403 challenge-failed");
    settings["TURNSTILE_SECRET_KEY"] = before;
    settings["TURNSTILE_MODE"] = "off";
    expect((await signUp("d@example.com")).status).toBe(201);
  });
});

describe("trying passwords", () => {
  it("is limited per account from wherever, without keeping its owner out", async () => {
    await signUp("owner@example.com");
    const login = (password: string, headers: Record<string, string> = {}): Promise<Answer> =>
      edge.ask("POST", "/api/auth/login", { json: { email: "owner@example.com", password }, headers });
    const first = await login("correct horse");
    const device = cookieOf(first, "tp_device");
    expect(device).not.toBe("");
    const codes: string[] = [];
    for (let n = 0; n < 8; n += 1) codes.push(codeOf(await login(`guess ${n}`)));
    expect(codes).toContain("429 rate-limited");
    const strangers = await login("correct horse");
    expect(codeOf(strangers)).toBe("429 rate-limited");
    expect(strangers.headers.get("retry-after")).toBe("60");
    expect((await login("correct horse", { cookie: device })).status).toBe(200);
    // The cookie of one account helps with no other.
    await signUp("other@example.com");
    for (let n = 0; n < 6; n += 1) {
      const json = { email: "other@example.com", password: `guess ${n}` };
      codes.push(codeOf(await edge.ask("POST", "/api/auth/login", { json, headers: { cookie: device } })));
    }
    expect(codes.at(-1)).toBe("429 rate-limited");
  });
});

describe("a flood", () => {
  it("from one address is refused route by route, with the time to come again", async () => {
    const ask = (path: string, address: string): Promise<Answer> =>
      edge.ask("GET", path, { headers: { "cf-connecting-ip": address } });
    const codes: string[] = [];
    for (const address of ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::", "2001:db8::9"])
      codes.push(codeOf(await ask("/api/challenge", address)));
    expect(codes).toEqual(["200 ", "200 ", "200 ", "429 rate-limited"]);
    const refused = await ask("/api/challenge", "2001:db8::1");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(20);
    expect((await ask("/.well-known/jwks.json", "2001:db8::1")).status).toBe(200);
    expect((await ask("/api/challenge", "2001:db8:0:1::1")).status).toBe(200);
  });
});

describe("pages of other origins", () => {
  it("may read what a listed one asks, and nothing otherwise", async () => {
    settings["ALLOWED_ORIGINS"] = "https://shop.example, https://m.shop.example";
    const from = (origin: string, method = "GET", more: Record<string, string> = {}): Promise<Answer> =>
      edge.ask(method, "/api/challenge", { headers: { origin, ...more } });
    const listed = await from("https://shop.example");
    expect(listed.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(listed.headers.get("access-control-allow-credentials")).toBe("true");
    expect(listed.headers.get("vary")).toContain("origin");
    const preflight = await from("https://m.shop.example", "OPTIONS", { "access-control-request-method": "POST" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    for (const origin of ["https://evil.example", "https://shop.example.evil.example", "null", "http://shop.example"]) {
      for (const method of ["GET", "OPTIONS"]) {
        const answer = await from(origin, method, { "access-control-request-method": "POST" });
        expect([origin, answer.headers.get("access-control-allow-origin")]).toEqual([origin, null]);
      }
    }
    expect((await from(ORIGIN)).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("never frame, sniff or script an answer", async () => {
    for (const path of ["/api/challenge", "/api/docs", "/nothing", "/api/openapi.json"]) {
      const { headers } = await edge.ask("GET", path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toContain("max-age=");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });
});
