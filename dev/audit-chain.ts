/**
 * Checks the audit log's chain: each entry's canonical line, hashed with the seal before it, has to give its seal. Pure:
 * what comes from a database or from an exported file is the same here.
 */
import { createHash } from "node:crypto";

export interface Sealed {
  readonly position: number;
  /** Null: the entry that was sealed here is gone. */
  readonly line: string | null;
  readonly hash: string;
}

export type Verdict =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | { readonly ok: false; readonly position: number; readonly why: string };

const FIRST = "0".repeat(64);

class ChainCheck {
  #position = 0;
  #head = FIRST;

  /** The next seal; a sentence says what does not fit. */
  take({ position, line, hash }: Sealed): string | null {
    if (position !== this.#position + 1) return `seal ${this.#position + 1} is missing`;
    if (line === null) return `the entry of seal ${position} was removed`;
    const expected = createHash("sha256").update(`${this.#head}\n${line}`).digest("hex");
    if (expected !== hash) return `entry ${position} is not what was sealed`;
    this.#position = position;
    this.#head = hash;
    return null;
  }

  /** How far it fits: a note of it, kept elsewhere, later shows whether the end was cut off. */
  get head(): string {
    return `${this.#position}:${this.#head}`;
  }

  get entries(): number {
    return this.#position;
  }
}

/** Checks all, and that a head noted earlier is still part of it. */
export function verifyChain(seals: readonly Sealed[], noted?: string): Verdict {
  const check = new ChainCheck();
  let seen = noted === undefined || noted === check.head;
  for (const seal of seals) {
    const why = check.take(seal);
    if (why !== null) return { ok: false, position: seal.position, why };
    if (check.head === noted) seen = true;
  }
  if (!seen) return { ok: false, position: check.entries, why: `the head ${noted} is no longer part of the chain` };
  return { ok: true, entries: check.entries, head: check.head };
}
