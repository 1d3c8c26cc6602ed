/**
 * Who reached the queue, in order: number → entry and entry → latest number. Bytes in typed arrays, not objects, because a
 * million members have to fit beside everything else in 128 MB (16 bytes an entry and 8 to 16 bytes of hash table).
 *
 * Entries lie in blocks of fixed size that are never copied: an array that doubles would need the old and the new one at
 * the same moment, and leave the old one to the collector.
 */
import { ENTRY_BYTES } from "./entry.ts";

const WORDS = ENTRY_BYTES / 4;
const SMALLEST_TABLE = 1_024;
/** Members per block: 64 KB of entries. */
const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK - 1;

/** A byte as two hex digits. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export class Roster {
  readonly #blocks: Uint32Array[] = [];
  /** Open addressing with linear probing; a slot holds number + 1, 0 is empty. At most half full. */
  #table = new Int32Array(SMALLEST_TABLE * 2);
  #size = 0;

  /** Numbers given so far; the next one. */
  get size(): number {
    return this.#size;
  }

  /** The latest number of the entry at `offset` of `bytes`, or -1. */
  find(bytes: Uint8Array, offset = 0): number {
    const slot = this.#slot(
      word(bytes, offset),
      word(bytes, offset + 4),
      word(bytes, offset + 8),
      word(bytes, offset + 12),
    );
    return (this.#table[slot] ?? 0) - 1;
  }

  /** Gives the entry the next number; from now on `find` answers that one. */
  add(bytes: Uint8Array, offset = 0): number {
    if ((this.#size + 1) * 2 > this.#table.length) this.#grow();
    const a = word(bytes, offset);
    const b = word(bytes, offset + 4);
    const c = word(bytes, offset + 8);
    const d = word(bytes, offset + 12);
    const number = this.#size;
    let block = this.#blocks[number >> BLOCK_BITS];
    if (block === undefined) this.#blocks.push((block = new Uint32Array(BLOCK * WORDS)));
    const at = (number & IN_BLOCK) * WORDS;
    block[at] = a;
    block[at + 1] = b;
    block[at + 2] = c;
    block[at + 3] = d;
    this.#table[this.#slot(a, b, c, d)] = number + 1;
    this.#size = number + 1;
    return number;
  }

  /** The entry of a number, as hex. */
  entry(number: number): string {
    const words = this.#blocks[number >> BLOCK_BITS];
    const at = (number & IN_BLOCK) * WORDS;
    let hex = "";
    for (let word = at; word < at + WORDS; word++) {
      const value = words?.[word] ?? 0;
      hex += (HEX[value >>> 24] ?? "") + (HEX[(value >>> 16) & 255] ?? "");
      hex += (HEX[(value >>> 8) & 255] ?? "") + (HEX[value & 255] ?? "");
    }
    return hex;
  }

  /** The entries of numbers `from` to `to` (exclusive), packed, 16 bytes each. */
  bytes(from: number, to: number): Uint8Array {
    const out = new Uint8Array((to - from) * ENTRY_BYTES);
    const view = new DataView(out.buffer);
    for (let number = from, offset = 0; number < to; number++) {
      const block = this.#blocks[number >> BLOCK_BITS];
      for (let word = 0; word < WORDS; word++, offset += 4) {
        view.setUint32(offset, block?.[(number & IN_BLOCK) * WORDS + word] ?? 0);
      }
    }
    return out;
  }

  /** Bytes of memory behind the arrays. */
  get byteLength(): number {
    return this.#blocks.length * BLOCK * ENTRY_BYTES + this.#table.byteLength;
  }

  #slot(a: number, b: number, c: number, d: number): number {
    const mask = this.#table.length - 1;
    for (let slot = d & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#table[slot] ?? 0) - 1;
      if (number < 0) return slot;
      const words = this.#blocks[number >> BLOCK_BITS];
      const at = (number & IN_BLOCK) * WORDS;
      if (words?.[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
    }
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.#size; number++) {
      const words = this.#blocks[number >> BLOCK_BITS];
      const at = (number & IN_BLOCK) * WORDS;
      this.#table[this.#slot(words?.[at] ?? 0, words?.[at + 1] ?? 0, words?.[at + 2] ?? 0, words?.[at + 3] ?? 0)] =
        number + 1;
    }
  }
}

function word(bytes: Uint8Array, offset: number): number {
  return (
    (((bytes[offset] ?? 0) << 24) |
      ((bytes[offset + 1] ?? 0) << 16) |
      ((bytes[offset + 2] ?? 0) << 8) |
      (bytes[offset + 3] ?? 0)) >>>
    0
  );
}
