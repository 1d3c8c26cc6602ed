/** The scripts of the runbook, run against a stack, and where its objects lie. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { demoAdmin, demoPassword } from "../../dev/demo/accounts.ts";

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Without blocking this process, in which the providers' sandboxes run. */
export async function script(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, output };
}

/** `npm run recover`, as an admin. */
export function recoverAt(origin: string, ...args: readonly string[]): Promise<Ended> {
  const { email: ADMIN_EMAIL } = demoAdmin;
  return script("dev/recover.ts", args, { TICKETPING_URL: origin, ADMIN_EMAIL, ADMIN_PASSWORD: demoPassword });
}

/** Where a stack keeps its Performance objects. */
export function objectFolder(dataDir: string): string {
  return path.join(dataDir, "wrangler/v3/do/ticketping-Performance");
}

export function objectFiles(dataDir: string): readonly string[] {
  const folder = objectFolder(dataDir);
  return readdirSync(folder).map((name) => path.join(folder, name));
}

export async function cronAt(origin: string): Promise<void> {
  await fetch(`${origin}/cdn-cgi/handler/scheduled`);
}
