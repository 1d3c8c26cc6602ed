/** Checks a compact JWS (EdDSA) of ours with the public keys alone, as a door without a connection has to. */
import type { SigningKey } from "../calls/draw.ts";
import { fields, isRecord, oneOf, ShapeError, text } from "../decode.ts";

const header = fields({ alg: oneOf("EdDSA"), typ: text, kid: text });

/** The claims, or null for what nobody of ours signed as this. The curve's code is loaded when it is needed. */
export async function verified(
  token: string,
  { typ, aud }: { readonly typ: string; readonly aud: string },
  keys: readonly SigningKey[],
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const [head = "", body = "", tail = "", ...more] = token.split(".");
    const { typ: type, kid } = header(jsonOf(head));
    const key = keys.find((one) => one.kid === kid);
    if (more.length > 0 || type !== typ || key === undefined) return null;
    const { ed25519 } = await import("@noble/curves/ed25519.js");
    const signed = new TextEncoder().encode(`${head}.${body}`);
    if (!ed25519.verify(bytesOf(tail), signed, bytesOf(key.x), { zip215: false })) return null;
    const claims = jsonOf(body);
    return isRecord(claims) && claims["aud"] === aud ? claims : null;
  } catch {
    return null;
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
