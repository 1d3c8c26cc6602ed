/** Passing a request on: streamed both ways, without what belongs to one connection only, and without anything of ours. */
import type { Site } from "./settings.ts";

/** RFC 9110, section 7.6.1. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** Only we say these. */
const OURS = ["ticketping-pass", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
const OUR_COOKIE = /^\s*tp_/;

/** `pass`: the token the origin may verify; null when visitors are let through without one (`onFailure: open`). */
export async function passOn(request: Request, site: Site, pass: string | null): Promise<Response> {
  const url = new URL(request.url);
  const target = new URL(`${url.pathname}${url.search}`, site.origin);
  // A path such as //elsewhere would name another host.
  target.protocol = new URL(site.origin).protocol;
  target.host = new URL(site.origin).host;
  const answer = await fetch(target, {
    method: request.method,
    headers: headersFor(request, url, pass),
    body: request.body,
    redirect: "manual",
  });
  if (answer.webSocket) return answer;
  const headers = withoutHops(answer.headers);
  const cookies = answer.headers.getSetCookie().filter((cookie) => !OUR_COOKIE.test(cookie));
  headers.delete("set-cookie");
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  const location = answer.headers.get("location");
  if (location !== null && URL.canParse(location) && new URL(location).origin === new URL(site.origin).origin)
    headers.set("location", location.slice(new URL(site.origin).origin.length) || "/");
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

function headersFor(request: Request, url: URL, pass: string | null): Headers {
  const headers = withoutHops(request.headers);
  for (const name of OURS) headers.delete(name);
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
