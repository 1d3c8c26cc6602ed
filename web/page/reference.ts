/** How a failure of ours is named to a person, so that whoever they ask can find the request again. */
export interface Named {
  readonly status: number;
  readonly requestId: string | null;
}

/** `word`: what such an id is called in the page's language. A refusal has a reason, and needs no name. */
export function withReference(sentence: string, word: string, { status, requestId }: Named): string {
  return status >= 500 && requestId !== null ? `${sentence} (${word} ${requestId})` : sentence;
}
