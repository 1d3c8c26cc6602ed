/** How a script for whoever runs the service reaches it: its address, and the token that monitoring has too. */
import { existsSync, readFileSync } from "node:fs";
import { Api } from "./demo/client.ts";
import { Failure } from "./failure.ts";
import { parseVars, secretsFile } from "./secrets.ts";

export interface Operations {
  readonly api: Api;
  readonly token: string;
}

/** TICKETPING_URL and METRICS_TOKEN say which service; without them it is the one on this machine. */
export function operations(env: Readonly<Record<string, string | undefined>> = process.env): Operations {
  const token =
    env["METRICS_TOKEN"] ??
    (existsSync(secretsFile) ? parseVars(readFileSync(secretsFile, "utf8"))["METRICS_TOKEN"] : undefined);
  if (!token) throw new Failure("METRICS_TOKEN is not set: it is the token of /metrics.");
  return { api: new Api(env["TICKETPING_URL"] ?? "http://localhost:8787"), token };
}
