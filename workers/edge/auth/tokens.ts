/**
 * Signed tokens of every kind: JWTs with EdDSA (Ed25519). What distinguishes the kinds is written into the token twice,
 * as header `typ` and as `aud`, and both are checked together with the key set of that kind. So a refresh token is no
 * access token, and a queue ticket is no booking pass, even if two kinds ever came to share a key.
 *
 * Verification takes no I/O. Times are milliseconds since 1970 here and whole seconds inside a token.
 */
import { errors, jwtVerify, SignJWT } from "jose";
import type { JWTPayload } from "jose";
import type { KeySet } from "./keys.ts";
import { RememberedTokens } from "./remembered-tokens.ts";

const ISSUER = "ticketping";
/** Longer texts are refused before anything is decoded: parsing must not be a way to make us work. */
const MAX_TOKEN_BYTES = 4096;
/** Clocks of two locations may differ by this much, at most. */
const CLOCK_SKEW_SECONDS = 60;
const ALGORITHM = "EdDSA";

export interface SignRequest {
  readonly keys: KeySet;
  /** The header's `typ`, such as "access+jwt". */
  readonly type: string;
  readonly audience: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** null: the token has no end of its own (tickets, queue tickets). */
  readonly expiresAt: number | null;
  readonly now?: number;
}

export async function signToken(request: SignRequest): Promise<string> {
  const { keys, type, audience, subject, claims, expiresAt, now = Date.now() } = request;
  const token = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: ALGORITHM, typ: type, kid: keys.signing.kid })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(Math.floor(now / 1000));
  if (expiresAt !== null) token.setExpirationTime(Math.floor(expiresAt / 1000));
  return token.sign(keys.signing.key);
}

export interface VerifyRequest {
  readonly keys: KeySet;
  readonly type: string;
  readonly audience: string;
  readonly token: string;
  readonly now?: number;
  /** Only for kinds that are signed with `expiresAt: null`. An expiry that is there is always checked. */
  readonly mayLackExpiry?: boolean;
}

export interface TokenClaims extends JWTPayload {
  readonly sub: string;
  readonly iat: number;
}

export type TokenResult =
  | { readonly ok: true; readonly claims: TokenClaims }
  /** `detail` is for the log; a caller outside is told the reason only. */
  | { readonly ok: false; readonly reason: "expired" | "invalid"; readonly detail: string };

const remembered = new RememberedTokens<TokenClaims>();

/** The same token was right before, and is neither over nor from the future now. */
function knownClaims(request: VerifyRequest, now: number): TokenClaims | null {
  const { keys, type, audience, token, mayLackExpiry = false } = request;
  const known = remembered.get(keys, token);
  if (known === null || known.type !== type || known.audience !== audience) return null;
  const { exp, iat } = known.claims;
  const seconds = now / 1000;
  // The last minute, which is leniency, is left to the whole check.
  if (exp === undefined ? !mayLackExpiry : exp <= seconds) return null;
  return iat > seconds ? null : known.claims;
}

/**
 * "expired" is said only of a token that is right in everything else, so that a client renews for a reason. The 60 s of
 * leniency towards clocks count at both ends; who needs an exact end asks the object, which has the deadline.
 */
export async function verifyToken(request: VerifyRequest): Promise<TokenResult> {
  const { keys, type, audience, token, now = Date.now(), mayLackExpiry = false } = request;
  if (token.length > MAX_TOKEN_BYTES) return invalid("longer than 4 KB");
  const known = knownClaims(request, now);
  if (known !== null) return { ok: true, claims: known };
  try {
    const { payload } = await jwtVerify(token, (header) => keyFor(keys, header.kid), {
      algorithms: [ALGORITHM],
      typ: type,
      audience,
      issuer: ISSUER,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(now),
      requiredClaims: mayLackExpiry ? ["sub", "iat"] : ["sub", "iat", "exp"],
    });
    const { sub, iat, nbf } = payload;
    if (sub === undefined || sub === "" || typeof iat !== "number") return invalid("sub or iat is missing");
    if (iat > now / 1000 + CLOCK_SKEW_SECONDS) return invalid("issued in the future");
    const claims = { ...payload, sub, iat };
    if (nbf === undefined) remembered.keep(keys, token, { type, audience, claims });
    return { ok: true, claims };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { ok: false, reason: "expired", detail: "exp has passed" };
    if (error instanceof errors.JOSEError || error instanceof UnknownKey) return invalid(error.message);
    // What jose throws for text that is no token at all (a TypeError or SyntaxError of a decoder). Its message may quote
    // the text, and the log is no place for that.
    return invalid(error instanceof Error ? `not a token (${error.name})` : "not a token");
  }
}

class UnknownKey extends Error {}

function keyFor(keys: KeySet, kid: string | undefined): CryptoKey {
  const key = kid === undefined ? undefined : keys.verifying.get(kid);
  if (key === undefined) throw new UnknownKey("signed by no key of this set");
  return key;
}

function invalid(detail: string): TokenResult {
  return { ok: false, reason: "invalid", detail: detail.slice(0, 200) };
}
