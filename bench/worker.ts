/**
 * The real bundle under Miniflare, with durable objects on disk and a direct socket (its front door costs more than our
 * code), and beside it the driver: a Worker of its own, in an isolate of its own, that calls the same objects from inside
 * the runtime. So calls of an object are measured, not HTTP.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { z } from "zod";
import { projectRoot } from "../dev/children.ts";
import { Failure } from "../dev/failure.ts";
import { ensureSecrets, type Secrets } from "../dev/secrets.ts";
import { objectBindings, readWorkerConfig, type WorkerConfig } from "../dev/worker-config.ts";
import { childNamed } from "./machine.ts";

export interface Bench {
  /** The product's own address. */
  readonly product: string;
  /** The same Worker in front of lobbies that do nothing, and with its own lobbies in front of an object that does nothing. */
  readonly edgeOnly: string;
  readonly edgeAndLobby: string;
  readonly secrets: Secrets;
  /** The runtime's process. */
  readonly pid: number;
  readonly inspector: string;
  /** Asks the driver; what it answers is checked by the schema. */
  ask<Answer>(route: string, input: unknown, answer: z.ZodType<Answer>): Promise<Answer>;
  readonly driver: string;
  /** Throws the object's memory away, as an eviction does; its next call starts it from storage. */
  evict(performanceId: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The product with rate limiters that let everybody pass. Cloudflare's are counters in the same machine; the local runtime's
 * stand-ins are a Worker of their own, whose calls took a quarter of the processor time of a join in a profile of one.
 */
const WITHOUT_LIMITERS = `
  import product from "./product.mjs";
  export * from "./product.mjs";
  const open = { limit: () => Promise.resolve({ success: true }) };
  const limiters = { RATE_SIGN_IN: open, RATE_MEMBER: open, RATE_ADDRESS: open, RATE_ACCOUNT: open };
  // One environment for an isolate, as on the platform: what the product keeps by it must not be found out for each request.
  let before, without;
  const limitless = (env) => {
    if (before !== env) [before, without] = [env, { ...env, ...limiters }];
    return without;
  };
  export default { ...product, fetch: (request, env, context) => product.fetch(request, limitless(env), context) };
`;

const PRODUCT = "ticketping";
const DRIVER = "bench";
const EDGE_ONLY = "edge-only";
const EDGE_AND_LOBBY = "edge-and-lobby";

export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-bench-"));
  const parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    return await start(folder, parts);
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

async function start(folder: string, parts: AsyncDisposableStack): Promise<Bench> {
  const secrets = await ensureSecrets(path.join(folder, "secrets"));
  const config = readWorkerConfig();
  const [product, driver] = await bundles(config);
  const common = {
    modules: true,
    compatibilityDate: config.date,
    compatibilityFlags: config.flags,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    // Nothing that is measured here may depend on the world outside.
    outboundService: () => new Response(null, { status: 503 }),
    // Events stay in the queue: there are no records behind it.
    queueProducers: { EVENTS: "ticketping-events" },
  };
  const bindings = {
    ...secrets,
    DATABASE_URL: "postgres://nobody:nothing@records.invalid/none",
    NEON_HTTP_ENDPOINT: "http://records.invalid/sql",
    ALLOWED_ORIGINS: "",
    PAYMENTS_MODE: "live",
    TOSS_API_URL: "http://toss.invalid",
    TOSS_SDK_URL: "http://toss.invalid",
  };
  const edge = {
    ...common,
    modules: [
      { type: "ESModule" as const, path: "index.mjs", contents: WITHOUT_LIMITERS },
      { type: "ESModule" as const, path: "product.mjs", contents: product },
    ],
    modulesRoot: "/",
    bindings,
  };
  const nothing = (className: string): { className: string; useSQLite: true; scriptName: string } => ({
    className,
    useSQLite: true,
    scriptName: DRIVER,
  });
  const workers: V4WorkerOptions[] = [
    { ...edge, name: PRODUCT, durableObjects: objectBindings(config) },
    {
      ...edge,
      name: EDGE_ONLY,
      durableObjects: { ...objectBindings(config), PERFORMANCE: nothing("StandIn"), LOBBY: nothing("StandInLobby") },
    },
    { ...edge, name: EDGE_AND_LOBBY, durableObjects: { ...objectBindings(config), PERFORMANCE: nothing("StandIn") } },
    {
      ...common,
      name: DRIVER,
      script: driver,
      bindings: { PASS_KEYS: secrets.PASS_KEYS },
      durableObjects: {
        ...objectBindings(config, PRODUCT),
        STAND_IN: { className: "StandIn", useSQLite: true },
        STAND_IN_LOBBY: { className: "StandInLobby", useSQLite: true },
        COUNTED: { className: "CountedPerformance", useSQLite: true },
      },
    },
  ];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: path.join(folder, "objects"),
      inspectorPort: 0,
      cf: false,
      // Standard output is for the report; what the Workers say matters when something goes wrong.
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error" || level === "warn") console.error(message);
      },
      workers,
    }),
  );
  parts.defer(() => miniflare.dispose());
  await miniflare.ready;
  const driverUrl = (await miniflare.unsafeGetDirectURL(DRIVER)).href;
  const addressOf = async (name: string): Promise<string> => (await miniflare.unsafeGetDirectURL(name)).href;
  return {
    product: await addressOf(PRODUCT),
    edgeOnly: await addressOf(EDGE_ONLY),
    edgeAndLobby: await addressOf(EDGE_AND_LOBBY),
    driver: driverUrl,
    secrets,
    pid: childNamed("workerd"),
    inspector: (await miniflare.getInspectorURL()).href,
    async ask(route, input, answer) {
      const response = await fetch(new URL(`/${route}`, driverUrl), { method: "POST", body: JSON.stringify(input) });
      const text = await response.text();
      if (!response.ok) throw new Error(`the driver's ${route} failed: ${text.slice(0, 500)}`);
      return answer.parse(JSON.parse(text));
    },
    evict: (name) => miniflare.unsafeEvictDurableObject(PRODUCT, "Performance", { name }),
    stop: () => parts.disposeAsync(),
  };
}

const made: { bundles?: Promise<readonly [string, string]> } = {};

/** The two Workers as `wrangler deploy` would upload them, one module each; bundled once a run. */
function bundles(config: WorkerConfig): Promise<readonly [product: string, driver: string]> {
  return (made.bundles ??= makeBundles(config));
}

async function makeBundles(config: WorkerConfig): Promise<readonly [string, string]> {
  // The product's configuration names the folder of the built pages; a fresh clone has none yet.
  mkdirSync(path.join(projectRoot, "dist/web"), { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-bundle-"));
  try {
    const driverConfig = path.join(folder, "driver.json");
    const main = path.join(projectRoot, "bench/driver.ts");
    const text = { name: DRIVER, main, compatibility_date: config.date, compatibility_flags: config.flags };
    writeFileSync(driverConfig, JSON.stringify(text));
    await bundle(path.join(projectRoot, "wrangler.toml"), folder);
    await bundle(driverConfig, folder);
    return [readFileSync(path.join(folder, "index.js"), "utf8"), readFileSync(path.join(folder, "driver.js"), "utf8")];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bundle(config: string, out: string): Promise<void> {
  const wrangler = path.join(projectRoot, "node_modules/wrangler/bin/wrangler.js");
  const child = spawn(process.execPath, [wrangler, "deploy", "--config", config, "--dry-run", "--outdir", out], {
    cwd: projectRoot,
    env: { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" },
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Failure(`A Worker could not be bundled:\n${said}`);
}
