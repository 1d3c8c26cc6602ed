/**
 * The whole of TicketPing on one machine: Postgres, Neon's endpoint before it, a payment provider, the pages and the
 * Worker. `npm start`, the demo and the tests start it through here.
 *
 * Postgres, the page build and the Worker are processes of their own; the two stand-ins run in the caller's process,
 * because they are small and end with it. Everything the stack keeps lies in its data folder.
 */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startBeacon } from "./beacon.ts";
import { Children, projectRoot } from "./children.ts";
import { Failure } from "./failure.ts";
import { startInbox } from "./mail/server.ts";
import { migrate } from "./migrate.ts";
import { startNeonEndpoint } from "./neon-endpoint.ts";
import { buildPages } from "./pages.ts";
import { letThrough } from "./passage.ts";
import { portsFrom, requireFree, type Ports } from "./ports.ts";
import { startPostgres } from "./postgres.ts";
import { announce } from "./running.ts";
import { ensureSecrets } from "./secrets.ts";
import { startStripeSandbox } from "./stripe/server.ts";
import { startTossSandbox } from "./toss/server.ts";
import { startWorker } from "./worker.ts";

/** What a stack makes in its data folder, and `fresh` removes: nothing else, whatever folder is named. */
const made = [
  "postgres",
  "wrangler",
  "beacon.json",
  "toss.sqlite",
  "toss.sqlite-wal",
  "toss.sqlite-shm",
  "stripe.sqlite",
  "stripe.sqlite-wal",
  "stripe.sqlite-shm",
  "worker.vars",
  "worker.log",
  "pages.log",
];

export interface StackOptions {
  /**
   * Of the pages and the API; the next six are taken by Neon's endpoint, the Toss sandbox, Postgres, the beacon,
   * the inbox and the Stripe sandbox.
   */
  readonly port?: number;
  readonly dataDir?: string;
  /** Start with nothing: no records, no live objects, no payments. */
  readonly fresh?: boolean;
  readonly demoData?: boolean;
  /** An existing Postgres, used instead of starting one. */
  readonly databaseUrl?: string | undefined;
  /** Settings of the Worker besides, such as another than its usual Turnstile. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told of each finished step; without it the stack is quiet. */
  readonly log?: (line: string) => void;
  /** Told before a step that takes time. */
  readonly begin?: (step: string) => void;
  /** Gives up while starting. */
  readonly signal?: AbortSignal;
}

export interface Stack {
  readonly origin: string;
  readonly databaseUrl: string;
  /** Null when the database is Neon itself. */
  readonly neonEndpoint: string | null;
  readonly tossUrl: string;
  readonly stripeUrl: string;
  readonly inboxUrl: string;
  readonly dataDir: string;
  /** Settles, with a sentence, when a part ended that nobody stopped. The rest still runs: call stop(). */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dataDir = path.resolve(projectRoot, options.dataDir ?? ".data");
  const parts = new AsyncDisposableStack();
  try {
    return await startParts(options, dataDir, parts);
  } catch (error) {
    await parts.disposeAsync();
    throw options.signal?.aborted ? new Failure("Stopped before everything was ready.") : error;
  }
}

async function startParts(options: StackOptions, dataDir: string, parts: AsyncDisposableStack): Promise<Stack> {
  const ports = portsFrom(options.port ?? 8787);
  const step = stepper(options);
  let reportBroken: (sentence: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => (reportBroken = resolve));

  const children = await Children.takeOver(dataDir);
  parts.defer(() => children.release());
  // As root Postgres runs as another user, who must reach its folder through this one.
  if (process.getuid?.() === 0) letThrough(dataDir);
  if (options.fresh) for (const name of made) rmSync(path.join(dataDir, name), { recursive: true, force: true });
  await requireFree(neededPorts(ports, options.databaseUrl));

  const secrets = await step("Secrets", () => ensureSecrets());

  const databaseUrl =
    options.databaseUrl ??
    (await step("Postgres", async () => {
      const postgres = await startPostgres({ folder: path.join(dataDir, "postgres"), port: ports.postgres });
      parts.defer(() => postgres.stop());
      const child = children.adopt("Postgres", postgres.process);
      void child.exited.then(({ words }) =>
        reportBroken(`Postgres ${words}: see ${path.join(dataDir, "postgres/postgres.log")}.`),
      );
      return postgres.url;
    }));

  const neonEndpoint = isNeon(databaseUrl)
    ? null
    : await step("Neon endpoint", async () => {
        const endpoint = await startNeonEndpoint({ databaseUrl, port: ports.neonEndpoint });
        parts.defer(() => endpoint.close());
        return endpoint.url;
      });

  const beacon = await step("Beacon", async () => {
    const running = await startBeacon({ port: ports.beacon, file: path.join(dataDir, "beacon.json") });
    parts.defer(() => running.close());
    return running;
  });

  await step("Migrations", () => migrate(databaseUrl));

  const tossUrl = await step("Toss sandbox", async () => {
    const sandbox = await startTossSandbox({
      port: ports.toss,
      file: path.join(dataDir, "toss.sqlite"),
      secretKey: secrets.TOSS_SECRET_KEY,
      clientKey: secrets.TOSS_CLIENT_KEY,
      webhookUrl: `http://127.0.0.1:${ports.worker}/api/webhooks/toss`,
    });
    parts.defer(() => sandbox.close());
    return sandbox.url;
  });

  const inboxUrl = await step("Inbox", async () => {
    const inbox = await startInbox({ port: ports.inbox, key: secrets.MAIL_API_KEY });
    parts.defer(() => inbox.close());
    return inbox.url;
  });

  const stripeUrl = await step("Stripe sandbox", async () => {
    const sandbox = await startStripeSandbox({
      port: ports.stripe,
      file: path.join(dataDir, "stripe.sqlite"),
      secretKey: secrets.STRIPE_SECRET_KEY,
      publishableKey: secrets.STRIPE_PUBLISHABLE_KEY,
      webhookSecret: secrets.STRIPE_WEBHOOK_SECRET,
      webhookUrl: `http://127.0.0.1:${ports.worker}/api/webhooks/stripe`,
    });
    parts.defer(() => sandbox.close());
    return sandbox.url;
  });

  await step("Pages", () => buildPages(children, path.join(dataDir, "pages.log")));

  const origin = await step("Worker", async () => {
    mkdirSync(path.join(dataDir, "wrangler"), { recursive: true });
    const worker = await startWorker(children, {
      dataDir,
      port: ports.worker,
      settings: {
        DATABASE_URL: databaseUrl,
        ...(neonEndpoint === null ? {} : { NEON_HTTP_ENDPOINT: neonEndpoint }),
        BEACON_URLS: beacon.url,
        BEACON_CHAIN: JSON.stringify(beacon.chain),
        PAYMENTS_MODE: "sandbox",
        TOSS_API_URL: tossUrl,
        TOSS_SDK_URL: `${tossUrl}/v2/standard`,
        STRIPE_API_URL: stripeUrl,
        STRIPE_SDK_URL: `${stripeUrl}/clover/stripe.js`,
        PUBLIC_ORIGIN: `http://127.0.0.1:${ports.worker}`,
        LOCAL_WEBHOOKS: "1",
        ...options.settings,
        MAIL_API_URL: `${inboxUrl}/emails`,
        MAIL_FROM: "TicketPing <no-reply@ticketping.test>",
      },
      signal: options.signal,
    });
    parts.defer(() => worker.stop());
    void worker.broken.then(reportBroken);
    return worker.origin;
  });

  if (options.demoData ?? true) {
    await step("Demo data", async () => {
      const { loadDemoData } = await import("./demo-data.ts");
      await loadDemoData({ origin, databaseUrl, log: (line) => options.log?.(`  ${line}`) });
    });
  }
  parts.defer(announce(dataDir, { origin, databaseUrl, tossUrl, stripeUrl, inboxUrl }));
  const stop = (): Promise<void> => parts.disposeAsync();
  return { origin, databaseUrl, neonEndpoint, tossUrl, stripeUrl, inboxUrl, dataDir, broken, stop };
}

function stepper({ log, begin, signal }: StackOptions): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  return async (name, work) => {
    signal?.throwIfAborted();
    begin?.(name);
    const startedAt = performance.now();
    const result = await work();
    signal?.throwIfAborted();
    log?.(`✓ ${name.padEnd(14)} ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`);
    return result;
  };
}

function neededPorts(ports: Ports, databaseUrl: string | undefined): (readonly [string, number])[] {
  const needed: (readonly [string, number])[] = [
    ["the pages and the API", ports.worker],
    ["the Toss sandbox", ports.toss],
    ["the beacon", ports.beacon],
    ["the inbox", ports.inbox],
    ["the Stripe sandbox", ports.stripe],
  ];
  if (databaseUrl === undefined) needed.push(["Postgres", ports.postgres]);
  if (databaseUrl === undefined || !isNeon(databaseUrl)) needed.push(["the Neon endpoint", ports.neonEndpoint]);
  return needed;
}

function isNeon(databaseUrl: string): boolean {
  if (!URL.canParse(databaseUrl))
    throw new Failure("DATABASE_URL is not a URL such as postgres://user:password@host/database.");
  return new URL(databaseUrl).hostname.endsWith(".neon.tech");
}
