/**
 * The Meter: counts from the edge. Isolates come and go and know only themselves, so what they count is added up here, and
 * kept: one row, written at most every few seconds.
 */
import { DurableObject } from "cloudflare:workers";
import type { Counts, MeterContract } from "./contract.ts";

const WRITE_EVERY_MS = 5_000;
/** A bound against a mistake that would make series without end. */
const SERIES_MAX = 1_000;
const SERIES = /^[a-z_]{1,40}(\|[a-z0-9.-]{1,40}){0,2}$/;
const KEY = "counts";

export class Meter extends DurableObject<Record<string, never>> implements MeterContract {
  #counts = new Map<string, number>();
  #writtenAt = 0;

  constructor(ctx: DurableObjectState, env: Record<string, never>) {
    super(ctx, env);
    for (const [series, count] of Object.entries(ctx.storage.kv.get<Counts>(KEY) ?? {}))
      this.#counts.set(series, count);
  }

  async add(counts: Counts): Promise<void> {
    for (const [series, count] of Object.entries(counts)) {
      const known = this.#counts.get(series);
      if (!Number.isFinite(count) || count < 0 || !SERIES.test(series)) continue;
      if (known === undefined && this.#counts.size >= SERIES_MAX) continue;
      this.#counts.set(series, (known ?? 0) + count);
    }
    if (Date.now() - this.#writtenAt >= WRITE_EVERY_MS) this.#write();
    else if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + WRITE_EVERY_MS);
  }

  read(): Promise<Counts> {
    return Promise.resolve(Object.fromEntries(this.#counts));
  }

  override alarm(): void {
    this.#write();
  }

  #write(): void {
    this.#writtenAt = Date.now();
    this.ctx.storage.kv.put(KEY, Object.fromEntries(this.#counts));
  }
}
