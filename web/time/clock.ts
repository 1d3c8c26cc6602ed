/** The server's clock, as well as this browser can know it. Every deadline on screen is measured against it. */
let offset = 0;
let bestError = Number.POSITIVE_INFINITY;
let notedAt = 0;

/** How good a sample stays before a worse but fresher one may replace it. */
const sampleLifeMs = 5 * 60_000;

/**
 * Notes that the server's clock said `serverMs` at some moment between `sentAt` and `receivedAt` (local clock).
 * `resolutionMs` is how coarse the server's figure is: 1000 for a Date header.
 */
export function noteServerTime(serverMs: number, sentAt: number, receivedAt: number, resolutionMs = 0): void {
  const error = (receivedAt - sentAt + resolutionMs) / 2;
  if (error > bestError && receivedAt - notedAt < sampleLifeMs) return;
  offset = serverMs + resolutionMs / 2 - (sentAt + receivedAt) / 2;
  bestError = error;
  notedAt = receivedAt;
}

/** A pushed frame has no request to measure: it only moves the clock when it disagrees by more than a second. */
export function notePushedTime(serverMs: number): void {
  const now = Date.now();
  const drift = serverMs - (now + offset);
  if (bestError === Number.POSITIVE_INFINITY || Math.abs(drift) > Math.max(1000, bestError)) {
    offset = serverMs - now;
    notedAt = now;
  }
}

export function serverNow(): number {
  return Date.now() + offset;
}
