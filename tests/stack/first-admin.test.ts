/** `npm run first-admin`: a deployment's first admin, and nobody's second. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bearer, startEdge, textAt, type Edge } from "./edge.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge.close());

function run(...words: readonly string[]): { readonly code: number | null; readonly said: string } {
  const env = { ...process.env, DATABASE_URL: edge.env.DATABASE_URL };
  const done = spawnSync(process.execPath, ["dev/first-admin.ts", ...words], { env, encoding: "utf8" });
  return { code: done.status, said: `${done.stdout}${done.stderr}` };
}

it("makes one admin of a member who has confirmed the address, and no other; it is in the audit log", async () => {
  await edge.signIn("first@example.com");
  await edge.signIn("second@example.com");
  expect(run()).toMatchObject({ code: 1 });
  expect(run("not an address")).toMatchObject({ code: 1 });
  expect(run("nobody@example.com").said).toContain("Nobody has signed up");
  expect(run("first@example.com").said).toContain("not confirmed");
  await edge.sql.query("update members set email_verified_at = now() where email_key = 'first@example.com'");
  expect(run("First@Example.com")).toMatchObject({ code: 0 });
  expect(run("second@example.com", "--unconfirmed").said).toContain("There is an admin already");
  const { body } = await edge.signIn("first@example.com");
  const admin = bearer(textAt(body, "accessToken"));
  expect((await edge.ask("GET", "/api/admin/organisations", { headers: admin })).status).toBe(200);
  const { rows } = await edge.sql.query("select detail from audit_log where action = 'member.role-changed'");
  expect(JSON.stringify(rows)).toContain("admin");
  const second = bearer(textAt((await edge.signIn("second@example.com")).body, "accessToken"));
  expect((await edge.ask("GET", "/api/admin/organisations", { headers: second })).status).toBe(403);
});
