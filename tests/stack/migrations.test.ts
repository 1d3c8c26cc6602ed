/** Migrations on data that is there already. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { freePort } from "./ports.ts";

let folder: string;
let postgres: RunningPostgres;
let sql: pg.Client;
const files = readdirSync("migrations")
  .filter((name) => name.endsWith(".sql"))
  .toSorted();
const organisations = files.findIndex((name) => name.endsWith("_organisations.sql"));

const apply = async (names: readonly string[]): Promise<void> => {
  for (const name of names) await sql.query(readFileSync(path.join("migrations", name), "utf8"));
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ticketping-migrations-"));
  postgres = await startPostgres({ folder, port: await freePort() });
  sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
}, 90_000);

afterAll(async () => {
  await sql?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("what was somebody's own becomes an approved organisation's of theirs", async () => {
  await apply(files.slice(0, organisations));
  const [organiser, admin, fan] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const [id, role] of [
    [organiser, "organiser"],
    [admin, "admin"],
    [fan, "member"],
  ]) {
    const member =
      "insert into members (id, email, email_key, nickname, password_hash, role) values ($1, $2, $2, $3, 'none', $3)";
    await sql.query(member, [id, `${role}@example.com`, role]);
  }
  for (const owner of [organiser, organiser, admin])
    await sql.query("insert into performances (id, owner, title) values (gen_random_uuid(), $1, 'Show')", [owner]);
  await apply(files.slice(organisations));
  const { rows } = await sql.query(
    `select o.name, o.status, m.role, m.member_id = p.owner as own, count(*)::int as performances from performances p
     join organisations o on o.id = p.organisation_id join organisation_members m on m.organisation_id = o.id
     group by 1, 2, 3, 4 order by 1`,
  );
  expect(rows).toEqual([
    { name: "admin", status: "approved", role: "owner", own: true, performances: 1 },
    { name: "organiser", status: "approved", role: "owner", own: true, performances: 2 },
  ]);
  expect((await sql.query("select 1 from organisation_members where member_id = $1", [fan])).rows).toEqual([]);
});
