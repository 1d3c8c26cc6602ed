/** The list a door goes by without a connection, and what a ticket comes to by it. The judge is pure. */
import type { Result, Seat } from "../calls/door.ts";
import type { SigningKey } from "../calls/draw.ts";
import { verified } from "./signed.ts";

export interface ListedTicket {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly valid: boolean;
  readonly seat: Seat;
  readonly usedAt: number | null;
}

export interface DoorList {
  readonly scheduleId: string;
  readonly at: number;
  readonly byId: ReadonlyMap<string, ListedTicket>;
  readonly byCode: ReadonlyMap<string, ListedTicket>;
}

export async function readList(
  token: string,
  scheduleId: string,
  keys: readonly SigningKey[],
): Promise<DoorList | null> {
  const claims = await verified(token, { typ: "door-list+jwt", aud: "ticketping:door-list" }, keys);
  if (claims === null || claims["sub"] !== scheduleId) return null;
  const { iat, tickets } = claims;
  if (typeof iat !== "number" || !Array.isArray(tickets)) return null;
  const all = tickets.flatMap((row: unknown) => ticketOf(row) ?? []);
  return {
    scheduleId,
    at: iat * 1000,
    byId: new Map(all.map((one) => [one.id, one])),
    byCode: new Map(all.map((one) => [one.code, one])),
  };
}

function ticketOf(row: unknown): ListedTicket | null {
  if (!Array.isArray(row)) return null;
  const [id, version, code, valid, seat, usedAt] = row as unknown[];
  if (typeof id !== "string" || typeof version !== "number" || typeof code !== "string" || !Array.isArray(seat))
    return null;
  const [section = "", place = "", label = "", grade = ""] = seat.map(String);
  return {
    id,
    version,
    code,
    valid: valid === true,
    seat: { section, row: place, label, grade },
    usedAt: typeof usedAt === "number" ? usedAt : null,
  };
}

/** What was shown: a token whose signature has been checked, or a typed code. */
export type Shown =
  | { readonly kind: "token"; readonly ticketId: string; readonly scheduleId: string; readonly version: number }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "forged" };

export interface Verdict {
  readonly result: Result;
  readonly seat: Seat | null;
  readonly firstUseAt: number | null;
}

/** `usedHere`: tickets this device has let in since the list was made, with the time. */
export function judgeByList(
  list: DoorList,
  usedHere: ReadonlyMap<string, number>,
  shown: Shown,
): Verdict & { readonly ticketId: string | null } {
  const nothing = { seat: null, firstUseAt: null, ticketId: null };
  if (shown.kind === "forged") return { result: "not-a-ticket", ...nothing };
  const ticket = shown.kind === "code" ? list.byCode.get(shown.code) : list.byId.get(shown.ticketId);
  if (ticket === undefined) {
    // A genuine ticket that is not on the list is for another evening, or was sold after the list was made.
    if (shown.kind === "token" && shown.scheduleId === list.scheduleId)
      return { result: "admitted", ...nothing, ticketId: shown.ticketId };
    return { result: shown.kind === "token" ? "other-date" : "not-a-ticket", ...nothing };
  }
  const { id: ticketId, seat } = ticket;
  const firstUseAt = usedHere.get(ticketId) ?? ticket.usedAt;
  const verdict = (result: Result): Verdict & { readonly ticketId: string } => ({ result, seat, firstUseAt, ticketId });
  if (!ticket.valid) return verdict("cancelled");
  if (shown.kind === "token" && shown.version < ticket.version) return verdict("reissued");
  return verdict(firstUseAt === null ? "admitted" : "already-used");
}

export async function shownBy(
  scan: { readonly token?: string; readonly code?: string },
  keys: readonly SigningKey[],
): Promise<Shown> {
  if (scan.token === undefined) return { kind: "code", code: plainCode(scan.code ?? "") };
  const claims = await verified(scan.token, { typ: "ticket+jwt", aud: "ticketping:door" }, keys);
  const { sub, schedule, version } = claims ?? {};
  if (typeof sub !== "string" || typeof schedule !== "string" || typeof version !== "number") return { kind: "forged" };
  return { kind: "token", ticketId: sub, scheduleId: schedule, version };
}

/** As people type it: with blanks, small letters, and an O for a zero. */
export function plainCode(code: string): string {
  return code
    .replaceAll(/[^\da-z]/gi, "")
    .toUpperCase()
    .replaceAll("O", "0");
}
