/**
 * Something the person at the keyboard can act on: shown as its one sentence, without a stack trace.
 * Anything else that is thrown is a defect of ours.
 */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** The sentence for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || codeOf(error) || String(error);
  // `fetch failed` says neither where nor why; its cause does.
  return error.cause instanceof Error ? `${own} (${sentenceOf(error.cause)})` : own;
}

/** Several failed connections come as one error without a message. */
function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
