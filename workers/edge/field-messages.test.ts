import { describe, expect, it } from "vitest";
import { z } from "@hono/zod-openapi";
import { koreanOf } from "./field-messages.ts";
import { invalidRequest } from "./openapi.ts";
import { problemDocument } from "./problem.ts";
import { emailAddress, line, password, timeZone } from "./text-input.ts";

const everything = z.strictObject({
  email: emailAddress,
  password,
  nickname: line(1, 40),
  zone: timeZone,
  language: z.enum(["ko", "en"]),
  seats: z.int().min(1).max(8),
});

function complaintsAbout(value: unknown): readonly { field: string; message: string }[] {
  const parsed = everything.safeParse(value);
  return parsed.success ? [] : (invalidRequest(parsed.error).extras.errors ?? []);
}

describe("what is wrong with a field", () => {
  it.each([
    [{}],
    [{ email: "x", password: "short", nickname: "a\u0000", zone: "Mars/Base", language: "fr", seats: 0, more: 1 }],
    [{ email: 1, password: null, nickname: [], zone: {}, language: 2, seats: 9 }],
    [{ email: "x".repeat(2_000), password: "y".repeat(2_000), nickname: " ", zone: "z".repeat(99), seats: 1.5 }],
  ])("has a Korean sentence, whatever it is: %#", (value) => {
    const complaints = complaintsAbout(value);
    expect(complaints.length).toBeGreaterThanOrEqual(6);
    for (const { message } of complaints) expect([message, koreanOf(message)]).toEqual([message, expect.any(String)]);
  });

  it("is said in the reader's language", async () => {
    const errors = [{ field: "password", message: "must have 8 to 200 characters" }];
    const [ko, en] = await Promise.all(
      (["ko", "en"] as const).map((language) => problemDocument("invalid-request", language, { errors }).json()),
    );
    expect(ko).toMatchObject({ errors: [{ field: "password", message: "8자 이상 200자 이하로 입력해 주세요." }] });
    expect(en).toMatchObject({ errors });
  });
});
