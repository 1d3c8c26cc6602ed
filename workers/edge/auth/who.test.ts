import { OpenAPIHono } from "@hono/zod-openapi";
import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { AppEnv, Role } from "../context.ts";
import { answerError } from "../answer-error.ts";
import { Trail } from "../trail.ts";
import { keySet } from "./keys.ts";
import { signAccess } from "./session.ts";
import { member, originListed, requireRole } from "./who.ts";

const ada = "0d4f4cf4-5f0b-4c6e-9d0e-1f1f6f2b8a01";
const bob = "0d4f4cf4-5f0b-4c6e-9d0e-1f1f6f2b8a02";
const app = new OpenAPIHono<AppEnv>();
app.onError(answerError);
app.use(async (c, next) => {
  c.set("trail", new Trail(undefined, 0));
  await next();
});
app.all("/who", member, (c) => c.json(c.var.member));
app.all("/admin", member, requireRole("admin"), (c) => c.json(c.var.member));

let settings: { SESSION_KEYS: string; ALLOWED_ORIGINS: string };

beforeAll(async () => {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const keys = [{ ...(await exportJWK(privateKey)), kid: "k" }];
  settings = {
    SESSION_KEYS: JSON.stringify({ keys }),
    ALLOWED_ORIGINS: "https://tickets.example, https://m.tickets.example",
  };
});

const tokenOf = async (id: string, role: Role = "member"): Promise<string> =>
  signAccess(await keySet(settings.SESSION_KEYS), { id, role }, Date.now());

async function ask(path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await app.request(`https://app.example${path}`, init, settings);
  const body: Record<string, unknown> = await answer.json();
  return { status: answer.status, body };
}

describe("who is asking", () => {
  it("is the bearer, and then a cookie counts for nothing", async () => {
    const cookie = `tp_access=${await tokenOf(bob)}`;
    const headers = { authorization: `Bearer ${await tokenOf(ada)}`, cookie };
    expect((await ask("/who", { headers })).body).toEqual({ id: ada, role: "member" });
    const broken = await ask("/who", { headers: { authorization: "Bearer nonsense", cookie } });
    expect(broken).toMatchObject({ status: 401, body: { code: "token-invalid" } });
  });

  it("is nobody without a token, whatever identity headers say", async () => {
    const headers = { "x-user-id": ada, "x-member-id": ada, "x-user-role": "admin" };
    expect(await ask(`/who?member=${ada}`, { headers })).toMatchObject({
      status: 401,
      body: { code: "token-missing" },
    });
  });

  it("is told by a cookie for reads, and for changes from our own or a listed origin", async () => {
    const cookie = `tp_access=${await tokenOf(ada)}`;
    const post = (origin?: string) =>
      ask("/who", { method: "POST", headers: origin === undefined ? { cookie } : { cookie, origin } });
    expect((await ask("/who", { headers: { cookie } })).status).toBe(200);
    expect((await post("https://app.example")).status).toBe(200);
    expect((await post("https://m.tickets.example")).status).toBe(200);
    for (const origin of [
      undefined,
      "null",
      "https://evil.example",
      "http://app.example",
      "https://app.example.evil.example",
    ]) {
      expect(await post(origin)).toMatchObject({ status: 403, body: { code: "origin-not-allowed" } });
    }
  });

  it("must have the role", async () => {
    const as = async (role: Role) =>
      ask("/admin", { headers: { authorization: `Bearer ${await tokenOf(ada, role)}` } });
    expect((await as("admin")).status).toBe(200);
    expect(await as("organiser")).toMatchObject({ status: 403, body: { code: "role-required" } });
  });
});

describe("listed origins", () => {
  it("never include the empty one", () => {
    expect(originListed("", "https://a.example/", "")).toBe(false);
    expect(originListed(undefined, "https://a.example/", ",")).toBe(false);
  });
});
