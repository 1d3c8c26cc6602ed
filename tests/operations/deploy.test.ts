/** What a deployment rests on: environments that do not drift, secrets by name, the freeze, the smoke test, no demo data. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { loadDemoData, loadLargeHalls } from "../../dev/demo-data.ts";
import {
  accountIn,
  askDestinations,
  destinationsOf,
  destinationsSentence,
  destinationTroubles,
} from "../../dev/deploy/destinations.ts";
import { environments, withEnvironments } from "../../dev/deploy/environments.ts";
import { reasonsToWait } from "../../dev/deploy/freeze.ts";
import { checkSecrets, required } from "../../dev/deploy/secrets.ts";
import { smoke } from "../../dev/deploy/smoke.ts";
import { createApp } from "../../workers/edge/app.ts";
import { misplaced, requireRealThings } from "../../workers/real-things.ts";
import { paymentSettings } from "../../workers/payments/settings.ts";
import { families } from "../../workers/watch/metrics/families.ts";
import { metricsText } from "../../workers/watch/metrics/text.ts";
import { figures, SALE, sources } from "./figures.ts";

/** The parts of a configuration that are compared. */
interface Configuration {
  readonly name: string;
  readonly durable_objects: unknown;
  readonly migrations: unknown;
  readonly triggers: unknown;
  readonly assets: unknown;
  readonly compatibility_date: string;
  readonly observability: unknown;
  readonly queues: {
    readonly producers: readonly { readonly queue: string }[];
    readonly consumers: readonly { readonly queue: string; readonly dead_letter_queue?: string }[];
  };
  readonly ratelimits: readonly { readonly namespace_id: string }[];
  readonly analytics_engine_datasets: readonly { readonly binding: string }[];
  readonly vars: Readonly<Record<string, string>>;
}

const configuration = (env?: string): Configuration =>
  unstable_readConfig({ config: "wrangler.toml", ...(env === undefined ? {} : { env }) });

describe("staging and production", () => {
  it("are written from the top level of wrangler.toml (npm run environments)", () => {
    const text = readFileSync("wrangler.toml", "utf8");
    expect(withEnvironments(text)).toBe(text);
  });

  it.each(["staging", "production"])("%s has every binding of the top level, as wrangler reads it", (name) => {
    const top = configuration();
    const own = configuration(name);
    expect(own.name).toBe(`ticketping-${name}`);
    expect(own.durable_objects).toEqual(top.durable_objects);
    expect(own.migrations).toEqual(top.migrations);
    expect(own.triggers).toEqual(top.triggers);
    expect(own.assets).toEqual(top.assets);
    expect(own.compatibility_date).toBe(top.compatibility_date);
    expect(own.observability).toEqual(top.observability);
    const bare = (queue: string | undefined): string => queue?.replace(`ticketping-${name}-`, "ticketping-") ?? "";
    expect(own.queues.producers.map((one) => ({ ...one, queue: bare(one.queue) }))).toEqual(top.queues.producers);
    expect(
      own.queues.consumers.map((one) => ({
        ...one,
        queue: bare(one.queue),
        dead_letter_queue: bare(one.dead_letter_queue),
      })),
    ).toEqual(top.queues.consumers.map((one) => ({ ...one, dead_letter_queue: bare(one.dead_letter_queue) })));
    expect(own.ratelimits.map((one) => ({ ...one, namespace_id: "" }))).toEqual(
      top.ratelimits.map((one) => ({ ...one, namespace_id: "" })),
    );
    expect(own.analytics_engine_datasets.map(({ binding }) => binding)).toEqual(
      top.analytics_engine_datasets.map(({ binding }) => binding),
    );
    expect(
      Object.keys(own.vars)
        .filter((key) => key !== "ENVIRONMENT")
        .toSorted(),
    ).toEqual(Object.keys(top.vars).toSorted());
    // Nothing an account counts or keeps is common to two environments.
    expect(own.queues.producers.every(({ queue }) => queue.includes(`-${name}-`))).toBe(true);
    expect(new Set([...own.ratelimits, ...top.ratelimits].map(({ namespace_id }) => namespace_id)).size).toBe(
      own.ratelimits.length * 2,
    );
  });

  it("production moves real money only, and staging none", () => {
    expect(configuration("production").vars["PAYMENTS_MODE"]).toBe("live");
    expect(configuration("staging").vars["PAYMENTS_MODE"]).toBe("sandbox");
    const vars = configuration("production").vars;
    const settings = paymentSettings({ ...vars, TOSS_CLIENT_KEY: "test_ck_x", TOSS_SECRET_KEY: "test_sk_x" } as never);
    expect(settings.toss).toBeNull();
    expect(settings.problems).not.toEqual([]);
    for (const name of ["NEON_HTTP_ENDPOINT", "BEACON_CHAIN", "TURNSTILE_URL"]) expect(vars[name]).toBeUndefined();
  });

  it("says how objects take new code", () => {
    const text = readFileSync("wrangler.toml", "utf8");
    expect(text).toContain('mode = "deferred"');
    expect(configuration("production").durable_objects).toMatchObject({ code_update_strategy: { mode: "deferred" } });
  });
});

describe("stand-ins and play money", () => {
  /** What a deployment of production is given, secrets included. */
  const real = {
    ...configuration("production").vars,
    ...{ DATABASE_URL: "postgres://u:p@ep-x.aws.neon.tech/d", PUBLIC_ORIGIN: "https://tickets.example" },
    ...{ ALERT_WEBHOOK_URL: "https://discord.com/api/webhooks/1/x", MAIL_API_URL: "https://api.resend.com/emails" },
  };

  it.each([
    ["PAYMENTS_MODE", "sandbox"],
    ["DATABASE_URL", "postgres://u:p@127.0.0.1:5432/ticketping"],
    ["NEON_HTTP_ENDPOINT", "http://127.0.0.1:8788/sql"],
    ["TOSS_API_URL", "http://127.0.0.1:8789"],
    ["STRIPE_API_URL", "http://localhost:8793"],
    ["STRIPE_SDK_URL", "https://localhost:8793/clover/stripe.js"],
    ["TURNSTILE_URL", "http://127.0.0.1:9000"],
    ["MAIL_API_URL", "http://127.0.0.1:8792/emails"],
    ["BEACON_URLS", "https://api.drand.sh,http://127.0.0.1:8791"],
    ["BEACON_CHAIN", "{}"],
    ["LOCAL_WEBHOOKS", "1"],
  ])("cannot start in production: with %s = %s nothing is answered, consumed or done", async (name, value) => {
    const env = { ...real, [name]: value };
    expect(misplaced(env as never)).toEqual([name]);
    expect(() => requireRealThings(env as never)).toThrow(name);
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
    for (const path of ["/healthz", "/api/performances", "/api/auth/login"]) {
      const answer = await createApp().request(path, {}, env, context);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: "misconfigured", evidence: { settings: [name] } });
    }
    // A laptop and staging may have them.
    expect(misplaced({ ...env, ENVIRONMENT: "staging" })).toEqual([]);
  });

  it("are in none of what production is given", () => {
    expect(misplaced(real as never)).toEqual([]);
  });
});

describe("demo data", () => {
  it("is loaded on this machine only, whatever database or address it is given", async () => {
    const log = (): void => undefined;
    const here = { origin: "http://127.0.0.1:1", databaseUrl: "postgres://u:p@127.0.0.1:1/d", log };
    const elsewhere = [{ origin: "https://tickets.example" }, { databaseUrl: "postgres://u:p@ep-x.neon.tech/d" }];
    for (const place of elsewhere) {
      for (const load of [loadDemoData, loadLargeHalls]) {
        await expect(load({ ...here, ...place })).rejects.toThrow("this machine only");
      }
    }
  });

  it("is not in the Worker: nothing it imports lies in dev/", () => {
    const sources = ["workers", "durable-objects"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => `${folder}/${file}`),
    );
    expect(sources.filter((file) => /from "[^"]*\/dev\//.test(readFileSync(file, "utf8")))).toEqual([]);
  });
});

describe("before a deploy", () => {
  it("every version in package.json is exact", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
      "dependencies" | "devDependencies",
      Readonly<Record<string, string>>
    >;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it("missing secrets stop it by name, missing pairs are told", () => {
    expect(checkSecrets(new Set())).toMatchObject({ missing: required });
    const { missing, warnings } = checkSecrets(new Set([...required, "TOSS_CLIENT_KEY"]));
    expect(missing).toEqual([]);
    expect(warnings[0]).toContain("TOSS_SECRET_KEY is missing");
    expect(warnings.some((warning) => warning.includes("Stripe is off"))).toBe(true);
  });

  it("where logs and traces go is said before the first one, by command and page, and nothing where they go nowhere", () => {
    const page = readFileSync("docs/deploy.md", "utf8");
    const once = page.slice(page.indexOf("## Once"), page.indexOf("## Every deploy"));
    for (const environment of environments) {
      const wanted = destinationsOf(environment, "wrangler.toml");
      const names = wanted.map(({ name }) => name);
      expect(wanted).toEqual([
        { name: "ticketping-logs", telemetry: "logs" },
        { name: "ticketping-traces", telemetry: "traces" },
      ]);
      const said = destinationsSentence(wanted) ?? "";
      expect(said).toContain("ticketping-logs and ticketping-traces");
      expect(said).toContain("Before the first deploy");
      for (const name of names) expect(once).toContain(`\`${name}\``);
    }
    const folder = mkdtempSync(path.join(tmpdir(), "ticketping-destinations-"));
    try {
      const file = path.join(folder, "wrangler.toml");
      const text = readFileSync("wrangler.toml", "utf8").replaceAll(/^destinations = .*$/gm, "destinations = []");
      writeFileSync(file, text);
      expect(destinationsSentence(destinationsOf("production", file))).toBeNull();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  describe("whether these exist is asked of the account", () => {
    const wanted = destinationsOf("production", "wrangler.toml");
    const logs = {
      ...{ slug: "ticketping-logs", name: "ticketping-logs", enabled: true },
      configuration: { logpushDataset: "opentelemetry-logs" },
    };
    const traces = {
      ...{ slug: "ticketping-traces", name: "ticketping-traces", enabled: true },
      configuration: { logpushDataset: "opentelemetry-traces" },
    };
    const account = { id: "an account", token: "a token" };

    async function asked(pages: readonly unknown[] | number): Promise<unknown> {
      const requests: string[] = [];
      const server = createServer((request, response) => {
        requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        const page = Number(new URL(request.url ?? "", "http://x").searchParams.get("page"));
        if (typeof pages === "number") response.writeHead(pages).end("{}");
        else response.end(JSON.stringify({ success: true, result: pages[page - 1] ?? [] }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      try {
        const answer = await askDestinations(account, `http://127.0.0.1:${address.port}`);
        expect(requests[0]).toBe(
          "GET /accounts/an%20account/workers/observability/destinations?page=1&perPage=100 Bearer a token",
        );
        return answer;
      } finally {
        server.close();
      }
    }

    it("page by page, and not more often than there is something new", async () => {
      expect(await asked([[logs], [traces]])).toEqual([logs, traces]);
      expect(await asked([[logs], [logs], [traces]])).toEqual([logs]);
      expect(await asked([])).toEqual([]);
    });

    it("which may not answer, and then it is not verified rather than wrong", async () => {
      expect(await asked(403)).toContain("Cloudflare answered 403");
      expect(await asked([[{ name: "without a slug" }]])).toContain("no answer that can be read");
      expect(await askDestinations(account, "http://127.0.0.1:9")).toContain("no answer that can be read");
    });

    it("only where a script may: not for who is signed in by a browser", () => {
      expect(accountIn({ CLOUDFLARE_ACCOUNT_ID: "i", CLOUDFLARE_API_TOKEN: "t" })).toEqual({ id: "i", token: "t" });
      for (const env of [{}, { CLOUDFLARE_ACCOUNT_ID: "i" }, { CLOUDFLARE_API_TOKEN: "t", CLOUDFLARE_ACCOUNT_ID: "" }])
        expect(accountIn(env)).toBeNull();
    });

    it("and one that is missing, off, or for the other thing stops the deploy", () => {
      expect(destinationTroubles(wanted, [logs, { ...traces, slug: "other" }])).toEqual([]);
      expect(destinationTroubles(wanted, [logs])).toEqual([
        "the destination ticketping-traces does not exist in the account",
      ]);
      const swapped = { ...traces, configuration: logs.configuration };
      expect(destinationTroubles(wanted, [{ ...logs, enabled: false }, swapped])).toEqual([
        "the destination ticketping-logs is switched off",
        "the destination ticketping-traces takes opentelemetry-logs, and traces are sent to it",
      ]);
    });
  });

  it("it waits while people wait, and not otherwise", () => {
    const at = (change: Parameters<typeof figures>[0], now = 0) =>
      reasonsToWait(
        metricsText(families, sources({ now, sales: [{ id: SALE, figures: figures(change) }] }), "openmetrics"),
      );
    const { status } = figures();
    expect(at({})).toEqual([]);
    expect(at({ status: { ...status, waiting: 500 } })).toEqual([`${SALE} is on sale, 502 people wait or book`]);
    expect(at({ status: { ...status, phase: "sealed" } })).toHaveLength(1);
    expect(at({ status: { ...status, phase: "scheduled", openAt: 1_800_000 } })).toEqual([
      `${SALE} opens in 30 minutes`,
    ]);
    expect(at({ status: { ...status, phase: "scheduled", openAt: 7_200_000 } })).toEqual([]);
  });
});

describe("the smoke test", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serving(health: unknown, metrics = 401): Promise<string> {
    const bodies: Readonly<Record<string, unknown>> = {
      "/healthz": health,
      "/.well-known/jwks.json": { keys: [{ kid: "k" }] },
      "/api/performances": { items: [], nextCursor: null },
    };
    const server = createServer((request, response) => {
      const body = bodies[request.url ?? ""];
      response
        .writeHead(request.url === "/metrics" ? metrics : body === undefined ? 404 : 200)
        .end(JSON.stringify(body ?? {}));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }
  const well = {
    status: "ok",
    parts: { performances: "ok", postgres: "ok", events: "ok", toss: "ok" },
    payments: { mode: "live", settings: "ok" },
  };

  it("finds nothing wrong with what is well", async () => {
    expect(await smoke(await serving(well), "production")).toEqual([]);
  });

  it("finds play money in production, a database that does not answer, open metrics, and nobody at home", async () => {
    const found = await smoke(
      await serving(
        { ...well, parts: { ...well.parts, postgres: "down" }, payments: { mode: "sandbox", settings: "ok" } },
        200,
      ),
      "production",
    );
    expect(found).toHaveLength(3);
    expect(await smoke("http://127.0.0.1:9", "staging")).toHaveLength(4);
  });
});
