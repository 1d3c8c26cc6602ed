import { describe, expect, it } from "vitest";
import { isStorable, storable } from "./storable.ts";

describe("what Postgres can keep", () => {
  it("is any text but U+0000 and halves of surrogate pairs, however deep", () => {
    expect([{ a: ["햄릿 🎭", 1, null] }, "", undefined].map(isStorable)).toEqual([true, true, true]);
    expect(["\u0000", { a: [{ b: "x\ud83c" }] }, { "\udfad": 1 }].map(isStorable)).toEqual([false, false, false]);
  });

  it("includes everything else as the text of its JSON", () => {
    const kept = storable({ reason: "a\u0000b" });
    expect(kept).toEqual({ unstorable: '{"reason":"a\\u0000b"}' });
    expect(JSON.stringify(kept)).not.toMatch(/[^\\]\\u0000/);
    expect(storable({ reason: "ab" })).toEqual({ reason: "ab" });
  });
});
