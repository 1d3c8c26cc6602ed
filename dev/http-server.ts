/** The little that every stand-in needs of HTTP: listen on this machine only, read a bounded body, answer, close. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { Failure } from "./failure.ts";

export interface ListeningServer {
  /** Origin without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Port 0 takes a free one. */
export async function listen(port: number, listener: RequestListener): Promise<ListeningServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new Failure(`Port ${port} is in use by another program.`) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The body as text, or null when it is larger than allowed (the rest is not read). */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without an encoding, which nobody here sets, a request is a stream of buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": contentType, ...headers }).end(body);
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  answer(response, status, "application/json; charset=utf-8", JSON.stringify(body));
}

/** JSON, and then spaces for eight megabytes: whoever reads all of it can use it. */
export function answerTooMuch(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body) + " ".repeat(8 * 1_024 * 1_024));
}
