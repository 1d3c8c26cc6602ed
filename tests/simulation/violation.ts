/** Something that must never be true, was. */
export class Violation extends Error {}

export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Violation(sentence);
}
