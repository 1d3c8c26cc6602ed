/**
 * The two credentials of the waiting room. A queue ticket says who waits for what and lasts while the performance does, so
 * that nobody is lost because a login token ran out. A booking pass proves an admission at the edge and is short-lived.
 * Both are signed with the pass keys and told apart by type and audience.
 */
import { signToken, verifyToken, type TokenResult } from "../auth/tokens.ts";
import { keySet } from "../auth/keys.ts";
import type { Environment } from "../../environment.ts";

const TICKET_TYPE = "queue-ticket+jwt";
const TICKET_AUDIENCE = "ticketping:queue";
const PASS_TYPE = "booking-pass+jwt";
const PASS_AUDIENCE = "ticketping:booking";

export interface QueueTicket {
  readonly member: string;
  readonly performanceId: string;
  readonly number: number;
}

export interface BookingPass {
  readonly member: string;
  readonly performanceId: string;
  /** The number the session belongs to. */
  readonly number: number;
  readonly epoch: number;
}

export type Verified<Value> = { readonly ok: true; readonly value: Value } | Extract<TokenResult, { ok: false }>;

export async function signTicket(env: Environment, ticket: QueueTicket): Promise<string> {
  return signToken({
    keys: await keySet(env.PASS_KEYS),
    type: TICKET_TYPE,
    audience: TICKET_AUDIENCE,
    subject: ticket.member,
    claims: { performance: ticket.performanceId, number: ticket.number },
    expiresAt: null,
  });
}

/** What is in a queue ticket. It has no end of its own, so that nobody who waits longer than a sign-in lasts is dropped. */
export async function verifyTicket(env: Environment, token: string): Promise<Verified<QueueTicket>> {
  const keys = await keySet(env.PASS_KEYS);
  const result = await verifyToken({ keys, type: TICKET_TYPE, audience: TICKET_AUDIENCE, token, mayLackExpiry: true });
  if (!result.ok) return result;
  const { sub, performance, number } = result.claims;
  if (typeof performance !== "string" || typeof number !== "number") return unreadable();
  return { ok: true, value: { member: sub, performanceId: performance, number } };
}

export interface QueueReceipt {
  readonly performanceId: string;
  readonly entry: string;
  readonly number: number;
  /** The lane's index; 0, the general one, is not written down. */
  readonly lane: number;
}

/** What somebody holds against us: this entry had this number at this time. Names nobody, so it can be shown around. */
export async function signReceipt(env: Environment, receipt: QueueReceipt): Promise<string> {
  const { performanceId, entry, number, lane } = receipt;
  return signToken({
    keys: await keySet(env.PASS_KEYS),
    type: "queue-receipt+jwt",
    audience: "ticketping:receipt",
    subject: entry,
    claims: { performance: performanceId, number, ...(lane === 0 ? {} : { lane }) },
    expiresAt: null,
  });
}

export async function signPass(env: Environment, pass: BookingPass, expiresAt: number): Promise<string> {
  return signToken({
    keys: await keySet(env.PASS_KEYS),
    type: PASS_TYPE,
    audience: PASS_AUDIENCE,
    subject: pass.member,
    claims: { performance: pass.performanceId, number: pass.number, epoch: pass.epoch },
    expiresAt,
  });
}

/** Whose pass it is and for which performance; whether its session still lives, the object says. */
export async function verifyPass(env: Environment, token: string): Promise<Verified<BookingPass>> {
  const keys = await keySet(env.PASS_KEYS);
  const result = await verifyToken({ keys, type: PASS_TYPE, audience: PASS_AUDIENCE, token });
  if (!result.ok) return result;
  const { sub, performance, number, epoch } = result.claims;
  if (typeof performance !== "string" || typeof number !== "number" || typeof epoch !== "number") return unreadable();
  return { ok: true, value: { member: sub, performanceId: performance, number, epoch } };
}

function unreadable(): Extract<TokenResult, { ok: false }> {
  return { ok: false, reason: "invalid", detail: "a claim is missing" };
}
