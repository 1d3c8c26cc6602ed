/** Everything a sale needs, each part of which can be taken away and given back while fans are at it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import path from "node:path";
import { bundle } from "../../bench/worker.ts";
import { projectRoot } from "../../dev/children.ts";
import { Failure } from "../../dev/failure.ts";
import type { ListeningServer } from "../../dev/http-server.ts";
import { migrate } from "../../dev/migrate.ts";
import { startNeonEndpoint } from "../../dev/neon-endpoint.ts";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres, type RunningPostgres } from "../../dev/postgres.ts";
import { ensureSecrets, type Secrets } from "../../dev/secrets.ts";
import { objectBindings, readWorkerConfig } from "../../dev/worker-config.ts";
import { startTossSandbox } from "../../dev/toss/server.ts";
import { freePorts } from "../stack/ports.ts";
import type { RuntimeOptions } from "./runtime.ts";

const READY_MS = 60_000;

export class House {
  readonly origin: string;
  readonly tossUrl: string;
  readonly databaseUrl: string;
  readonly secrets: Secrets;
  readonly #folder: string;
  readonly #port: number;
  readonly #options: RuntimeOptions;
  readonly #neon: ListeningServer;
  #postgres: RunningPostgres | null;
  #provider: ListeningServer | null;
  #runtime: ChildProcess | null = null;

  static async build(folder: string): Promise<House> {
    if (process.getuid?.() === 0) letThrough(folder);
    const port = await freePorts(4);
    const secrets = await ensureSecrets();
    const postgres = await startPostgres({ folder: path.join(folder, "postgres"), port: port + 1 });
    await migrate(postgres.url);
    const neon = await startNeonEndpoint({ databaseUrl: postgres.url, port: port + 2 });
    const config = readWorkerConfig();
    const out = path.join(folder, "bundle");
    await bundle(path.join(projectRoot, "wrangler.toml"), out);
    const tossUrl = `http://127.0.0.1:${port + 3}`;
    const options: RuntimeOptions = {
      port,
      folder,
      bundle: path.join(out, "index.js"),
      date: config.date,
      flags: config.flags,
      objects: objectBindings(config),
      bindings: {
        ...secrets,
        DATABASE_URL: postgres.url,
        NEON_HTTP_ENDPOINT: neon.url,
        ALLOWED_ORIGINS: "",
        BEACON_URLS: "",
        PAYMENTS_MODE: "sandbox",
        STRIPE_API_URL: "http://stripe.invalid",
        STRIPE_SDK_URL: "http://stripe.invalid",
        TOSS_API_URL: tossUrl,
        TOSS_SDK_URL: `${tossUrl}/v2/standard`,
      },
    };
    const house = new House(folder, port, postgres, neon, options, secrets, tossUrl);
    await house.restoreProvider();
    await house.startWorker();
    return house;
  }

  private constructor(
    folder: string,
    port: number,
    postgres: RunningPostgres,
    neon: ListeningServer,
    options: RuntimeOptions,
    secrets: Secrets,
    tossUrl: string,
  ) {
    this.#folder = folder;
    this.#port = port;
    this.#postgres = postgres;
    this.#neon = neon;
    this.#options = options;
    this.#provider = null;
    this.secrets = secrets;
    this.tossUrl = tossUrl;
    this.databaseUrl = postgres.url;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** workerd and whatever started it, without a chance to finish anything. */
  async killWorker(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = null;
    if (runtime?.pid === undefined || runtime.exitCode !== null || runtime.signalCode !== null) return;
    const ended = once(runtime, "exit");
    process.kill(-runtime.pid, "SIGKILL");
    await ended;
  }

  async startWorker(): Promise<void> {
    if (this.#runtime !== null) return;
    const log = openSync(path.join(this.#folder, "worker.log"), "a");
    const runtime = fork(path.join(import.meta.dirname, "runtime.ts"), [], {
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    });
    this.#runtime = runtime;
    const ready = new Promise<void>((resolve, reject) => {
      runtime.once("message", () => resolve());
      runtime.once("exit", () => reject(new Failure("The runtime ended while starting.")));
      const late = `The runtime did not start in time: see ${path.join(this.#folder, "worker.log")}.`;
      setTimeout(() => reject(new Failure(late)), READY_MS).unref();
    });
    runtime.send(this.#options);
    await ready;
  }

  async stopPostgres(): Promise<void> {
    await this.#postgres?.stop();
    this.#postgres = null;
  }

  async startPostgres(): Promise<void> {
    this.#postgres ??= await startPostgres({ folder: path.join(this.#folder, "postgres"), port: this.#port + 1 });
  }

  async cutProvider(): Promise<void> {
    await this.#provider?.close();
    this.#provider = null;
  }

  async restoreProvider(): Promise<void> {
    this.#provider ??= await startTossSandbox({
      port: this.#port + 3,
      file: path.join(this.#folder, "toss.sqlite"),
      secretKey: this.secrets.TOSS_SECRET_KEY,
      clientKey: this.secrets.TOSS_CLIENT_KEY,
      webhookUrl: `${this.origin}/api/webhooks/toss`,
    });
  }

  async stop(): Promise<void> {
    await this.killWorker();
    await this.cutProvider();
    await this.#neon.close();
    await this.stopPostgres();
  }
}
