import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../dev/children.ts";
import { documents } from "./documents.ts";
import { withMarked } from "./marked.ts";

describe("the tables and pictures are what is recorded", () => {
  test.each(Object.entries(documents()))("%s", (file, text) => {
    const full = path.join(projectRoot, file);
    expect(existsSync(full) ? readFileSync(full, "utf8") : null).toBe(text);
  });
});

describe("a document with markers", () => {
  const document = "by hand\n<!-- recorded: gate -->\nold\n<!-- end of gate -->\nby hand, too\n";

  test("keeps what is written by hand, and the markers for the next time", () => {
    const once = withMarked(document, "gate", "new");
    expect(once).toBe("by hand\n<!-- recorded: gate -->\n\nnew\n\n<!-- end of gate -->\nby hand, too\n");
    expect(withMarked(once, "gate", "new")).toBe(once);
  });

  test.each([
    ["no marker of this name", "records"],
    ["an end without a start", "gate", document.replace("<!-- recorded: gate -->", "")],
    ["a start without an end", "gate", document.replace("<!-- end of gate -->", "")],
    ["two of them", "gate", document + document],
  ])("is not written with %s", (_, name, text = document) => {
    expect(() => withMarked(text, name, "new")).toThrow(`<!-- recorded: ${name} -->`);
  });
});
