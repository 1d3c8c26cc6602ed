/**
 * Tokens that were right a moment ago. A page joins, opens its socket and polls with one and the same token, and checking a
 * signature costs more than all else at the edge. A signature that was right stays right; what passes is time, and that is
 * looked at every time. Kept by key set, so that a set without the signer's key knows nothing of it; refusals are not kept.
 */
import type { KeySet } from "./keys.ts";

/** At most 4 KB each, and about 400 bytes as they are. */
export const REMEMBERED_TOKENS = 4_096;

export interface RememberedToken<Claims> {
  readonly type: string;
  readonly audience: string;
  readonly claims: Claims;
}

export class RememberedTokens<Claims> {
  readonly #bySet = new WeakMap<KeySet, Map<string, RememberedToken<Claims>>>();

  get(keys: KeySet, token: string): RememberedToken<Claims> | null {
    return this.#bySet.get(keys)?.get(token) ?? null;
  }

  /** The oldest makes room. */
  keep(keys: KeySet, token: string, remembered: RememberedToken<Claims>): void {
    let tokens = this.#bySet.get(keys);
    if (tokens === undefined) this.#bySet.set(keys, (tokens = new Map()));
    if (tokens.size >= REMEMBERED_TOKENS) {
      const oldest = tokens.keys().next();
      if (oldest.done !== true) tokens.delete(oldest.value);
    }
    tokens.set(token, remembered);
  }
}
