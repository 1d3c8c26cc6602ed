/** A small client of the HTTP API, for scripts: what fails says which request it was and with which code. */
import { z } from "zod";

export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly evidence: unknown;

  constructor(request: string, status: number, code: string, evidence: unknown) {
    super(`${request} was answered ${status} ${code}`);
    this.status = status;
    this.code = code;
    this.evidence = evidence;
  }
}

export interface ApiCall {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;
const problem = z.looseObject({ code: z.string(), evidence: z.unknown().optional() });

export class Api {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  async call<Schema extends z.ZodType>(request: string, schema: Schema, call: ApiCall = {}): Promise<z.infer<Schema>> {
    const response = await this.send(request, call);
    const text = await response.text();
    if (response.ok) return schema.parse(text === "" ? null : JSON.parse(text));
    const parsed = problem.safeParse(text.startsWith("{") ? JSON.parse(text) : null);
    const { code, evidence } = parsed.success ? parsed.data : { code: text.slice(0, 100), evidence: null };
    throw new ApiFailure(request, response.status, code, evidence);
  }

  /** "METHOD /path" */
  send(request: string, { token, body, headers }: ApiCall = {}): Promise<Response> {
    const [method = "GET", path = "/"] = request.split(" ");
    const all = new Headers(headers);
    if (token !== undefined) all.set("authorization", `Bearer ${token}`);
    if (body !== undefined) all.set("content-type", "application/json");
    return fetch(new URL(path, this.origin), {
      method,
      headers: all,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
