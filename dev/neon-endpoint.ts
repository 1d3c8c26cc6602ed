/**
 * Stands where Neon's HTTP endpoint stands, in front of any Postgres: the Worker then runs the very same driver code as
 * in production. The wire format is the one `@neondatabase/serverless` speaks:
 *
 *     POST /sql    Neon-Connection-String, Neon-Raw-Text-Output: true, Neon-Array-Mode: true
 *                  for a batch also Neon-Batch-Isolation-Level, Neon-Batch-Read-Only, Neon-Batch-Deferrable
 *     {"query": "…", "params": […]}  or  {"queries": [{query, params}, …]}
 *     200 {"command", "rowCount", "rows", "fields"}  or  {"results": […]}     400: what Postgres objected to
 *
 * The WebSocket half of Neon's proxy (interactive transactions) is left out, because nothing here uses it.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import pg from "pg";
import { z } from "zod";
import { answerJson, listen, readBody, type ListeningServer } from "./http-server.ts";
import { describeError, runRequest, SqlRequest, type TransactionOptions } from "./neon-statements.ts";
import { sentenceOf } from "./failure.ts";

/** Neon's own bound on requests and on results. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Neon's pooler shares few connections among many clients, and so does this. */
const MAX_CONNECTIONS = 40;
const CONNECT_MS = 10_000;

const Headers = z.object({
  isolationLevel: z.enum(["ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"]).nullable(),
  readOnly: z.enum(["true", "false"]).nullable(),
  deferrable: z.enum(["true", "false"]).nullable(),
  arrayMode: z.enum(["true", "false"]).nullable(),
  rawText: z.literal("true"),
});

export interface NeonEndpointOptions {
  readonly databaseUrl: string;
  readonly port: number;
}

/** `url` is the address for `neonConfig.fetchEndpoint`, path included. */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<ListeningServer> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
  });
  // A server that goes away breaks idle connections too; the pool replaces them, and the next request says what is wrong.
  pool.on("error", () => undefined);
  const identity = identityOf(options.databaseUrl);
  const server = await listen(options.port, (request, response) => {
    handle(request, response, pool, identity).catch((error: unknown) => {
      if (!response.headersSent) answerJson(response, 500, { message: sentenceOf(error) });
      else response.destroy();
    });
  });
  return {
    url: `${server.url}/sql`,
    close: async () => {
      await server.close();
      await pool.end();
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  pool: pg.Pool,
  identity: string,
): Promise<void> {
  if (request.url !== "/sql") return answerJson(response, 404, { message: "Only /sql is served here." });
  if (request.method !== "POST") return answerJson(response, 405, { message: "Use POST." });
  if (identityOf(headerOf(request.headers, "neon-connection-string") ?? "") !== identity) {
    return answerJson(response, 400, {
      message: "The connection string names another database, user or password.",
      code: "28P01",
    });
  }
  const headers = Headers.safeParse({
    isolationLevel: headerOf(request.headers, "neon-batch-isolation-level"),
    readOnly: headerOf(request.headers, "neon-batch-read-only"),
    deferrable: headerOf(request.headers, "neon-batch-deferrable"),
    arrayMode: headerOf(request.headers, "neon-array-mode"),
    rawText: headerOf(request.headers, "neon-raw-text-output"),
  });
  if (!headers.success) return answerJson(response, 400, { message: "A Neon header has an unknown value." });
  const text = await readBody(request, MAX_BYTES);
  if (text === null) {
    response.setHeader("connection", "close");
    return answerJson(response, 413, { message: "The request is larger than 64 MB." });
  }
  const body = parseRequest(text);
  if (body === null) return answerJson(response, 400, { message: "The body is not a query or a list of queries." });
  const options: TransactionOptions = {
    isolationLevel: headers.data.isolationLevel,
    readOnly: headers.data.readOnly === null ? null : headers.data.readOnly === "true",
    deferrable: headers.data.deferrable === null ? null : headers.data.deferrable === "true",
  };
  await answerQuery(response, pool, body, options, headers.data.arrayMode === "true");
}

async function answerQuery(
  response: ServerResponse,
  pool: pg.Pool,
  body: SqlRequest,
  options: TransactionOptions,
  rowAsArray: boolean,
): Promise<void> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return answerJson(response, 503, { message: `Postgres cannot be reached: ${sentenceOf(error)}` });
  }
  // A lost connection is also reported by the query that used it; without a listener it would end the process.
  const ignore = (): void => undefined;
  client.on("error", ignore);
  let lost: Error | undefined;
  try {
    const result = JSON.stringify(await runRequest(client, body, options, rowAsArray));
    if (Buffer.byteLength(result) > MAX_BYTES) {
      return answerJson(response, 400, { message: "The result is larger than 64 MB.", code: "54000" });
    }
    response.writeHead(200, { "content-type": "application/json" }).end(result);
  } catch (error) {
    const description = describeError(error);
    if (description === null) lost = error instanceof Error ? error : new Error(String(error));
    answerJson(response, description === null ? 503 : 400, description ?? { message: sentenceOf(error) });
  } finally {
    client.off("error", ignore);
    client.release(lost);
  }
}

function parseRequest(text: string): SqlRequest | null {
  try {
    return SqlRequest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** What makes two connection strings the same: who connects, with which password, to what. Options do not. */
function identityOf(connectionString: string): string {
  try {
    const { hostname, port, username, password, pathname } = new URL(connectionString);
    const host = hostname === "localhost" ? "127.0.0.1" : hostname;
    return JSON.stringify([host, port || "5432", ...[username, password, pathname].map(decodeURIComponent)]);
  } catch {
    return "";
  }
}
