/** Figures as samples of a moment, and which of them to keep and to show. Pure. */
import type { Figures } from "../performance/contract.ts";
import type { Sample } from "./contract.ts";

export interface Before {
  readonly at: number;
  readonly calls: number;
}

export function sampleOf(figures: Figures, before: Before | null, answerMs: number): Sample {
  const { status } = figures;
  const last = status.waits.at(-1);
  const passed = before === null ? 0 : (status.now - before.at) / 1_000;
  // Fewer than before: the object started again, and its count with it.
  const calls = Math.max(0, figures.calls - (before?.calls ?? 0));
  return {
    at: status.now,
    phase: status.phase,
    joined: status.joined,
    waiting: status.waiting,
    present: status.present,
    absent: figures.absent,
    returned: figures.returned,
    front: status.front,
    admitted: figures.admittedTotal,
    sessions: status.sessions,
    capacity: status.capacity,
    ratePerMinute: status.ratePerMinute,
    flowPerMinute: status.flowPerMinute,
    drawn: status.draw?.n ?? 0,
    shownWait: last === undefined ? null : [last[1], last[2]],
    grades: figures.grades.map(({ grade, total, free, sold, value }) => [grade, total, free, sold, value]),
    seats: figures.seatsByStatus,
    orders: figures.ordersByStatus,
    outbox: figures.outboxDepth,
    outboxSeconds: figures.oldestOutboxAt === null ? 0 : Math.max(0, (status.now - figures.oldestOutboxAt) / 1_000),
    unknownPayments: figures.unknownPayments,
    callsPerSecond: passed <= 0 ? 0 : Math.round((calls / passed) * 10) / 10,
    answerMs,
  };
}

/**
 * At most `most` samples that still show the whole course: one for each equal stretch of time, the latest of it, and the
 * newest always.
 */
export function thinned<T extends { readonly at: number }>(samples: readonly T[], most: number): readonly T[] {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length <= most) return samples;
  const stretch = Math.max(1, (last.at - first.at + 1) / most);
  const kept = new Map<number, T>();
  for (const sample of samples) kept.set(Math.floor((sample.at - first.at) / stretch), sample);
  return [...kept.values()];
}

/** A stored sample read back: another deploy may have written it, so what does not look like one is left out. */
export function parseSample(body: string): Sample | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || !("at" in value) || typeof value.at !== "number") return null;
    if (!("grades" in value) || !Array.isArray(value.grades) || !("orders" in value)) return null;
    return value as Sample;
  } catch {
    return null;
  }
}
