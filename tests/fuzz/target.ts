/**
 * What the fuzz run shoots at: the built bundle under Miniflare with a direct socket, a real Postgres behind it, and in it
 * an organiser with a sale, fans, and somebody who has been let in. `wrangler dev` would take half an hour for the same.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import pg from "pg";
import { z } from "zod";
import { bundle } from "../../bench/worker.ts";
import { projectRoot } from "../../dev/children.ts";
import { OrganiserCatalogue } from "../../dev/demo/catalogue.ts";
import { Api } from "../../dev/demo/client.ts";
import { crowd } from "../../dev/demo/crowd.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { foundOrganisations } from "../../dev/demo/organisation.ts";
import { migrate } from "../../dev/migrate.ts";
import { startNeonEndpoint } from "../../dev/neon-endpoint.ts";
import { letThrough } from "../../dev/passage.ts";
import { startPostgres } from "../../dev/postgres.ts";
import { ensureSecrets } from "../../dev/secrets.ts";
import { objectBindings, readWorkerConfig } from "../../dev/worker-config.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";
import { freePort } from "../stack/ports.ts";

const DAY = 86_400_000;

/** Credentials to ask with; none of them may do what the sale's organiser and the one inside may. */
export interface Callers {
  readonly organiser: string;
  readonly otherOrganiser: string;
  readonly inside: { readonly token: string; readonly pass: string };
  readonly fans: readonly string[];
  readonly queueTicket: string;
}

export interface FuzzTarget {
  readonly origin: string;
  readonly performanceId: string;
  readonly scheduleId: string;
  /** Sales that ask for something before joining: for a code, and for a verifier. */
  readonly asking: readonly string[];
  readonly callers: Callers;
  /** All that a stranger must not be able to change. */
  snapshot(): Promise<string>;
  stop(): Promise<void>;
}

export async function startFuzzTarget(): Promise<FuzzTarget> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-fuzz-"));
  const parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    return await start(folder, parts);
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

async function start(folder: string, parts: AsyncDisposableStack): Promise<FuzzTarget> {
  if (process.getuid?.() === 0) letThrough(folder);
  const postgres = await startPostgres({ folder: path.join(folder, "postgres"), port: await freePort() });
  parts.defer(() => postgres.stop());
  const endpoint = await startNeonEndpoint({ databaseUrl: postgres.url, port: 0 });
  parts.defer(() => endpoint.close());
  await migrate(postgres.url);
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  parts.defer(() => sql.end());

  const secrets = await ensureSecrets(path.join(folder, "secrets"));
  const miniflare = await runBundle(folder, {
    ...secrets,
    DATABASE_URL: postgres.url,
    NEON_HTTP_ENDPOINT: endpoint.url,
  });
  parts.defer(() => miniflare.dispose());
  const origin = (await miniflare.unsafeGetDirectURL("ticketping")).origin;
  const api = new Api(origin);

  const [first, second, ...rest] = await crowd(postgres.url, secrets.SESSION_KEYS, 12);
  if (first === undefined || second === undefined) throw new Error("nobody came");
  await sql.query("update members set role = 'organiser' where id = any($1)", [[first.id, second.id]]);
  await foundOrganisations(
    sql,
    [first, second].map(({ id }) => `crowd-${id}@ticketping.test`),
  );
  const keys = await keySet(secrets.SESSION_KEYS);
  const tokenOf = (id: string) => signAccess(keys, { id, role: "organiser", nickname: "주최" }, Date.now());
  const organiser = await tokenOf(first.id);
  const catalogue = new OrganiserCatalogue(api, organiser);
  const hallId = await catalogue.hall({
    name: "표적",
    address: "서울",
    timeZone: "Asia/Seoul",
    chart: gridChart(10, 20),
  });
  const now = Date.now();
  const iso = (time: number): string => new Date(time).toISOString();
  const sale = (title: string, verification: "codes" | "verifier" | null) =>
    catalogue.performance(hallId, {
      title,
      description: "",
      runTimeMinutes: 90,
      ageRating: "전체",
      currency: "KRW",
      prices: { S: 110_000, A: 90_000, B: 70_000 },
      settings: {
        openAt: iso(now - 1_000),
        closeAt: iso(now + DAY),
        capacity: 50,
        ratePerMinute: 6_000,
        bookingSeconds: 3_600,
        verification,
      },
      startsAt: [iso(now + 30 * DAY)],
    });
  const { id } = await sale("표적", null);
  const [coded, asked] = [await sale("코드", "codes"), await sale("인증", "verifier")];
  const codes = { count: 10, label: "표적" };
  await api.call(`POST /api/organizer/performances/${coded.id}/codes`, z.unknown(), { token: organiser, body: codes });
  await api.call(`PUT /api/organizer/performances/${asked.id}/verifier`, z.unknown(), {
    token: organiser,
    body: { url: "https://fans.ticketping.org/members" },
  });
  const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
  const { items } = await api.call(`GET /api/performances/${id}/schedules`, schedules);
  const inside = rest[0]?.token ?? "";
  const room = `/api/performances/${id}`;
  const joined = z.looseObject({ queueTicket: z.string() });
  await api.call(`POST ${room}/queue`, joined, { token: inside });
  const { pass } = await api.call(`POST ${room}/enter`, z.looseObject({ pass: z.string() }), { token: inside });
  const waiting = rest[1]?.token ?? "";
  const { queueTicket } = await api.call(`POST ${room}/queue`, joined, { token: waiting });
  // Who does not show up loses the place by and by: nothing in the snapshot may change by itself.
  await api.call(`POST ${room}/enter`, z.looseObject({}), { token: waiting });

  const figures = z.looseObject({
    status: z.looseObject({}),
    seatsByStatus: z.unknown(),
    ordersByStatus: z.unknown(),
    admittedTotal: z.unknown(),
  });
  const known = rest.map((member) => member.id).concat(first.id, second.id);
  return {
    origin,
    performanceId: id,
    scheduleId: items[0]?.id ?? "",
    asking: [coded.id, asked.id],
    callers: {
      organiser,
      otherOrganiser: await tokenOf(second.id),
      inside: { token: inside, pass },
      fans: rest.slice(2).map((fan) => fan.token),
      queueTicket,
    },
    async snapshot() {
      const live = figures.parse(
        await api.call(`GET /api/organizer/performances/${id}/live`, figures, { token: organiser }),
      );
      const { phase, capacity, ratePerMinute, joined: count, sessions, notice } = live.status;
      const { rows } = await sql.query(
        `select (select md5(string_agg(p::text, '' order by id)) from performances p) as performances,
          (select md5(string_agg(h::text, '' order by id)) from halls h) as halls,
          (select md5(string_agg(s::text, '' order by id)) from schedules s) as schedules,
          (select md5(string_agg(m::text, '' order by id)) from members m where id = any($1)) as members,
          (select count(*) from orders) as orders, (select count(*) from posters) as posters`,
        [known],
      );
      const { seatsByStatus, ordersByStatus, admittedTotal } = live;
      const shown = [coded.id, asked.id].map((asking) =>
        api.call(`GET /api/organizer/performances/${asking}/verification`, z.unknown(), { token: organiser }),
      );
      const state = {
        phase,
        capacity,
        ratePerMinute,
        count,
        sessions,
        notice,
        seatsByStatus,
        ordersByStatus,
        admittedTotal,
      };
      return JSON.stringify([state, rows[0], await Promise.all(shown)]);
    },
    stop: () => parts.disposeAsync(),
  };
}

async function runBundle(folder: string, bindings: Readonly<Record<string, string>>): Promise<Miniflare> {
  const config = readWorkerConfig();
  mkdirSync(path.join(projectRoot, "dist/web"), { recursive: true });
  const out = path.join(folder, "bundle");
  await bundle(path.join(projectRoot, "wrangler.toml"), out);
  const ratelimit = (id: string, limit: number) => ({ namespace_id: id, simple: { limit, period: 60 as const } });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: path.join(folder, "objects"),
      cf: false,
      workers: [
        {
          name: "ticketping",
          script: readFileSync(path.join(out, "index.js"), "utf8"),
          modules: true,
          compatibilityDate: config.date,
          compatibilityFlags: config.flags,
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
          queueProducers: { EVENTS: "ticketping-events", NOTICES: "ticketping-notices" },
          bindings: {
            ...bindings,
            ALLOWED_ORIGINS: "https://listed.example",
            PAYMENTS_MODE: "sandbox",
            TOSS_API_URL: "http://127.0.0.1:9",
            TOSS_SDK_URL: "http://127.0.0.1:9/sdk",
          },
          durableObjects: objectBindings(config),
          ratelimits: {
            RATE_SIGN_IN: ratelimit("1001", 30),
            RATE_MEMBER: ratelimit("1002", 300),
            RATE_ADDRESS: ratelimit("1003", 6_000),
            RATE_ACCOUNT: ratelimit("1004", 20),
          },
        },
      ],
    }),
  );
  await miniflare.ready;
  return miniflare;
}
