/**
 * Whether all is well with a sale: what somebody has to look at now, the gravest first, from what has been pushed alone.
 * Nothing here means that everything is as it should be; a pause that was wanted is no trouble.
 */
import type { Sample } from "../../calls/control.ts";

export type Worry =
  /** This page has lost its connection: what it shows is old. */
  | "offline"
  /** The sale does not answer its control room. */
  | "silent"
  /** People wait, and a limit of zero lets nobody in. */
  | "shut"
  | "slow"
  /** The records are far behind the sale. */
  | "records-late"
  /** Payments whose outcome has been unknown for a minute. */
  | "payments-unknown"
  /** Cards are declined far more often than people mistype. */
  | "payments-declined";

export interface Seen {
  readonly link: "connecting" | "live" | "offline";
  readonly silent: boolean;
  readonly samples: readonly Pick<
    Sample,
    "at" | "phase" | "waiting" | "capacity" | "ratePerMinute" | "outboxSeconds" | "answerMs" | "unknownPayments"
  >[];
  /** Tries to pay by how they ended; null while the records have not said. */
  readonly attempts: Readonly<Record<string, number>> | null;
}

/** Seconds behind, and milliseconds to an answer, from which somebody should know. */
export const LATE_SECONDS = 30;
export const SLOW_MS = 1_000;
const UNKNOWN_MS = 60_000;
/** A share of declined payments says nothing before so many have ended. */
const ENOUGH_PAYMENTS = 20;
const MANY_DECLINED = 0.3;

export function worries({ link, silent, samples, attempts }: Seen): readonly Worry[] {
  const last = samples.at(-1);
  const found: Worry[] = [];
  if (link === "offline") found.push("offline");
  if (silent) found.push("silent");
  if (last === undefined) return found;
  const open = last.phase === "open" || last.phase === "soldout";
  if (open && last.waiting > 0 && (last.capacity === 0 || last.ratePerMinute === 0)) found.push("shut");
  if (last.answerMs > SLOW_MS) found.push("slow");
  if (last.outboxSeconds > LATE_SECONDS) found.push("records-late");
  if (unknownFor(samples) >= UNKNOWN_MS) found.push("payments-unknown");
  if (manyDeclined(attempts)) found.push("payments-declined");
  return found;
}

/** For how many milliseconds, until the newest sample, some payment's outcome has been unknown without a break. */
function unknownFor(samples: Seen["samples"]): number {
  const known = samples.findLastIndex(({ unknownPayments }) => unknownPayments === 0);
  const [since, last] = [samples[known + 1], samples.at(-1)];
  return since === undefined || last === undefined ? 0 : last.at - since.at;
}

function manyDeclined(attempts: Seen["attempts"]): boolean {
  const declined = attempts?.["declined"] ?? 0;
  const ended = declined + (attempts?.["approved"] ?? 0);
  return ended >= ENOUGH_PAYMENTS && declined / ended >= MANY_DECLINED;
}
