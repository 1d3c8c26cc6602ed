/** What a ticket shown at a door comes to. Pure: the rows are read and written in door.ts. */
import type { doorResults } from "./schema/door.ts";

export type DoorResult = (typeof doorResults)[number];

export interface KnownTicket {
  readonly id: string;
  readonly performanceId: string;
  readonly scheduleId: string;
  readonly status: "valid" | "cancelled";
  readonly version: number;
  readonly code: string;
  readonly seat: { readonly section: string; readonly row: string; readonly label: string; readonly grade: string };
}

/** Who was let in with a ticket, and where. */
export interface FirstUse {
  readonly ticketId: string;
  readonly at: Date;
  readonly device: string;
}

export interface Scan {
  readonly id: string;
  readonly ticketId: string | null;
  readonly ticketVersion: number | null;
  readonly result: DoorResult;
  readonly letIn: boolean;
  readonly offline: boolean;
  readonly device: string;
  readonly at: Date;
}

export interface Shown {
  readonly ticket: KnownTicket | null;
  /** The version the token was made for; a typed code is always of the newest. */
  readonly version: number | null;
  /** Who went in with this ticket before, if anybody did. */
  readonly firstUse: FirstUse | null;
}

/**
 * The reasons in the order in which they help somebody at a door: the wrong evening is said before anything about the
 * ticket itself.
 */
export function judge(
  { ticket, version, firstUse }: Shown,
  here: { performanceId: string; scheduleId: string },
): DoorResult {
  if (ticket === null) return "not-a-ticket";
  if (ticket.performanceId !== here.performanceId) return "other-performance";
  if (ticket.scheduleId !== here.scheduleId) return "other-date";
  if (ticket.status === "cancelled") return "cancelled";
  if (version !== null && version !== ticket.version) return "reissued";
  return firstUse === null ? "admitted" : "already-used";
}
