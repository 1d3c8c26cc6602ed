/**
 * The ticket that opens a door: a compact JWS (EdDSA) whose signature anybody can check with the public keys at
 * `/.well-known/jwks.json` and nothing else. It names the seat's ticket, its date and the version it was issued as: whether
 * that is still the newest, and whether somebody has gone in with it, is what a door must ask or have on its list.
 * It names no person.
 */
import { keySet } from "../auth/keys.ts";
import { signToken, verifyToken } from "../auth/tokens.ts";
import type { Environment } from "../../environment.ts";

const TYPE = "ticket+jwt";
const AUDIENCE = "ticketping:door";

type Keys = Pick<Environment, "TICKET_KEYS">;

export interface SeatTicket {
  readonly ticketId: string;
  readonly scheduleId: string;
  readonly version: number;
}

/** The same ticket and version is the same token, whenever it is asked for. */
export async function signSeatTicket(env: Keys, ticket: SeatTicket, issuedAt: Date): Promise<string> {
  return signToken({
    keys: await keySet(env.TICKET_KEYS),
    type: TYPE,
    audience: AUDIENCE,
    subject: ticket.ticketId,
    claims: { schedule: ticket.scheduleId, version: ticket.version },
    expiresAt: null,
    now: issuedAt.getTime(),
  });
}

/** null: not signed by us, or no ticket. */
export async function verifySeatTicket(env: Keys, token: string): Promise<SeatTicket | null> {
  const keys = await keySet(env.TICKET_KEYS);
  const result = await verifyToken({ keys, type: TYPE, audience: AUDIENCE, token, mayLackExpiry: true });
  if (!result.ok) return null;
  const { sub, schedule, version } = result.claims;
  if (typeof schedule !== "string" || typeof version !== "number" || !Number.isSafeInteger(version)) return null;
  return { ticketId: sub, scheduleId: schedule, version };
}

/** What a door without a connection goes by, signed, so that what a device has kept is what we said. */
export async function signDoorList(
  env: Keys,
  scheduleId: string,
  claims: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<string> {
  return signToken({
    keys: await keySet(env.TICKET_KEYS),
    type: "door-list+jwt",
    audience: "ticketping:door-list",
    subject: scheduleId,
    claims,
    expiresAt: null,
    now: at.getTime(),
  });
}
