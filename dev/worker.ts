/** Runs the Worker on this machine with `wrangler dev`, until it answers that it is well. */
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { projectRoot, type Child, type Children } from "./children.ts";
import { Failure } from "./failure.ts";
import { formatVar, secretsFile } from "./secrets.ts";

const READY_MS = 90_000;
/** As often as the cron trigger in wrangler.toml, which the local runtime does not fire by itself. */
const CRON_MS = 60_000;
/** wrangler restarts a runtime that dies; a port that refuses this often in a row says that it failed. A slow answer does not. */
const WATCH_MS = 3_000;
const REFUSALS = 3;

export interface WorkerOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Settings besides the secrets in .dev.vars. */
  readonly settings: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface RunningWorker {
  readonly origin: string;
  /** Settles, with a sentence, when it ended or no longer answers although nobody stopped it. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export async function startWorker(children: Children, options: WorkerOptions): Promise<RunningWorker> {
  const origin = `http://127.0.0.1:${options.port}`;
  const logFile = path.join(options.dataDir, "worker.log");
  const child = children.start("Worker", wranglerCommand(options), {
    logFile,
    env: {
      // Nobody sits at wrangler's keyboard: no questions, no colours, no figures sent home.
      CI: "1",
      NO_COLOR: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      // Several stacks on one machine keep apart.
      WRANGLER_REGISTRY_PATH: path.join(options.dataDir, "wrangler/registry"),
      WRANGLER_LOG_PATH: path.join(options.dataDir, "wrangler/logs"),
    },
  });
  try {
    await untilHealthy(origin, child, logFile, options.signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  const cron = setInterval(() => void fetch(`${origin}/cdn-cgi/handler/scheduled`).catch(() => undefined), CRON_MS);
  const watch = watchPort(options.port);
  const deaf = watch.refusing.then(() => `The Worker no longer answers: see ${logFile}.`);
  const dead = child.exited.then(({ words }) => `The Worker ${words}: see ${logFile}.`);
  return {
    origin,
    broken: Promise.race([deaf, dead]),
    stop: async () => {
      clearInterval(cron);
      watch.stop();
      await child.stop();
    },
  };
}

function watchPort(port: number): { readonly refusing: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const refusing = new Promise<void>((resolve) => {
    let refusals = 0;
    timer = setInterval(() => {
      const socket = connect(port, "127.0.0.1", () => {
        refusals = 0;
        socket.destroy();
      });
      socket.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ECONNREFUSED") refusals += 1;
        if (refusals === REFUSALS) resolve();
      });
    }, WATCH_MS);
  });
  return { refusing, stop: () => clearInterval(timer) };
}

/**
 * Settings go through a file, for a command line can be read by everybody on the machine, and a database URL has a
 * password in it.
 */
function wranglerCommand({ dataDir, port, settings }: WorkerOptions): string[] {
  const settingsFile = path.join(dataDir, "worker.vars");
  const lines = Object.entries(settings).map(([name, value]) => formatVar(name, withoutQuotes(value)));
  writeFileSync(settingsFile, lines.join(""), { mode: 0o600 });
  return [
    process.execPath,
    path.join(projectRoot, "node_modules/wrangler/bin/wrangler.js"),
    "dev",
    ...["--config", path.join(projectRoot, "wrangler.toml")],
    ...["--port", String(port), "--ip", "127.0.0.1", "--inspector-port", "0", "--local"],
    ...["--persist-to", path.join(dataDir, "wrangler")],
    ...["--env-file", secretsFile, "--env-file", settingsFile],
    "--show-interactive-dev-session=false",
  ];
}

/** In a URL these mean the same when percent-encoded, and in a .dev.vars file they mean nothing else. */
function withoutQuotes(url: string): string {
  return url.replaceAll("'", "%27").replaceAll("$", "%24");
}

async function untilHealthy(
  origin: string,
  child: Child,
  logFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let ended = false;
  void child.exited.then(() => (ended = true));
  const until = Date.now() + READY_MS;
  let last = "it did not answer";
  while (Date.now() < until) {
    signal?.throwIfAborted();
    if (ended)
      throw new Failure(`The Worker ended while starting: ${complaint(logFile) ?? "no reason given"} (${logFile}).`);
    try {
      const response = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      if (response.status === 200) return;
      last = `/healthz answered ${response.status}`;
    } catch {
      // Not listening yet.
    }
    await sleep(150);
  }
  throw new Failure(
    `The Worker was not ready after ${READY_MS / 1000} seconds: ${complaint(logFile) ?? last} (${logFile}).`,
  );
}

/** What wrangler complained about, without its decoration; of several complaints the one nearest the cause. */
function complaint(logFile: string): string | null {
  const text = stripVTControlCharacters(readFileSync(logFile, "utf8"));
  const uncaught = /Uncaught (.+?)(?:\\n|"|$)/m.exec(text)?.[1];
  const errors = [...text.matchAll(/\[ERROR\] (.+)$/gm)].map((match) => match[1]?.trim());
  return uncaught ?? errors.at(-1) ?? null;
}
