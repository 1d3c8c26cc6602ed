/**
 * npm run first-admin: the first admin of a deployment, who approves organisations and names further admins on /admin.
 *
 * The member has signed up as everybody does, and has confirmed the address: whoever signed up with an address that is
 * not theirs must not become admin by it. Where mail is off nobody can confirm one: then `--unconfirmed`, by whoever knows.
 */
import { parseArgs } from "node:util";
import pg from "pg";
import { emailAddress } from "../workers/edge/text-input.ts";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";

/** @throws Failure with what is in the way. Only the first one is made here: admins make others, and are in the audit log with it. */
async function makeFirstAdmin(databaseUrl: string, address: string, unconfirmed: boolean): Promise<void> {
  const parsed = emailAddress.safeParse(address);
  if (!parsed.success) throw new Failure(`${address} is no e-mail address.`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin");
    // One at a time: two who are first would both be.
    await client.query("lock table members in share row exclusive mode");
    const admins = await client.query("select 1 from members where role = 'admin' limit 1");
    if (admins.rowCount !== 0) throw new Failure("There is an admin already: they name others on the page /admin.");
    const { rows } = await client.query<{ id: string; confirmed: boolean }>(
      "select id, email_verified_at is not null as confirmed from members where email_key = $1 and withdrawn_at is null",
      [parsed.data.key],
    );
    const [member] = rows;
    if (member === undefined) throw new Failure(`Nobody has signed up as ${address}: do that first.`);
    if (!member.confirmed && !unconfirmed) {
      throw new Failure("This address is not confirmed: open the link of the mail first (--unconfirmed: mail is off).");
    }
    await client.query("update members set role = 'admin', updated_at = now() where id = $1", [member.id]);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

const usage = `DATABASE_URL=postgres://… npm run first-admin -- you@example.com [--unconfirmed]
  --unconfirmed    the address is not confirmed, because mail is off`;

if (import.meta.main) {
  await command(usage, async (args) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { unconfirmed: { type: "boolean", default: false } },
    });
    const [address] = positionals;
    if (address === undefined) throw new Misuse("Say who: the address they signed up with.");
    const databaseUrl = process.env["DATABASE_URL"];
    if (!databaseUrl) throw new Failure("DATABASE_URL is not set: it names the Postgres of the deployment.");
    await makeFirstAdmin(databaseUrl, address, values.unconfirmed);
    console.log(`✓ ${address} is admin from the next sign-in on.`);
  });
}
