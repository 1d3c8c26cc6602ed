/**
 * The runtime as a process of its own, so that it can be killed outright: the built bundle on workerd, objects on disk, the event
 * queue in memory (what was in it is lost with the process), a direct socket. The parent leads its process group.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { ObjectBinding } from "../../dev/worker-config.ts";

export interface RuntimeOptions {
  readonly port: number;
  /** Objects live here, and survive. */
  readonly folder: string;
  /** The Worker as `wrangler deploy` would upload it. */
  readonly bundle: string;
  readonly date: string;
  readonly flags: readonly string[];
  readonly objects: Record<string, ObjectBinding>;
  readonly bindings: Readonly<Record<string, string>>;
}

const NAME = "ticketping";
/** In production a cron does it once a minute. */
const POKE_MS = 10_000;

process.once("message", (options: RuntimeOptions) => void run(options));
process.once("disconnect", () => process.exit());

async function run({ port, folder, bundle, date, flags, objects, bindings }: RuntimeOptions): Promise<void> {
  const events = { maxBatchSize: 100, maxBatchTimeout: 1, maxRetries: 20, retryDelay: 5 };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: path.join(folder, "objects"),
      cf: false,
      unsafeTriggerHandlers: true,
      workers: [
        {
          name: NAME,
          modules: true,
          script: readFileSync(bundle, "utf8"),
          compatibilityDate: date,
          compatibilityFlags: [...flags],
          unsafeDirectSockets: [{ host: "127.0.0.1", port }],
          bindings: { ...bindings },
          durableObjects: objects,
          queueProducers: { EVENTS: "ticketping-events", NOTICES: "ticketping-notices" },
          queueConsumers: {
            "ticketping-events": { ...events, deadLetterQueue: "ticketping-events-dead" },
            "ticketping-events-dead": { maxBatchSize: 100, maxBatchTimeout: 1, maxRetries: 100 },
            "ticketping-notices": { maxBatchSize: 20, maxBatchTimeout: 1, maxRetries: 20 },
          },
          ratelimits: {
            RATE_SIGN_IN: { namespace_id: "1001", simple: { limit: 30, period: 60 } },
            RATE_MEMBER: { namespace_id: "1002", simple: { limit: 300, period: 60 } },
            // All fans have one address.
            RATE_ADDRESS: { namespace_id: "1003", simple: { limit: 10_000_000, period: 60 } },
            RATE_ACCOUNT: { namespace_id: "1004", simple: { limit: 20, period: 60 } },
          },
        },
      ],
    }),
  );
  const entrance = await miniflare.ready;
  // By HTTP: Miniflare's own stub of a Worker blocks this process until there is an answer, and workerd, whose log this
  // process reads, stops at a full pipe and never gives one.
  const cron = new URL("/cdn-cgi/handler/scheduled", entrance);
  setInterval(
    () =>
      void fetch(cron)
        .then((answer) => answer.body?.cancel())
        .catch(() => undefined),
    POKE_MS,
  );
  process.send?.("ready");
}
