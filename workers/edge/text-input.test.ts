import { domainToASCII } from "node:url";
import { describe, expect, it } from "vitest";
import { emailAddress, line, paragraphs, password, timeZone } from "./text-input.ts";

const valid = (schema: { safeParse(input: unknown): { success: boolean } }, input: unknown): boolean =>
  schema.safeParse(input).success;

describe("e-mail addresses", () => {
  it("are trimmed, composed, and keyed in lower case", () => {
    expect(emailAddress.parse("  Ａda@Example.com ")).toEqual({ email: "Ada@Example.com", key: "ada@example.com" });
  });

  it("that only look alike stay different", () => {
    const cyrillic = emailAddress.parse("аda@example.com");
    expect(cyrillic.key).not.toBe(emailAddress.parse("ada@example.com").key);
  });

  it("in their own script are the same as in ASCII form", () => {
    const { email, key } = emailAddress.parse("홍길동@Bücher.example");
    expect([email, key]).toEqual(["홍길동@Bücher.example", "홍길동@xn--bcher-kva.example"]);
    expect(emailAddress.parse("홍길동@XN--BCHER-KVA.example").key).toBe(key);
    expect(emailAddress.parse("표@예시.한국").key).toBe(`표@${domainToASCII("예시.한국")}`);
  });

  it.each(["first.last+tag@mail.example.co.kr", "o'neil_x@sub.example.museum", "a@b.photography", "1@example.io"])(
    "as people have them are taken: %s",
    (address) => {
      expect(emailAddress.parse(address)).toEqual({ email: address, key: address });
    },
  );

  it("with something invisible in them are refused, and so are hosts, and nonsense without long thought", () => {
    for (const hidden of ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u0000"])
      expect(valid(emailAddress, `a${hidden}da@example.com`)).toBe(false);
    for (const host of ["a@127.0.0.1", "a@[::1]", "a@example.com:25", "a@example.com/x", "a@-", "a@x..com", "a@x.com."])
      expect(valid(emailAddress, host)).toBe(false);
    expect(valid(emailAddress, `a@${"a.".repeat(120)}@`)).toBe(false);
  });

  it("must be addresses", () => {
    const long = `${"a".repeat(64)}@${"b".repeat(200)}.com`;
    for (const text of ["", "a", "a@b", "a b@c.de", "a@b@c.de", "a@b.c\u0000d", "<a@b.de>", long, 5, null, {}]) {
      expect(valid(emailAddress, text)).toBe(false);
    }
  });
});

describe("typed text", () => {
  it("is counted as people count", () => {
    expect(valid(line(1, 3), "👩🏽‍🎤".slice(0, 2) + "😀😀")).toBe(true);
    expect(valid(line(1, 3), "    ")).toBe(false);
    expect(valid(line(1, 3), "abcd")).toBe(false);
    expect([valid(password, "1234567"), valid(password, "12345678"), valid(password, "x".repeat(201))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("has no control characters and turns no direction", () => {
    for (const text of ["a\u0000", "a\nb", "a\u202eb", "a\u2066b", "\u009b"])
      expect(valid(line(1, 40), text)).toBe(false);
    expect(paragraphs(10).parse("a\r\nb")).toBe("a\nb");
    expect(valid(paragraphs(10), "a\u001bb")).toBe(false);
  });
});

describe("time zones", () => {
  it("are those of the IANA list", () => {
    expect([valid(timeZone, "Asia/Seoul"), valid(timeZone, "Asia/Nowhere"), valid(timeZone, "")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
