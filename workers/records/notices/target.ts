/**
 * Where a webhook may lead. It is the service that asks, so an address inside its own network or machine would let a
 * stranger ask there (SSRF): only https, only names, only the usual port, never a redirect. Names that resolve inwards
 * stay harmless, because Workers have no network of ours behind them.
 */
const INWARD = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|arpa|onion|test|invalid|example)$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const LONGEST = 500;

/** `local`: a laptop, where the receiver is a program on the same machine. */
export function isAllowedTarget(text: string, local: boolean): boolean {
  if (text.length > LONGEST || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  if (local && LOOPBACK.has(url.hostname)) return url.protocol === "http:" || url.protocol === "https:";
  if (url.protocol !== "https:" || url.port !== "") return false;
  return isOutward(url.hostname);
}

/** Is this the name of a host on the internet, as far as a name can say? Takes a hostname as `URL` writes it. */
export function isOutward(hostname: string): boolean {
  // URL has turned every spelling of an IPv4 address into digits and dots, and an IPv6 one into brackets.
  if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname)) return false;
  const host = hostname.replace(/\.$/, "");
  return host.includes(".") && !INWARD.test(host);
}

/** Is it this very machine? */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.has(hostname);
}
