import { describe, expect, it } from "vitest";
import { csvField, csvHeader } from "./csv.ts";

describe("CSV", () => {
  it("quotes what needs it", () => {
    expect([csvField("plain"), csvField('a "b", c'), csvField("a\nb"), csvField(-5)]).toEqual([
      "plain",
      '"a ""b"", c"',
      '"a\nb"',
      "-5",
    ]);
    expect(csvHeader().endsWith("updated_at,order_number\r\n")).toBe(true);
  });

  it("never starts a text with what a spreadsheet would run", () => {
    for (const text of ["=1+1", "+1", "-1", "@x", "\t=1"])
      expect(csvField(text).replace('"', "").startsWith("'")).toBe(true);
    expect(csvField('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
  });
});
