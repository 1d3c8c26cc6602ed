import { describe, expect, it } from "vitest";
import { safeNext } from "./next.ts";

describe("where to go after signing in", () => {
  const origin = "https://tickets.example";
  it("keeps our own paths", () => {
    expect(safeNext("/waiting?performance=a#b", origin)).toBe("/waiting?performance=a#b");
  });
  it.each([
    null,
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/.//evil.example",
  ])("refuses %j", (raw) => {
    expect(safeNext(raw, origin)).toBe("/");
  });
});
