/** Requests exactly as written: no client tidies up the path, adds an Origin, or refuses a header. */
import { request } from "node:http";

export interface RawRequest {
  readonly method: string;
  /** Sent as it is. */
  readonly path: string;
  /** A list is sent as so many headers of one name. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** A value becomes JSON; a Buffer goes as it is, and in chunks without a length when `chunked`. */
  readonly body?: unknown;
  readonly chunked?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Of the problem document, or what came instead of one. */
  readonly code: string;
}

export function send(origin: string, { method, path, headers, body, chunked }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const content = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const said = chunked === true ? { "transfer-encoding": "chunked" } : { "content-length": String(content?.length) };
  const length = content === undefined ? {} : said;
  const type = content === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: { ...type, ...length, ...headers }, agent: false };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const contentType = response.headers["content-type"] ?? "";
        resolve({ status: response.statusCode ?? 0, type: contentType, text, code: codeOf(contentType, text) });
      });
    });
    asked.on("error", reject);
    asked.end(content);
  });
}

export function codeOf(type: string, text: string): string {
  if (!type.startsWith("application/problem+json")) return `no problem document: ${type} ${text.slice(0, 80)}`;
  const problem: unknown = JSON.parse(text);
  return problem instanceof Object && "code" in problem ? String(problem.code) : text.slice(0, 80);
}
