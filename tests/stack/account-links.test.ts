/** Confirming an address, a forgotten password, changing it, leaving: against a real Postgres and a mail service. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeKey, readKeySet, retired, rotated, withStandby } from "../../dev/key-sets.ts";
import { bearer, columnAt, cookieOf, ORIGIN, startEdge, textAt } from "./edge.ts";
import type { Answer, Edge } from "./edge.ts";

let edge: Edge;
const old = "correct horse";
const fresh = "battery staple";

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);
afterAll(() => edge.close());

const post = (path: string, json: unknown, headers?: Record<string, string>) =>
  edge.ask("POST", path, { json, ...(headers === undefined ? {} : { headers }) });
const login = (email: string, password: string) => post("/api/auth/login", { email, password });
const tokenOf = (answer: Answer) => bearer(textAt(answer.body, "accessToken"));
const renew = (answer: Answer) =>
  edge.ask("POST", "/api/auth/refresh", { headers: { cookie: cookieOf(answer, "tp_refresh"), origin: ORIGIN } });
/** What stands behind the # of the newest mail's link. */
const linkIn = async (email: string): Promise<string> => {
  const [newest = ""] = await edge.mailsTo(email);
  return /\/(?:verify|reset)#(\S+)/.exec(newest)?.[1] ?? "";
};

describe("an address", () => {
  it("is confirmed by the link of the mail, also when it is opened twice", async () => {
    const email = "verify@example.com";
    const signup = await post(
      "/api/auth/signup",
      { email, password: old, nickname: "Vera" },
      { "accept-language": "en" },
    );
    expect(signup).toMatchObject({ status: 201, body: { verification: "underway", member: { emailVerified: false } } });
    const [mail = ""] = await edge.mailsTo(email);
    expect(mail).toContain("Hello Vera");
    expect(mail).toContain(`${ORIGIN}/verify#`);
    const token = await linkIn(email);
    expect(await post("/api/auth/verify-email", { token: token.replace(/^./, "!") })).toMatchObject({ status: 422 });
    expect(await post("/api/auth/reset-password", { token, password: fresh })).toMatchObject({ status: 410 });
    expect((await post("/api/auth/verify-email", { token })).status).toBe(204);
    expect((await post("/api/auth/verify-email", { token })).status).toBe(204);
    const again = await login(email, old);
    expect(again).toMatchObject({ status: 200, body: { member: { emailVerified: true, language: "en" } } });
    expect((await edge.sql.query("select hash from member_tokens")).rows).not.toContainEqual({
      hash: token,
    });
  });

  it("can be asked to be confirmed again, but not without end, and a mail that did not leave is said", async () => {
    const email = "resend@example.com";
    const headers = tokenOf(await edge.signIn(email));
    await edge.mailIsDown(true);
    expect(await edge.ask("POST", "/api/me/verification-mail", { headers })).toMatchObject({
      status: 503,
      body: { code: "mail-unavailable" },
    });
    await edge.mailIsDown(false);
    for (let n = 3; n <= 5; n += 1)
      expect((await edge.ask("POST", "/api/me/verification-mail", { headers })).status).toBe(204);
    expect(await edge.ask("POST", "/api/me/verification-mail", { headers })).toMatchObject({ status: 429 });
    expect(await edge.mailsTo(email)).toHaveLength(4);
    await post("/api/auth/verify-email", { token: await linkIn(email) });
    expect((await edge.ask("POST", "/api/me/verification-mail", { headers })).status).toBe(204);
  }, 60_000);

  it("that is not confirmed keeps out of the queue only where the deployment says so", async () => {
    const headers = tokenOf(await edge.signIn("queue@example.com"));
    const join = () => edge.ask("POST", "/api/performances/nothing/queue", { headers });
    expect(await join()).toMatchObject({ status: 404 });
    edge.set({ REQUIRE_VERIFIED_EMAIL: "true" });
    expect(await join()).toMatchObject({ status: 403, body: { code: "email-not-verified" } });
    await post("/api/auth/verify-email", { token: await linkIn("queue@example.com") });
    // The token is older than the confirmation.
    expect(await join()).toMatchObject({ status: 404 });
    edge.set({ REQUIRE_VERIFIED_EMAIL: undefined });
  });
});

describe("a forgotten password", () => {
  it("is replaced once, by the newest link or an older one, and every sign-in ends", async () => {
    const email = "forgot@example.com";
    const signedIn = await edge.signIn(email);
    for (const _ of [1, 2])
      expect((await post("/api/auth/forgot-password", { email: "Forgot@Example.com" })).status).toBe(204);
    const mails = await edge.mailsTo(email);
    const [second = "", first = ""] = mails.map((mail) => /\/reset#(\S+)/.exec(mail)?.[1] ?? "");
    expect(await post("/api/auth/reset-password", { token: second, password: "short" })).toMatchObject({ status: 422 });
    expect((await post("/api/auth/reset-password", { token: second, password: fresh })).status).toBe(204);
    for (const token of [second, first])
      expect(await post("/api/auth/reset-password", { token, password: "another one" })).toMatchObject({ status: 410 });
    expect(await login(email, old)).toMatchObject({ status: 401 });
    expect(await login(email, fresh)).toMatchObject({ status: 200, body: { member: { emailVerified: true } } });
    expect(await renew(signedIn)).toMatchObject({ status: 401, body: { code: "refresh-invalid" } });
    const answer = await edge.ask("PATCH", "/api/me", { headers: tokenOf(signedIn), json: { nickname: "x" } });
    expect(answer).toMatchObject({ status: 401, body: { code: "signed-out" } });
    expect((await edge.mailsTo(email))[0]).toContain("비밀번호가 바뀌었고");
  });

  it("of two uses of a link at once, one holds", async () => {
    const email = "twice@example.com";
    await edge.signIn(email);
    await post("/api/auth/forgot-password", { email });
    const token = await linkIn(email);
    const uses = await Promise.all(
      ["first password", "second password"].map((password) => post("/api/auth/reset-password", { token, password })),
    );
    expect(uses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 410]);
  });

  it("does not work when it has expired", async () => {
    const email = "late@example.com";
    await edge.signIn(email);
    await post("/api/auth/forgot-password", { email });
    const token = await linkIn(email);
    await edge.sql.query("update member_tokens set expires_at = now() - interval '1 second'");
    expect(await post("/api/auth/reset-password", { token, password: fresh })).toMatchObject({ status: 410 });
  });

  it("tells nobody which addresses exist: same answer, and the same queries before it", async () => {
    await edge.signIn("known@example.com");
    const [known, unknown] = [
      await post("/api/auth/forgot-password", { email: "known@example.com" }),
      await post("/api/auth/forgot-password", { email: "unknown@example.com" }),
    ];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect(await edge.mailsTo("unknown@example.com")).toEqual([]);
    expect(await edge.mailsTo("known@example.com")).toHaveLength(2);
    edge.set({ MAIL_API_KEY: "" });
    for (const email of ["known@example.com", "unknown@example.com"])
      expect(await post("/api/auth/forgot-password", { email })).toMatchObject({
        status: 503,
        body: { code: "mail-unavailable" },
      });
    expect(await edge.ask("GET", "/healthz")).toMatchObject({ body: { mail: "off" } });
    edge.set({ MAIL_API_KEY: "inbox" });
    expect(await edge.ask("GET", "/healthz")).toMatchObject({ body: { mail: "on" } });
  });
});

describe("an account", () => {
  it("changes its nickname, its language and its password; other sign-ins end with the password", async () => {
    const email = "change@example.com";
    const [here, there] = [await edge.signIn(email), await login(email, old)];
    const headers = tokenOf(here);
    const change = await edge.ask("PATCH", "/api/me", { headers, json: { nickname: " 새 이름 ", language: "en" } });
    expect(change).toMatchObject({ status: 200, body: { member: { nickname: "새 이름", language: "en" } } });
    const bad = await edge.ask("PATCH", "/api/me", { headers, json: { nickname: "", role: "admin" } });
    expect(columnAt(bad.body, "errors", "field")).toEqual(["nickname", "role"]);
    const wrong = await post("/api/me/password", { current: "not it", password: fresh }, headers);
    expect(wrong).toMatchObject({ status: 403, body: { code: "password-wrong" } });
    expect((await post("/api/me/password", { current: old, password: fresh }, headers)).status).toBe(204);
    expect((await renew(there)).status).toBe(401);
    expect(await renew(here)).toMatchObject({ status: 200, body: { member: { nickname: "새 이름" } } });
    expect((await login(email, old)).status).toBe(401);
    expect((await edge.mailsTo(email))[0]).toContain("Your TicketPing password was changed");
  });

  it("signs out everywhere: at once where a live sign-in is asked for, by expiry elsewhere", async () => {
    const email = "everywhere@example.com";
    const [one, two] = [await edge.signIn(email), await login(email, old)];
    expect((await edge.ask("POST", "/api/me/sign-out-everywhere", { headers: tokenOf(one) })).status).toBe(204);
    for (const answer of [one, two]) {
      expect((await renew(answer)).status).toBe(401);
      const touch = await edge.ask("PATCH", "/api/me", { headers: tokenOf(answer), json: { nickname: "x" } });
      expect(touch).toMatchObject({ status: 401, body: { code: "signed-out" } });
      // Without I/O nobody can know; the token itself says how long that may be.
      const { exp, iat } = JSON.parse(atob(textAt(answer.body, "accessToken").split(".")[1] ?? "")) as {
        exp: number;
        iat: number;
      };
      expect(exp - iat).toBe(300);
    }
    expect((await login(email, old)).status).toBe(200);
  });

  it("signed out once cannot change anything with a token that was copied before", async () => {
    const signedIn = await edge.signIn("copied@example.com");
    const headers = { cookie: cookieOf(signedIn, "tp_refresh"), origin: ORIGIN };
    await edge.ask("POST", "/api/auth/logout", { headers });
    const answer = await post("/api/me/password", { current: old, password: fresh }, tokenOf(signedIn));
    expect(answer).toMatchObject({ status: 401, body: { code: "signed-out" } });
  });
});

describe("leaving for good", () => {
  it("waits for tickets, open orders and refunds, and says which", async () => {
    const signedIn = await edge.signIn("busy@example.com");
    const id = textAt(signedIn.body, "member", "id");
    const order = `insert into orders (id, performance_id, version, member_id, schedule_id, status, amount, currency, placed_at, pay_by, snapshot)
      values ($1, gen_random_uuid(), 1, $2, gen_random_uuid(), $3, 1000, 'KRW', now(), now(), '{}')`;
    await edge.sql.query(order, ["busy-1", id, "paying"]);
    await edge.sql.query(order, ["busy-2", id, "cancelled"]);
    await edge.sql.query(
      `insert into refunds (order_id, number, attempt, amount, reason, status, requested_at)
       values ('busy-2', 1, 1, 1000, 'x', 'requested', now())`,
    );
    const leave = () => post("/api/me/withdrawal", { password: old }, tokenOf(signedIn));
    expect(await leave()).toMatchObject({
      status: 409,
      body: { code: "withdrawal-blocked", evidence: { tickets: 0, openOrders: 1, refunds: 1, organisations: 0 } },
    });
    await edge.sql.query("update orders set status = 'expired' where id = 'busy-1'");
    await edge.sql.query("update refunds set status = 'refunded'");
    expect((await leave()).status).toBe(204);
    const { rows } = await edge.sql.query("select member_id from orders where id like 'busy-%'");
    expect(rows).toEqual([{ member_id: id }, { member_id: id }]);
  });

  it("erases the person, ends every sign-in, and frees the address", async () => {
    const email = "gone@example.com";
    const signedIn = await edge.signIn(email);
    const id = textAt(signedIn.body, "member", "id");
    expect(await post("/api/me/withdrawal", { password: "not it" }, tokenOf(signedIn))).toMatchObject({ status: 403 });
    expect((await post("/api/me/withdrawal", { password: old }, tokenOf(signedIn))).status).toBe(204);
    const { rows } = await edge.sql.query("select * from members where id = $1", [id]);
    expect(JSON.stringify(rows)).not.toMatch(/gone@|하늘|scrypt/);
    expect((await edge.sql.query("select 1 from member_tokens where member_id = $1", [id])).rows).toEqual([]);
    expect((await edge.mailsTo(email))[0]).toContain("개인정보를 지웠습니다");
    expect((await renew(signedIn)).status).toBe(401);
    expect((await login(email, old)).status).toBe(401);
    expect((await edge.ask("GET", "/api/me", { headers: tokenOf(signedIn) })).status).toBe(401);
    expect((await edge.signIn(email)).status).toBe(200);
  });
});

describe("a replaced key", () => {
  it("goes on verifying sign-ins until it is retired, and the public set says which there are", async () => {
    const signedIn = await edge.signIn("rotated@example.com");
    const first = edge.setting("SESSION_KEYS");
    const now = new Date();
    const standing = withStandby(readKeySet(first, "SESSION_KEYS"), await makeKey(now));
    const second = rotated(standing, now);
    edge.set({ SESSION_KEYS: JSON.stringify(second) });
    expect((await edge.ask("GET", "/api/me", { headers: tokenOf(signedIn) })).status).toBe(200);
    const renewed = await renew(signedIn);
    expect(renewed.status).toBe(200);
    const jwks = await edge.ask("GET", "/.well-known/jwks.json");
    expect(jwks.headers.get("cache-control")).toBe("public, max-age=300");
    expect(columnAt(jwks.body, "keys", "kid")).toEqual(expect.arrayContaining(second.keys.map(({ kid }) => kid)));
    edge.set({
      SESSION_KEYS: JSON.stringify(retired("SESSION_KEYS", second, new Date(now.getTime() + 7 * 86_400_000), null)),
    });
    expect(await edge.ask("GET", "/api/me", { headers: tokenOf(signedIn) })).toMatchObject({
      status: 401,
      body: { code: "token-invalid" },
    });
    expect((await edge.ask("GET", "/api/me", { headers: tokenOf(renewed) })).status).toBe(200);
    expect((await renew(renewed)).status).toBe(200);
  });
});

describe("passwords", () => {
  it("hashed with older parameters are hashed anew at the next sign-in", async () => {
    const email = "outdated@example.com";
    await edge.signIn(email);
    const { scryptSync, randomBytes } = await import("node:crypto");
    const salt = randomBytes(16);
    const hash = scryptSync(old, salt, 32, { N: 1024, r: 8, p: 1 }).toString("base64url");
    const stored = `scrypt$1024$8$1$${salt.toString("base64url")}$${hash}`;
    await edge.sql.query("update members set password_hash = $1 where email_key = $2", [stored, email]);
    expect((await login(email, old)).status).toBe(200);
    const { rows } = await edge.sql.query("select password_hash from members where email_key = $1", [email]);
    expect(JSON.stringify(rows)).toContain("scrypt$16384$8$5$");
    expect((await login(email, old)).status).toBe(200);
  });
});
