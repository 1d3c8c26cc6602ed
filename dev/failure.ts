/**
 * Something the person at the keyboard can act on: shown as its one sentence, without a stack trace.
 * Anything else that is thrown is a defect of ours.
 */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** The sentence for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
