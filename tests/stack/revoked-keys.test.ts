/** A signing key that somebody else has: what becomes of those who are signed in when it is revoked. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeKey, readKeySet, revoked } from "../../dev/key-sets.ts";
import { bearer, cookieOf, ORIGIN, startEdge, textAt, type Edge } from "./edge.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge?.close());

it("a session key that is revoked signs everybody out, and they sign in again", async () => {
  const email = "victim@example.com";
  const signedIn = await edge.signIn(email);
  const token = textAt(signedIn.body, "accessToken");
  const cookie = cookieOf(signedIn, "tp_refresh");
  const set = readKeySet(edge.setting("SESSION_KEYS"), "SESSION_KEYS");
  const stolen = set.keys[0]?.kid ?? "";
  edge.set({ SESSION_KEYS: JSON.stringify(revoked("SESSION_KEYS", set, stolen, await makeKey(new Date()))) });

  expect(await edge.ask("GET", "/api/me", { headers: bearer(token) })).toMatchObject({
    status: 401,
    body: { code: "token-invalid" },
  });
  const renewal = await edge.ask("POST", "/api/auth/refresh", { headers: { cookie, origin: ORIGIN } });
  expect(renewal).toMatchObject({ status: 401 });
  const again = await edge.ask("POST", "/api/auth/login", { json: { email, password: "correct horse" } });
  const fresh = textAt(again.body, "accessToken");
  expect((await edge.ask("GET", "/api/me", { headers: bearer(fresh) })).status).toBe(200);
  const published = await edge.ask("GET", "/.well-known/jwks.json");
  expect(JSON.stringify(published.body)).not.toContain(stolen);
});
