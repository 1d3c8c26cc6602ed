/**
 * What somebody else answers is read to a limit: a server that sends more than anything it could have to say (broken, or not
 * who we think it is) must not fill the memory that an isolate's other requests and objects share. The time it may take is the
 * guard's to bound (guard.ts).
 */

/** More than the most. What was asked for may have happened: as with an answer that never came, nobody knows. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  constructor(mostBytes: number) {
    super(`an answer of more than ${mostBytes} bytes`);
  }
}

/** The body as text, at most so many bytes (after decompression). @throws TooLarge, and what reading the body throws. */
export async function boundedText(answer: Pick<Response, "body">, mostBytes: number): Promise<string> {
  const { body } = answer;
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    read += value.byteLength;
    if (read > mostBytes) {
      // Not waited for: whoever sends too much may also never let go.
      reader.cancel().catch(() => undefined);
      throw new TooLarge(mostBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The same as JSON. @throws also SyntaxError. */
export async function boundedJson(answer: Response, mostBytes: number): Promise<unknown> {
  const parsed: unknown = JSON.parse(await boundedText(answer, mostBytes));
  return parsed;
}
