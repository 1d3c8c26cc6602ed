import { describe, expect, it } from "vitest";
import { pictureFacts } from "./picture.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const padded = (text: string, length: number): Uint8Array => {
  const whole = new Uint8Array(length);
  whole.set(bytes(text));
  return whole;
};

describe("a picture", () => {
  it("is known by its bytes, with its size", () => {
    const png = padded("89504e470d0a1a0a 0000000d 49484452 00000320 000001f4", 40);
    expect(pictureFacts(png)).toEqual({ mediaType: "image/png", width: 800, height: 500 });
    // An APP0 segment of four bytes, then a progressive frame of 640 × 480.
    const jpeg = padded("ffd8 ffe0 0004 0000 ffc2 0011 08 01e0 0280 03", 40);
    expect(pictureFacts(jpeg)).toEqual({ mediaType: "image/jpeg", width: 640, height: 480 });
    const webp = padded("52494646 00000000 57454250 56503858 0a000000 00000000 1f0300 f30100", 40);
    expect(pictureFacts(webp)).toEqual({ mediaType: "image/webp", width: 800, height: 500 });
    const lossy = padded("52494646 00000000 57454250 56503820 00000000 000000 9d012a 2003 f401", 40);
    expect(pictureFacts(lossy)).toEqual({ mediaType: "image/webp", width: 800, height: 500 });
  });

  it.each([
    ["nothing", ""],
    ["a script that says it is a picture", Buffer.from("<svg onload=alert(1)>").toString("hex")],
    ["a PNG cut off before its size", "89504e470d0a1a0a 0000000d"],
    ["a PNG without pixels", "89504e470d0a1a0a 0000000d 49484452 00000000 00000000"],
    ["a JPEG that ends before its frame", "ffd8 ffe0 0004 0000"],
    ["a JPEG whose segment has no length", "ffd8 ffe0 0000 0000 0000 0000"],
    ["a JPEG out of step", "ffd8 00c0 0011 0801 e002 8003"],
    ["a WebP of another kind", "52494646 00000000 57454250 414e494d 00000000 00000000 00000000 0000"],
  ])("is not %s", (_name, hex) => {
    expect(pictureFacts(bytes(hex))).toBeNull();
  });

  it("is never taken for one, and never throws, whatever comes in", () => {
    for (let length = 0; length < 200; length++) {
      const noise = new Uint8Array(length).map((_, index) => (index * 131 + length * 17) & 0xff);
      expect(pictureFacts(noise)).toBeNull();
    }
  });
});
