/**
 * What a performance may ask of a member before they join: a pre-sale code, or the word of an external verifier. Plain
 * data; times are milliseconds since 1970 UTC. Either one is an *identity*: 16 bytes that stand for one code or one
 * person of the verifier's, and that open one place in this performance and no more.
 */

/** What joining takes besides an account; null: nothing. Fixed by the first publication. */
export type Verification = "codes" | "verifier" | null;

/** So many codes were made at once. The codes themselves are kept nowhere: they are computed from the entry key. */
export interface CodeBatch {
  readonly number: number;
  readonly count: number;
  /** What the organiser calls it, such as "Fan club, first mailing". */
  readonly label: string;
  readonly madeAt: number;
  /** From here on codes of it that nobody has used yet open nothing. */
  readonly voidedAt: number | null;
}

/** Where fans are sent. `version` names the secret in use; the one before it stays good for a few minutes after `since`. */
export interface Verifier {
  readonly url: string;
  readonly version: number;
  readonly since: number;
}

/** What the edge has to know of it. */
export type IdentityFacts = { readonly by: Verification; readonly verifier: Verifier | null };

export type IdentityAction =
  | { readonly do: "make-codes"; readonly count: number; readonly label: string }
  | { readonly do: "void-codes"; readonly batch: number }
  /** Also the way to a new secret: naming the same address again makes one, and the old one ends ten minutes later. */
  | { readonly do: "set-verifier"; readonly url: string };

/** What the organiser is shown. */
export interface IdentityView extends IdentityFacts {
  readonly batches: readonly (CodeBatch & { readonly used: number })[];
  /** Members who have shown what was asked for. */
  readonly verified: number;
}
