/** Decoders that allow for more than one shape. A file of their own, because the waiting room has no use for them. */
import { type Decoder, text } from "./decode.ts";

/** Text that the server may also send as a number. */
export const words: Decoder<string> = (value) => (typeof value === "number" ? String(value) : text(value));

export function fallback<T>(decode: Decoder<T>, otherwise: T): Decoder<T> {
  return (value) => (value === null || value === undefined ? otherwise : decode(value));
}
