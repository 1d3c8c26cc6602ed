/**
 * Texts that JSON can carry and Postgres cannot keep: U+0000, and halves of surrogate pairs. Such a body must be refused
 * at the door, because nothing that holds it could ever be recorded.
 */
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/;

/** JSON.stringify writes exactly these characters as escapes. A text that spells such an escape out is refused too. */
export function isStorable(value: unknown): boolean {
  return !UNSTORABLE.test(JSON.stringify(value) ?? "");
}

/** The value itself, or its JSON as one text where Postgres could not keep it. */
export function storable(value: unknown): unknown {
  return isStorable(value) ? value : { unstorable: JSON.stringify(value) };
}
