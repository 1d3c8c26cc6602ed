/** The audit log can only grow, and whoever changes it all the same is found out. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSecrets } from "../../dev/secrets.ts";
import { keysInUse } from "../../workers/edge/auth/keys.ts";
import { noteKeys, writeAudit } from "../../workers/records/audit.ts";
import { withRecords } from "../../workers/records/database.ts";
import { bearer, startEdge, textAt, type Edge } from "./edge.ts";

let edge: Edge;
let admin: string;
let folder: string;

beforeAll(async () => {
  edge = await startEdge();
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-audit-"));
  admin = textAt((await edge.signIn("admin@example.com", "admin")).body, "accessToken");
}, 60_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await edge?.close();
});

/** What `npm run verify-audit` says of the database, or of an exported file. */
function verify(...words: readonly string[]): { readonly code: number | null; readonly said: string } {
  const env = { ...process.env, DATABASE_URL: edge.env.DATABASE_URL };
  const run = spawnSync(process.execPath, ["dev/verify-audit.ts", ...words], { env, encoding: "utf8" });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
}

async function exported(): Promise<string> {
  const { body, status } = await edge.ask("GET", "/api/admin/audit/export", { headers: bearer(admin) });
  expect(status).toBe(200);
  return String(body);
}

/** As a superuser who wants to hide something would. */
async function tamper(statement: string): Promise<void> {
  await edge.sql.query("set session_replication_role = replica");
  await edge.sql.query(statement);
  await edge.sql.query("set session_replication_role = origin");
}

const entry = (action: string) => ({ performanceId: null, actor: "test", action, detail: { 이름: "하늘", n: 1.5 } });

describe("the audit log", () => {
  it("has roles, keys and what was done, without a secret, and its export fits", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => withRecords(edge.env, (db) => writeAudit(db, entry(`at-once-${n}`)))),
    );
    const keys = await ensureSecrets(path.join(folder, "secrets"));
    for (let n = 0; n < 2; n += 1) {
      const inUse = await keysInUse(keys);
      await withRecords(edge.env, (db) => noteKeys(db, inUse));
    }
    const text = await exported();
    for (const action of ["member.role-changed", "audit.exported", "at-once-19"]) expect(text).toContain(action);
    expect(text.match(/key\.in-use/g)).toHaveLength(3);
    expect(text).not.toMatch(/"d\\?"|password|correct horse|Bearer/);
    const file = path.join(folder, "audit.ndjson");
    writeFileSync(file, text);
    expect(verify("--file", file)).toMatchObject({ code: 0 });
    expect(verify()).toMatchObject({ code: 0 });
    writeFileSync(file, text.replace("at-once-7", "at-once-8"));
    expect(verify("--file", file)).toMatchObject({ code: 1 });
  });

  it("refuses to change, remove or empty what is in it", async () => {
    for (const statement of [
      "update audit_log set action = 'nothing'",
      "delete from audit_log",
      "truncate audit_log",
      "update audit_chain set hash = 'x'",
      "delete from audit_chain",
      "truncate audit_chain",
    ])
      await expect(edge.sql.query(statement)).rejects.toThrow("append-only");
  });

  it("shows a row that was altered, removed, put in between, or cut off at the end", async () => {
    const { said } = verify();
    const head = /Head: (\S+)/.exec(said)?.[1] ?? "";
    await tamper("update audit_log set detail = '{\"n\": 2}' where action = 'at-once-3'");
    expect(verify()).toMatchObject({ code: 1, said: expect.stringContaining("is not what was sealed") });
    await tamper('update audit_log set detail = \'{"이름": "하늘", "n": 1.5}\' where action = \'at-once-3\'');
    expect(verify()).toMatchObject({ code: 0 });
    await tamper("insert into audit_log (actor, action) values ('test', 'slipped in')");
    expect(verify()).toMatchObject({ code: 1, said: expect.stringContaining("past the seal") });
    await tamper("delete from audit_log where action = 'slipped in'");
    await tamper("delete from audit_log where id = (select audit_id from audit_chain order by position desc limit 1)");
    expect(verify()).toMatchObject({ code: 1, said: expect.stringContaining("was removed") });
    await tamper("delete from audit_chain where position = (select max(position) from audit_chain)");
    expect(verify()).toMatchObject({ code: 0 });
    expect(verify("--head", head)).toMatchObject({ code: 1, said: expect.stringContaining("no longer part") });
  });
});
