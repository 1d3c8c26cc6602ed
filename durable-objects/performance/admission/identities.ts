/**
 * Who has shown which identity: identity → entry and entry → identity, one to one and for good. Two rosters in step, bytes
 * in typed arrays as everywhere (56 bytes a member or so). Only apply.ts and loading change it.
 */
import type { CodeBatch, IdentityFacts, IdentityView, Verification, Verifier } from "../contract.ts";
import { entryBytes } from "./entry.ts";
import { codeOfIdentity } from "./identity.ts";
import { Roster } from "./roster.ts";

export class Identities {
  /** The same number in both: this identity is that entry's. */
  readonly #identities = new Roster();
  readonly #entries = new Roster();
  readonly batches = new Map<number, CodeBatch>();
  readonly #used = new Map<number, number>();
  verifier: Verifier | null = null;

  get size(): number {
    return this.#entries.size;
  }

  /** Whether an entry has shown an identity; `bytes` holds entries of 16 bytes. */
  has(bytes: Uint8Array, offset = 0): boolean {
    return this.#entries.find(bytes, offset) >= 0;
  }

  isTaken(identity: string): boolean {
    return this.#identities.find(entryBytes(identity)) >= 0;
  }

  /** Whether a code is one that was made, and not made void. */
  isGood(identity: string): boolean {
    const code = codeOfIdentity(identity);
    const batch = code === null ? undefined : this.batches.get(code.batch);
    return code !== null && batch !== undefined && batch.voidedAt === null && code.index < batch.count;
  }

  /** @throws when either has been given away: no rule may have decided that. */
  add(identity: Uint8Array, entry: Uint8Array): void {
    if (this.#identities.find(identity) >= 0 || this.#entries.find(entry) >= 0) throw new Error("an identity twice");
    this.#identities.add(identity);
    this.#entries.add(entry);
    const code = codeOfIdentity(Buffer.from(identity).toString("hex"));
    if (code !== null) this.#used.set(code.batch, (this.#used.get(code.batch) ?? 0) + 1);
  }

  /** Pairs `from` to `to` (exclusive): 16 bytes of identity, 16 of entry. */
  pairs(from: number, to: number): Uint8Array {
    const pairs = new Uint8Array((to - from) * PAIR_BYTES);
    for (let number = from; number < to; number++) {
      const at = (number - from) * PAIR_BYTES;
      pairs.set(this.#identities.bytes(number, number + 1), at);
      pairs.set(this.#entries.bytes(number, number + 1), at + PAIR_BYTES / 2);
    }
    return pairs;
  }

  facts(by: Verification): IdentityFacts {
    return { by, verifier: this.verifier };
  }

  view(by: Verification): IdentityView {
    const batches = Array.from(this.batches.values(), (batch) => ({
      ...batch,
      used: this.#used.get(batch.number) ?? 0,
    }));
    return { ...this.facts(by), batches, verified: this.size };
  }
}

export const PAIR_BYTES = 32;
