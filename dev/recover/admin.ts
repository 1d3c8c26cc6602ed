/** Whoever recovers something is an admin, and says so by signing in. */
import { z } from "zod";
import { Api } from "../demo/client.ts";
import { Failure } from "../failure.ts";

export async function adminOf(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly api: Api; readonly token: string }> {
  const api = new Api(env["TICKETPING_URL"] ?? "http://localhost:8787");
  const given = env["ADMIN_TOKEN"];
  if (given) return { api, token: given };
  const [email, password] = [env["ADMIN_EMAIL"], env["ADMIN_PASSWORD"]];
  if (!email || !password) throw new Failure("Set ADMIN_EMAIL and ADMIN_PASSWORD, or ADMIN_TOKEN.");
  const answer = z.looseObject({ accessToken: z.string() });
  const { accessToken } = await api.call("POST /api/auth/login", answer, { body: { email, password } });
  return { api, token: accessToken };
}
