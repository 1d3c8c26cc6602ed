/** What the driver is bound to: the product's objects, and its own two. */
import type { PerformanceContract, Reply } from "../../durable-objects/performance/contract.ts";
import type { PerformanceEnvironment } from "../../durable-objects/performance/performance.ts";
import type { Objects } from "../../workers/environment.ts";

export interface Counted extends PerformanceContract {
  /** Rows written by this object's statements since it was asked last. */
  rowsWritten(): Promise<number>;
}

export interface DriverEnvironment extends PerformanceEnvironment {
  readonly PERFORMANCE: Objects<PerformanceContract>;
  /** An object that answers like the real one, at once and without doing anything. */
  readonly STAND_IN: Objects<PerformanceContract>;
  readonly COUNTED: Objects<Counted>;
  readonly PASS_KEYS: string;
}

/** The one reply of a call with one command, or of its last command. */
export function granted<Kind extends Extract<Reply, { ok: true }>["kind"]>(
  reply: Reply | undefined,
  kind: Kind,
): Extract<Reply, { ok: true; kind: Kind }> {
  if (reply === undefined || !reply.ok || reply.kind !== kind) {
    throw new Error(`expected ${kind}, got ${JSON.stringify(reply)}`);
  }
  return reply as Extract<Reply, { ok: true; kind: Kind }>;
}

/** Runs calls one after the other on each of so many lines, until `next` has none left. */
export async function inFlight(lines: number, next: () => Promise<unknown> | null): Promise<void> {
  await Promise.all(
    Array.from({ length: lines }, async () => {
      for (let call = next(); call !== null; call = next()) await call;
    }),
  );
}
