/** The mails of a laptop's inbox: kept while it runs, the newest first, not more than a page can show. */
import { randomUUID } from "node:crypto";
import { z } from "zod";

export const Draft = z.strictObject({
  from: z.string().min(3).max(320),
  to: z.array(z.string().min(3).max(320)).min(1).max(50),
  subject: z.string().min(1).max(998),
  text: z.string().max(200_000),
  html: z.string().max(400_000),
});
export type Draft = z.infer<typeof Draft>;

export interface Kept extends Draft {
  readonly id: string;
  readonly at: string;
}

const KEPT_MAX = 500;

export class Letters {
  #kept: Kept[] = [];
  readonly #byKey = new Map<string, string>();

  /** A key that was heard before is the same mail: its id is answered, and nothing is added. */
  take(draft: Draft, key: string | null, now: Date): string {
    const known = key === null ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = randomUUID();
    this.#kept = [{ ...draft, id, at: now.toISOString() }, ...this.#kept].slice(0, KEPT_MAX);
    if (key !== null) this.#byKey.set(key, id);
    return id;
  }

  /** Of one address, or of everybody. */
  list(to: string | null): readonly Kept[] {
    return to === null ? this.#kept : this.#kept.filter((letter) => letter.to.includes(to));
  }

  find(id: string): Kept | null {
    return this.#kept.find((letter) => letter.id === id) ?? null;
  }
}
