/**
 * Passing a request on: streamed both ways, without what belongs to one connection only, and without anything of ours.
 *
 * A body is counted as it passes and kept nowhere. An answer has no limit: it is passed on as fast as the visitor takes it, holds
 * no memory, and how much a site sends its own visitors is its own affair. How large headers may be, both sides' servers say
 * before we see them.
 */
import { TooLarge } from "../../../durable-objects/bounded-answer.ts";
import { TooLate } from "../../../durable-objects/in-time.ts";
import type { Site } from "./settings.ts";

/** RFC 9110, section 7.6.1. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** Only we say these: who asks, what for, and that they may. Servers believe them under all of these names. */
const OURS =
  /^(ticketping-.*|forwarded|x-forwarded(-.*)?|x-real-ip|(true|x|x-cluster)-client-ip|x-original-(url|host|uri)|x-rewrite-url)$/;
const OUR_COOKIE = /^\s*tp_/;

const MEGABYTE = 1_048_576;

/**
 * `pass`: the token the origin may verify; null when visitors are let through without one (`onFailure: open`).
 * @throws TooLarge: the body is more than the site takes. TooLate: the origin does not begin to answer. What `fetch` throws.
 */
export async function passOn(request: Request, site: Site, pass: string | null): Promise<Response> {
  const url = new URL(request.url);
  // Part by part: resolved against the origin, a path such as //elsewhere would name another host, and lose its first part.
  const target = new URL(site.origin);
  target.pathname = url.pathname;
  target.search = url.search;
  const most = site.bodyMegabytes * MEGABYTE;
  if (Number(request.headers.get("content-length")) > most) throw new TooLarge(most);
  const wait = new Wait(site.originSeconds * 1_000);
  let passed = 0;
  const body = counted(request, wait, (bytes) => {
    passed += bytes;
    return passed <= most;
  });
  let answer: Response;
  try {
    answer = await fetch(target, {
      method: request.method,
      headers: headersFor(request, url, pass),
      body,
      redirect: "manual",
      signal: wait.signal,
    });
  } catch (error) {
    if (passed > most) throw new TooLarge(most);
    throw wait.over ? new TooLate(`the site ${site.name}`) : error;
  } finally {
    wait.end();
  }
  if (answer.webSocket) return answer;
  const headers = withoutHops(answer.headers);
  const cookies = answer.headers.getSetCookie().filter((cookie) => !OUR_COOKIE.test(cookie));
  headers.delete("set-cookie");
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  const location = answer.headers.get("location");
  if (location !== null) headers.set("location", onThisHost(location, target));
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

/** Ends a request that the origin keeps waiting. Every part of the body that it takes begins the time anew. */
class Wait {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(ms: number) {
    this.#ms = ms;
    this.again();
  }

  again(): void {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(() => this.abort(), this.#ms);
  }

  abort(): void {
    this.#controller.abort();
  }

  /** The answer has begun: how long it, and what is left of the body, goes on is the origin's affair. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get over(): boolean {
    return this.#controller.signal.aborted;
  }
}

/**
 * The body as it passes. Each part is counted first, and where `mayPass` says no the request is given up, as it is when the
 * visitor's own breaks off: a body that ended in an error would reach the origin as one that is whole.
 */
function counted(request: Request, wait: Wait, mayPass: (bytes: number) => boolean): ReadableStream<Uint8Array> | null {
  const { body } = request;
  if (body === null) return null;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      if (!mayPass(part.byteLength)) return wait.abort();
      wait.again();
      controller.enqueue(part);
    },
  });
  body.pipeTo(counting.writable, { preventAbort: true }).catch(() => wait.abort());
  const said = request.headers.get("content-length");
  // A length that is known stays known: there are servers that take no other body.
  return said === null ? counting.readable : counting.readable.pipeThrough(new FixedLengthStream(Number(said)));
}

/** A visitor who is sent to the origin itself would be past the waiting room. */
function onThisHost(location: string, target: URL): string {
  if (!/^([a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(location)) return location;
  const to = URL.parse(location, target.href);
  return to?.origin === target.origin ? `${to.pathname}${to.search}${to.hash}` : location;
}

function headersFor(request: Request, url: URL, pass: string | null): Headers {
  const headers = withoutHops(request.headers);
  for (const name of Array.from(headers.keys())) if (OURS.test(name)) headers.delete(name);
  const address = request.headers.get("cf-connecting-ip");
  if (address !== null) headers.set("x-forwarded-for", address);
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  const cookies = (request.headers.get("cookie") ?? "").split(";").filter((cookie) => !OUR_COOKIE.test(cookie));
  if (cookies.join("").trim() === "") headers.delete("cookie");
  else headers.set("cookie", cookies.join(";").trim());
  if (pass !== null) headers.set("ticketping-pass", pass);
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") headers.set("upgrade", "websocket");
  return headers;
}

/** What Connection names besides is of that connection too. */
function withoutHops(from: Headers): Headers {
  const headers = new Headers(from);
  const named = (from.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, "host", ...named]) if (/^[a-z0-9-]+$/.test(name)) headers.delete(name);
  return headers;
}
