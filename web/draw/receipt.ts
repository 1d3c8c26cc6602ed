/** Reads a receipt (a compact JWS signed with Ed25519) and checks who signed it. */
import type { SigningKey } from "../calls/draw.ts";
import { fields, nullable, number, oneOf, ShapeError, text } from "../decode.ts";
import { receiptSlot } from "../waiting/receipt.ts";

export interface Receipt {
  readonly entry: string;
  readonly performance: string;
  readonly number: number;
  readonly lane: number;
  readonly joinedAt: number;
  readonly kid: string;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const header = fields({ alg: oneOf("EdDSA"), typ: oneOf("queue-receipt+jwt"), kid: text });
const claims = fields({
  sub: text,
  aud: oneOf("ticketping:receipt"),
  performance: text,
  number,
  iat: number,
  lane: nullable(number),
});

/** The receipt which the waiting room kept in this browser. */
export function keptReceipt(id: string): string | null {
  try {
    return localStorage.getItem(receiptSlot(id));
  } catch {
    return null;
  }
}

/** Null: not a receipt. */
export function readReceipt(token: string): Receipt | null {
  try {
    const [head = "", body = "", tail = "", ...more] = token.split(".");
    if (more.length > 0) return null;
    const { kid } = header(jsonOf(head));
    const { sub, performance, number: place, iat, lane } = claims(jsonOf(body));
    if (!Number.isSafeInteger(place) || place < 0) return null;
    const signed = new TextEncoder().encode(`${head}.${body}`);
    return {
      entry: sub,
      performance,
      number: place,
      lane: lane ?? 0,
      joinedAt: iat * 1000,
      kid,
      signed,
      signature: bytesOf(tail),
    };
  } catch {
    return null;
  }
}

/** The curve's code is loaded only when there is something to verify. */
export async function isSigned(receipt: Receipt, keys: readonly SigningKey[]): Promise<boolean> {
  const key = keys.find(({ kid }) => kid === receipt.kid);
  if (key === undefined) return false;
  const { ed25519 } = await import("@noble/curves/ed25519.js");
  try {
    return ed25519.verify(receipt.signature, receipt.signed, bytesOf(key.x), { zip215: false });
  } catch {
    return false;
  }
}

function jsonOf(part: string): unknown {
  return JSON.parse(new TextDecoder().decode(bytesOf(part)));
}

function bytesOf(base64url: string): Uint8Array {
  if (!/^[\w-]+$/.test(base64url)) throw new ShapeError("expected base64url");
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0);
}
