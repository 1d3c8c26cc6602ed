/**
 * The edge in plain Node on a real Postgres, reached through the Neon protocol. The performance object is played by a
 * recorder: what the object does with a request is tested beside it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import pg from "pg";
import type { Batch, PublishRequest } from "../../durable-objects/performance/contract.ts";
import { foundOrganisations } from "../../dev/demo/organisation.ts";
import { migrate } from "../../dev/migrate.ts";
import { startInbox } from "../../dev/mail/server.ts";
import { startNeonEndpoint } from "../../dev/neon-endpoint.ts";
import { startPostgres } from "../../dev/postgres.ts";
import { createApp } from "../../workers/edge/app.ts";
import { figures } from "../operations/figures.ts";
import { freePort } from "./ports.ts";

export const ORIGIN = "https://app.example";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface Edge {
  readonly sql: pg.Client;
  /** What the recorder was asked. */
  readonly published: readonly PublishRequest[];
  readonly batches: readonly Batch[];
  readonly env: { readonly DATABASE_URL: string; readonly NEON_HTTP_ENDPOINT: string };
  ask(
    method: string,
    target: string,
    init?: { json?: unknown; bytes?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Signs up, takes the role, signs in. */
  signIn(email: string, role?: string): Promise<Answer>;
  /** The texts of the mails to an address, the newest first, once everything begun after answers has ended. */
  mailsTo(email: string): Promise<readonly string[]>;
  /** Makes the mail service fail, until it is told to work again. */
  mailIsDown(down: boolean): Promise<void>;
  /** The same edge with other settings. */
  set(settings: Readonly<Record<string, string | undefined>>): void;
  setting(name: string): string;
  stopPostgres(): Promise<void>;
  close(): Promise<void>;
}

/** `extra`: settings besides, read anew with every request. */
export async function startEdge(extra: Readonly<Record<string, unknown>> = {}): Promise<Edge> {
  const folder = mkdtempSync(path.join(tmpdir(), "ticketping-edge-"));
  const database = await startPostgres({ folder, port: await freePort() });
  const sql = await migrated(database.url);
  const endpoint = await startNeonEndpoint({ databaseUrl: database.url, port: 0 });
  const recorder = record();
  const env = { DATABASE_URL: database.url, NEON_HTTP_ENDPOINT: endpoint.url };
  const inbox = await startInbox({ port: 0, key: "inbox" });
  const mail = { MAIL_API_URL: `${inbox.url}/emails`, MAIL_API_KEY: "inbox", MAIL_FROM: "T <t@ticketping.test>" };
  const settings: Record<string, unknown> = {
    ...env,
    ...mail,
    ...(await secrets()),
    PERFORMANCE: { getByName: () => recorder.object },
    REHEARSAL: {
      getByName: () => ({ view: () => Promise.resolve({ state: "none", fans: 0, progress: 0, result: null }) }),
    },
    CONTROL: { getByName: () => ({ keepFrom: () => Promise.resolve() }) },
    METER: { getByName: () => meter },
  };
  const underway: Promise<unknown>[] = [];
  const context: ExecutionContext = {
    waitUntil: (work: Promise<unknown>) => void underway.push(work),
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext;
  const app = createApp();
  let running = true;
  const stopPostgres = async (): Promise<void> => {
    if (!running) return;
    running = false;
    await sql.end();
    await database.stop();
  };
  const ask: Edge["ask"] = async (method, target, { json, bytes, headers } = {}) => {
    const type: Record<string, string> = json === undefined ? {} : { "content-type": "application/json" };
    const request: RequestInit = { method, headers: { ...type, ...headers } };
    if (json !== undefined) request.body = JSON.stringify(json);
    if (bytes !== undefined) request.body = bytes;
    const answer = await app.request(`${ORIGIN}${target}`, request, { ...settings, ...extra }, context);
    const text = await answer.text();
    const isJson = /[/+]json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
  };
  return {
    sql,
    published: recorder.published,
    batches: recorder.batches,
    env,
    ask,
    stopPostgres,
    async mailsTo(email) {
      await Promise.all(underway.splice(0));
      const answer: unknown = await (await fetch(`${inbox.url}/mails?to=${encodeURIComponent(email)}`)).json();
      return columnAt(answer, "items", "text").map(String);
    },
    async mailIsDown(down) {
      await Promise.all(underway.splice(0));
      const body = JSON.stringify({ fault: down ? "down" : null });
      await fetch(`${inbox.url}/sandbox/faults`, { method: "POST", body });
    },
    setting: (name) => String(settings[name]),
    set: (changed) => void Object.assign(settings, changed),
    async signIn(email, role) {
      await ask("POST", "/api/auth/signup", { json: { email, password: "correct horse", nickname: "하늘" } });
      if (role !== undefined) await sql.query("update members set role = $1 where email_key = $2", [role, email]);
      if (role === "organiser") await foundOrganisations(sql, [email]);
      return ask("POST", "/api/auth/login", { json: { email, password: "correct horse" } });
    },
    async close() {
      await Promise.all(underway);
      await inbox.close();
      await endpoint.close();
      await stopPostgres();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function migrated(url: string): Promise<pg.Client> {
  await migrate(url);
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  return sql;
}

async function secrets(): Promise<Record<string, unknown>> {
  const limit = ({ key }: { key: string }) => Promise.resolve({ success: !key.endsWith("limited@example.com") });
  return {
    SESSION_KEYS: await keys(),
    PASS_KEYS: await keys(),
    TICKET_KEYS: await keys(),
    METRICS_TOKEN: "scrape",
    PAYMENTS_MODE: "live",
    ALLOWED_ORIGINS: "",
    RATE_SIGN_IN: { limit },
    RATE_MEMBER: { limit },
    RATE_ADDRESS: { limit },
    RATE_ACCOUNT: { limit },
  };
}

async function keys(): Promise<string> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  return JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: crypto.randomUUID() }] });
}

const meter = { add: () => Promise.resolve(), read: () => Promise.resolve({}) };

function record() {
  const published: PublishRequest[] = [];
  const batches: Batch[] = [];
  const status = { phase: "open", capacity: 77, ratePerMinute: 88, ahead: [], seatsLeft: {} };
  const object = {
    publish(request: PublishRequest) {
      published.push(request);
      return Promise.resolve({ ok: true, phase: "scheduled", schedules: request.schedules.length, seats: 2 });
    },
    execute(batch: Batch) {
      batches.push(batch);
      return Promise.resolve({ replies: [{ ok: true, kind: "done" }], status });
    },
    facts: () =>
      Promise.resolve({ published: true, entryKey: "00".repeat(32), identities: { by: null, verifier: null } }),
    figures: () => Promise.resolve({ ...figures({ admittedTotal: 5, seatsByStatus: { free: 2 } }), status }),
  };
  return { published, batches, object };
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** "name=value" of a cookie the answer sets, or the empty text. */
export function cookieOf(answer: Answer, name: string): string {
  const set = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
  return set?.split(";")[0] ?? "";
}

/** The text at a path of a body; anything else there fails the test. */
export function textAt(body: unknown, ...steps: readonly (string | number)[]): string {
  const value = at(body, ...steps);
  if (typeof value !== "string") throw new Error(`no text at ${steps.join(".")} of ${JSON.stringify(body)}`);
  return value;
}

/** One property of every entry of a list in a body. */
export function columnAt(body: unknown, list: string, property: string): readonly unknown[] {
  const value = at(body, list);
  if (!Array.isArray(value)) throw new Error(`no list at ${list} of ${JSON.stringify(body)}`);
  return value.map((entry: unknown) => at(entry, property));
}

function at(body: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce((value: unknown, step) => (value instanceof Object ? Reflect.get(value, step) : undefined), body);
}
