/** Per lobby the latest (incarnation, sequence) seen: an older batch must not undo what came after it. */
import type { Batch } from "./contract.ts";

type Mark = Pick<Batch, "incarnation" | "sequence">;

export class BatchOrder {
  readonly #latest = new Map<string, Mark>();

  /** Takes note of a lobby's batch. `stale`: an older one than the last. `restarted`: the lobby has started again since. */
  note(lobby: string, { incarnation, sequence }: Mark): { readonly stale: boolean; readonly restarted: boolean } {
    const latest = this.#latest.get(lobby);
    if (latest !== undefined && isOlder({ incarnation, sequence }, latest)) return { stale: true, restarted: false };
    this.#latest.set(lobby, { incarnation, sequence });
    return { stale: false, restarted: latest !== undefined && incarnation > latest.incarnation };
  }
}

function isOlder(batch: Mark, latest: Mark): boolean {
  if (batch.incarnation !== latest.incarnation) return batch.incarnation < latest.incarnation;
  return batch.sequence < latest.sequence;
}
