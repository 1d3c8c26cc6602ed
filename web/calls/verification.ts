/** What joining may take besides an account: a pre-sale code, or the word of an external verifier. */
import { ask } from "../api.ts";
import { fields, listOf, nothing, nullable, number, oneOf, text, time } from "../decode.ts";
import { at as atOrganizer } from "./organizer.ts";

export type Verification = "codes" | "verifier" | null;

export interface VerificationState {
  readonly by: Verification;
  readonly verified: boolean;
}

const way = nullable(oneOf("codes", "verifier"));
const at = (id: string, rest = ""): string => `/api/performances/${encodeURIComponent(id)}/verification${rest}`;

export function readVerification(id: string): Promise<VerificationState> {
  const decode = fields<VerificationState>({ by: way, verified: (value) => value === true });
  return ask({ method: "GET", path: at(id), decode });
}

/** Showing the same code again changes nothing. */
export function showCode(id: string, code: string): Promise<null> {
  return ask({ method: "POST", path: at(id, "/code"), body: { code }, decode: nothing, repeatable: true });
}

/** Where to go to be verified. The answer sets the cookie to come back with. */
export async function askVerifier(id: string): Promise<string> {
  return (await ask({ method: "POST", path: at(id, "/ask"), decode: fields({ url: text }), repeatable: true })).url;
}

export interface CodeBatch {
  readonly number: number;
  readonly label: string;
  readonly count: number;
  readonly used: number;
  readonly voidedAt: number | null;
}

export interface VerificationOfSale {
  readonly by: Verification;
  readonly verified: number;
  readonly verifier: { readonly url: string; readonly since: number } | null;
  readonly batches: readonly CodeBatch[];
}

export function readVerificationOfSale(id: string): Promise<VerificationOfSale> {
  const decode = fields<VerificationOfSale>({
    by: way,
    verified: number,
    verifier: nullable(fields({ url: text, since: time })),
    batches: listOf(fields<CodeBatch>({ number, label: text, count: number, used: number, voidedAt: nullable(time) })),
  });
  return ask({ method: "GET", path: atOrganizer(id, "/verification"), decode });
}

/** Not repeatable: each call makes a batch of its own. */
export function makeCodes(id: string, body: { count: number; label: string }): Promise<readonly string[]> {
  const decode = fields({ codes: listOf(text) });
  return ask({ method: "POST", path: atOrganizer(id, "/codes"), body, decode }).then(({ codes }) => codes);
}

export function voidCodes(id: string, batch: number): Promise<null> {
  return ask({ method: "POST", path: atOrganizer(id, `/codes/${batch}/void`), decode: nothing, repeatable: true });
}

/** Not repeatable: each call ends the secret of the one before it. */
export function setVerifier(id: string, url: string): Promise<string> {
  const decode = fields({ secret: text });
  return ask({ method: "PUT", path: atOrganizer(id, "/verifier"), body: { url }, decode }).then(({ secret }) => secret);
}
