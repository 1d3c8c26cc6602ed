/**
 * npm run verify-audit -- [--file EXPORT] [--head POSITION:HASH]: checks that nobody changed the audit log.
 *
 * Without a file it reads the database: DATABASE_URL, or the one `npm start` runs. With one it reads what
 * GET /api/admin/audit/export answered. `--head` is what an earlier run printed: with it, an end that was cut off is
 * noticed too. Exit code 1 when something does not fit.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { verifyChain, type Sealed } from "./audit-chain.ts";
import { Failure, sentenceOf } from "./failure.ts";
import { runningStack } from "./running.ts";

const seal = z.object({ position: z.coerce.number(), line: z.string().nullable(), hash: z.string() });

try {
  const { values } = parseArgs({ options: { file: { type: "string" }, head: { type: "string" } } });
  const seals = values.file === undefined ? await fromDatabase() : fromFile(values.file);
  const verdict = verifyChain(seals, values.head);
  if (!verdict.ok) throw new Failure(`At ${verdict.position}: ${verdict.why}.`);
  console.log(`✓ ${verdict.entries} entries, none changed, none missing. Head: ${verdict.head}`);
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}

async function fromDatabase(): Promise<readonly Sealed[]> {
  const url = process.env["DATABASE_URL"] || (await runningStack(8787, ".data"))?.databaseUrl;
  if (url === undefined) throw new Failure("Set DATABASE_URL, or start TicketPing with npm start.");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select c.position, c.hash, case when e.id is not null then audit_line(e) end as line from audit_chain c
       left join audit_log e on e.id = c.audit_id order by c.position`,
    );
    const { rows: unsealed } = await client.query<{ id: string }>(
      "select id from audit_log e where not exists (select 1 from audit_chain c where c.audit_id = e.id) limit 1",
    );
    if (unsealed[0] !== undefined) throw new Failure(`Entry ${unsealed[0].id} was put there past the seal.`);
    return z.array(seal).parse(rows);
  } finally {
    await client.end();
  }
}

function fromFile(file: string): readonly Sealed[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => seal.parse(JSON.parse(line)));
}
