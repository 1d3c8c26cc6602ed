/** The sealed list of entries: downloaded segment by segment, kept as one run of bytes, looked into. */
import { SEGMENT_ENTRIES } from "../../durable-objects/performance/admission/draw.ts";

export const entryBytes = 16;
const words = entryBytes / 4;
/** Requests on their way at a time. */
const lanes = 4;

export interface Segments {
  readonly n: number;
  readonly count: number;
  /** A segment ends with one byte an entry, the index of its lane. */
  readonly laned: boolean;
  readonly read: (index: number) => Promise<Uint8Array>;
  readonly progress: (done: number) => void;
}

/** The segments in order, or null when their sizes do not add up to `n` entries. */
export async function download({ n, count, laned, read, progress }: Segments): Promise<readonly Uint8Array[] | null> {
  if (count !== Math.ceil(n / SEGMENT_ENTRIES)) return null;
  const segments: Uint8Array[] = Array.from({ length: count });
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      segments[index] = await read(index);
      done += 1;
      progress(done / count);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const each = entryBytes + (laned ? 1 : 0);
  const sizeOf = (index: number): number => Math.min(SEGMENT_ENTRIES, n - index * SEGMENT_ENTRIES) * each;
  return segments.every((segment, index) => segment.length === sizeOf(index)) ? segments : null;
}

/** The entries alone. */
export function entriesOf(segments: readonly Uint8Array[], laned: boolean): readonly Uint8Array[] {
  if (!laned) return segments;
  return segments.map((segment) => segment.subarray(0, (segment.length / (entryBytes + 1)) * entryBytes));
}

/** The lane of a number that is in the list. */
export function laneAt(segments: readonly Uint8Array[], number: number): number {
  const segment = segments[Math.floor(number / SEGMENT_ENTRIES)] ?? new Uint8Array();
  const entries = segment.length / (entryBytes + 1);
  return segment[entries * entryBytes + (number % SEGMENT_ENTRIES)] ?? 0;
}

export function joined(segments: readonly Uint8Array[]): Uint8Array {
  const list = new Uint8Array(segments.reduce((sum, segment) => sum + segment.length, 0));
  let at = 0;
  for (const segment of segments) {
    list.set(segment, at);
    at += segment.length;
  }
  return list;
}

/** The entry of a number as hex, or null beyond the end. */
export function entryAt(list: Uint8Array, number: number): string | null {
  const entry = list.subarray(number * entryBytes, (number + 1) * entryBytes);
  if (entry.length < entryBytes) return null;
  return Array.from(entry, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether an entry is in the list twice. Entries are pseudorandom, so their first word serves as their hash. */
export function hasTwice(list: Uint8Array): boolean {
  const entries = new Uint32Array(list.buffer, list.byteOffset, list.length / 4);
  const n = list.length / entryBytes;
  const size = 2 ** Math.ceil(Math.log2(n * 2 + 1));
  const table = new Int32Array(size).fill(-1);
  for (let number = 0; number < n; number++) {
    let slot = (entries[number * words] ?? 0) & (size - 1);
    for (let other = table[slot] ?? -1; other >= 0; other = table[slot] ?? -1) {
      if (same(entries, other * words, number * words)) return true;
      slot = (slot + 1) & (size - 1);
    }
    table[slot] = number;
  }
  return false;
}

function same(entries: Uint32Array, a: number, b: number): boolean {
  for (let word = 0; word < words; word++) if (entries[a + word] !== entries[b + word]) return false;
  return true;
}
