/** Demo accounts through the public routes; only the organiser's and the admin's roles are given in the database, which is how a deployment gets its first admin. */
import pg from "pg";
import { z } from "zod";
import { demoAdmin, demoFans, demoOrganiser, demoPassword } from "./accounts.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess, verifyAccess } from "../../workers/edge/auth/session.ts";
import { Failure } from "../failure.ts";
import { readSecrets } from "../secrets.ts";
import { ApiFailure, type Api } from "./client.ts";
import { foundOrganisations } from "./organisation.ts";

/** Signs up whoever is missing and answers the organiser's access token. */
export async function organiserToken(api: Api, databaseUrl: string): Promise<string> {
  for (const { email, nickname } of [demoOrganiser, demoAdmin, ...demoFans]) {
    try {
      await api.call("POST /api/auth/signup", z.unknown(), { body: { email, nickname, password: demoPassword } });
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.code !== "email-taken") throw error;
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      "update members set role = 'organiser', updated_at = now() where email_key = $1 and role = 'member'",
      [demoOrganiser.email],
    );
    await foundOrganisations(client, [demoOrganiser.email]);
    await client.query("update members set role = 'admin' where email_key = $1", [demoAdmin.email]);
    await client.query(
      "update members set email_verified_at = now() where email_key = any($1) and email_verified_at is null",
      [[demoOrganiser, demoAdmin, ...demoFans].map(({ email }) => email)],
    );
  } finally {
    await client.end();
  }
  const body = { email: demoOrganiser.email, password: demoPassword };
  const { accessToken } = await api.call("POST /api/auth/login", z.looseObject({ accessToken: z.string() }), { body });
  return longer(accessToken);
}

/** A demo or a test may outlast an access token and renews nothing: the same claims for an hour, signed with our own keys. */
async function longer(token: string): Promise<string> {
  const keys = await keySet(readSecrets().SESSION_KEYS);
  const now = Date.now();
  const verified = await verifyAccess(keys, token, now);
  if (!verified.ok) throw new Failure("The running stack signs with other keys than those of .dev.vars.");
  return signAccess(keys, verified.value, now, 3_600_000);
}
