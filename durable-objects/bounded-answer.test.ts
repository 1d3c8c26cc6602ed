import { expect, it } from "vitest";
import { boundedJson, boundedText, TooLarge } from "./bounded-answer.ts";

/** An answer that comes in these pieces and, once they are through, ends or never does. */
function answerOf(pieces: Iterable<Uint8Array>, cancelled: () => void = () => undefined): Response {
  const left = pieces[Symbol.iterator]();
  const stream = new ReadableStream({
    pull(controller) {
      const next = left.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: cancelled,
  });
  return new Response(stream);
}

it("is read as it is up to the limit, however it is cut into pieces", async () => {
  const text = '{"name":"김하늘"}';
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await boundedText(answerOf(pieces), bytes.length)).toBe(text);
  expect(await boundedJson(answerOf([bytes]), bytes.length)).toEqual({ name: "김하늘" });
  expect(await boundedText(new Response(null), 0)).toBe("");
});

it("is not read beyond the limit, and whoever sends is told to stop", async () => {
  let sent = 0;
  let stopped = false;
  function* endless(): Generator<Uint8Array> {
    for (;;) {
      sent += 1;
      yield new Uint8Array(1_000);
    }
  }
  const answer = answerOf(endless(), () => (stopped = true));
  await expect(boundedText(answer, 10_000)).rejects.toBeInstanceOf(TooLarge);
  expect(sent).toBeLessThanOrEqual(13);
  expect(stopped).toBe(true);
  await expect(boundedText(new Response("12345"), 4)).rejects.toBeInstanceOf(TooLarge);
});
