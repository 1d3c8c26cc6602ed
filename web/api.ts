/**
 * Asks our own API: cookies say who we are, one silent renewal when a login has expired, problem documents as typed
 * errors, time limits, and patience when the server says it is busy. Every answer is decoded from unknown.
 */
import { forgetMember, rememberMember } from "./account.ts";
import { type Decoder, isRecord, listOf, fields, nullable, recordOf, ShapeError, text } from "./decode.ts";
import { noteServerTime } from "./time/clock.ts";

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The server understood and declined. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | null;
  /** By which the request can be found again. */
  readonly requestId: string | null;
  constructor(status: number, body: unknown, retryAfterSeconds: number | null) {
    const document = readProblem(body);
    super(document.code ?? `status-${status}`);
    this.status = status;
    this.code = document.code ?? (status === 503 ? "overloaded" : "internal-error");
    this.title = document.title ?? "";
    this.errors = document.errors ?? [];
    this.evidence = document.evidence ?? {};
    this.retryAfterSeconds = retryAfterSeconds;
    this.requestId = document.requestId ?? null;
  }
  /** The outcome is known: the same intent need not keep its key. */
  get definite(): boolean {
    return this.status < 500 && this.status !== 429;
  }
}

/** No usable answer arrived, so the outcome of a change is unknown. */
export class Unreachable extends Error {}

const problemFields = fields({
  code: nullable(text),
  title: nullable(text),
  errors: nullable(listOf(fields({ field: text, message: text }))),
  evidence: nullable(recordOf((value) => value)),
  requestId: nullable(text),
});

function readProblem(body: unknown): ReturnType<typeof problemFields> {
  try {
    return problemFields(body);
  } catch {
    return problemFields({});
  }
}

export interface Question<T> {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly decode: Decoder<T>;
  readonly body?: unknown;
  /** Sent as it is, under its own type, instead of `body`. */
  readonly file?: Blob;
  /** Names the person's intent; makes the request safe to repeat. */
  readonly key?: string;
  /** Safe to repeat without a key (idempotent by state). */
  readonly repeatable?: boolean;
  readonly timeoutMs?: number;
  readonly tries?: number;
  readonly signal?: AbortSignal;
}

const renewable = new Set(["token-expired", "token-missing"]);
const longestPauseMs = 20_000;

export async function ask<T>(question: Question<T>): Promise<T> {
  const repeatable =
    !["POST", "PATCH"].includes(question.method) || question.key !== undefined || question.repeatable === true;
  const tries = question.tries ?? 4;
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(question);
    } catch (error) {
      if (question.signal?.aborted === true) throw error;
      if (error instanceof Problem && error.status === 401 && renewable.has(error.code) && !renewed) {
        renewed = true;
        if (await renewLogin()) {
          attempt -= 1;
          continue;
        }
        throw error;
      }
      const pause = pauseBefore(error, attempt);
      // A 504 leaves open whether it was done: only what may be done twice is asked again.
      const undone = error instanceof Problem && error.status !== 504;
      if (pause === null || attempt >= tries || !(repeatable || undone)) throw error;
      await sleep(pause, question.signal);
    }
  }
}

/** Milliseconds to wait before trying again; null: trying again would not help. */
function pauseBefore(error: unknown, attempt: number): number | null {
  if (error instanceof Unreachable) return jittered(400 * 2 ** attempt);
  if (!(error instanceof Problem)) return null;
  if (error.status !== 503 && error.status !== 504 && error.status !== 429) return null;
  if (error.code === "records-unavailable" && attempt > 1) return null;
  if (error.retryAfterSeconds === null) return jittered(500 * 2 ** attempt);
  const told = error.retryAfterSeconds * 1000;
  return told > longestPauseMs ? null : told + Math.random() * Math.max(500, told / 2);
}

export function jittered(ms: number): number {
  return ms / 2 + (Math.random() * ms) / 2;
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Unreachable("aborted"));
    });
  });
}

async function askOnce<T>(question: Question<T>): Promise<T> {
  const limit = AbortSignal.timeout(question.timeoutMs ?? 15_000);
  const headers: Record<string, string> = {
    accept: "application/json",
    "accept-language": document.documentElement.lang,
  };
  if (question.body !== undefined) headers["content-type"] = "application/json";
  else if (question.file !== undefined) headers["content-type"] = question.file.type;
  if (question.key !== undefined) headers["idempotency-key"] = question.key;
  const sentAt = Date.now();
  let response: Response;
  let body: unknown;
  let fresh: boolean;
  try {
    response = await fetch(question.path, {
      method: question.method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: question.signal === undefined ? limit : AbortSignal.any([limit, question.signal]),
      body: question.body === undefined ? (question.file ?? null) : JSON.stringify(question.body),
    });
    // What lay in a cache on the way tells an old time.
    fresh = response.headers.get("age") === null;
    if (fresh) noteClock(response, sentAt);
    body = await readBody(response);
  } catch (error) {
    throw new Unreachable(error instanceof Error ? error.message : "no answer");
  }
  if (!response.ok) throw new Problem(response.status, body, retryAfter(response));
  if (fresh && isRecord(body) && typeof body["serverTime"] === "string") {
    noteServerTime(Date.parse(body["serverTime"]), sentAt, Date.now());
  }
  try {
    return question.decode(body);
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${question.method} ${question.path}: ${error.message}`);
    throw error;
  }
}

async function readBody(response: Response): Promise<unknown> {
  const raw = await response.text();
  if (raw === "") return null;
  try {
    const parsed: unknown = JSON.parse(raw);
    return parsed;
  } catch (error) {
    if (response.ok) throw error;
    return null;
  }
}

function noteClock(response: Response, sentAt: number): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isFinite(date)) noteServerTime(date, sentAt, Date.now(), 1000);
}

/** Seconds, or an HTTP date. */
function retryAfter(response: Response): number | null {
  const raw = response.headers.get("retry-after");
  if (raw === null) return null;
  const seconds = /^\d+$/.test(raw) ? Number(raw) : (Date.parse(raw) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

let renewal: Promise<boolean> | null = null;

/** One renewal at a time, over all tabs where the browser has locks: the refresh token is used up by each. */
export function renewLogin(): Promise<boolean> {
  renewal ??= withLock(renewOnce).finally(() => {
    renewal = null;
  });
  return renewal;
}

async function withLock(work: () => Promise<boolean>): Promise<boolean> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request("ticketping-renewal", work);
}

const renewed = fields({ member: fields({ id: text, nickname: text, role: text }) });

async function renewOnce(): Promise<boolean> {
  try {
    const { member } = await askOnce({ method: "POST", path: "/api/auth/refresh", decode: renewed });
    rememberMember(member);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.definite) forgetMember();
    return false;
  }
}
