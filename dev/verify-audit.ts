/** npm run verify-audit: checks that nobody changed the audit log. Exit code 1 when something does not fit. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { verifyChain, type Sealed } from "./audit-chain.ts";
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { runningStack } from "./running.ts";

const seal = z.object({ position: z.coerce.number(), line: z.string().nullable(), hash: z.string() });

const usage = `npm run verify-audit -- [options]
  --file EXPORT           what GET /api/admin/audit/export answered, instead of the database
  --head POSITION:HASH    what an earlier run printed: with it an end that was cut off is noticed too
  --stack PORT            the port of npm start (default 8787)
  --data DIR              its folder (default .data)
  DATABASE_URL            in the environment: read this Postgres instead`;

await command(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      file: { type: "string" },
      head: { type: "string" },
      stack: { type: "string", default: "8787" },
      data: { type: "string", default: ".data" },
    },
  });
  const seals =
    values.file === undefined ? await fromDatabase(Number(values.stack), values.data) : fromFile(values.file);
  const verdict = verifyChain(seals, values.head);
  if (!verdict.ok) throw new Failure(`At ${verdict.position}: ${verdict.why}.`);
  console.log(`✓ ${verdict.entries} entries, none changed, none missing. Head: ${verdict.head}`);
});

async function fromDatabase(port: number, dataDir: string): Promise<readonly Sealed[]> {
  const url = process.env["DATABASE_URL"] || (await runningStack(port, dataDir))?.databaseUrl;
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
