/** A real Prometheus on this machine that scrapes the Worker and evaluates our rules. */
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { projectRoot } from "./children.ts";
import { Failure } from "./failure.ts";

const READY_MS = 30_000;

export interface PrometheusOptions {
  readonly port: number;
  readonly folder: string;
  readonly origin: string;
  readonly token: string;
  readonly everySeconds: number;
}

export interface Prometheus {
  readonly url: string;
  readonly ended: Promise<void>;
  /** The value of each series a query finds. */
  query(expr: string): Promise<readonly Series[]>;
  stop(): Promise<void>;
}

const series = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]).transform(([, value]) => Number(value)),
});
export type Series = z.infer<typeof series>;
const answer = z.object({ status: z.literal("success"), data: z.object({ result: z.array(series) }) });

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  mkdirSync(options.folder, { recursive: true });
  const config = path.join(options.folder, "prometheus.json");
  const rules = path.join(options.folder, "alerts.yml");
  const token = path.join(options.folder, "token");
  copyFileSync(path.join(projectRoot, "docs/operations/alerts.yml"), rules);
  writeFileSync(token, options.token, { mode: 0o600 });
  writeFileSync(config, JSON.stringify(configuration(options, rules, token)));
  const logFile = path.join(options.folder, "prometheus.log");
  const log = openSync(logFile, "w");
  const url = `http://127.0.0.1:${options.port}`;
  const child = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(options.folder, "series")}`,
      `--web.listen-address=127.0.0.1:${options.port}`,
    ],
    { stdio: ["ignore", log, log] },
  );
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  }).then(() => void (over = true));
  const stop = async (): Promise<void> => {
    if (!over) child.kill("SIGTERM");
    await ended;
  };
  for (const until = Date.now() + READY_MS; !(await isReady(url)); await sleep(100)) {
    if (!over && Date.now() < until) continue;
    await stop();
    const said = readFileSync(logFile, "utf8").trim().split("\n").at(-1) ?? "";
    throw new Failure(said === "" ? "Prometheus is not installed (Debian: apt-get install prometheus)." : said);
  }
  return { url, ended, query: (expr) => query(url, expr), stop };
}

/** JSON is YAML. */
function configuration({ origin, everySeconds }: PrometheusOptions, rules: string, token: string): unknown {
  const interval = `${everySeconds}s`;
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: "ticketping",
        authorization: { type: "Bearer", credentials_file: token },
        static_configs: [{ targets: [new URL(origin).host] }],
      },
    ],
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

async function query(url: string, expr: string): Promise<readonly Series[]> {
  const asked = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  return answer.parse(await asked.json()).data.result;
}
