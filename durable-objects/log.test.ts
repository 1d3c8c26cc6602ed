/** What a log line says of an error, and what it must not. */
import { describe, expect, it } from "vitest";
import { errorFields } from "./log.ts";

const jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw";

describe("an error in the log", () => {
  it.each([
    [new TypeError("cannot read ada@example.com"), { error: "TypeError", cause: "cannot read (address)" }],
    [new Error(`the token ${jwt} is old`), { error: "Error", cause: "the token (token) is old" }],
    [new SyntaxError(`Unexpected token, "ada" is not valid JSON`), { error: "SyntaxError" }],
    [new Error("Failed query: insert into members params: ada@example.com,Ada"), { error: "Error" }],
    ["ada@example.com", { error: "string" }],
  ])("%s is said without what it quotes", (error, said) => {
    expect(errorFields(error)).toEqual(said);
  });

  it("of a database is its class and code, however deep it lies", () => {
    const driver = Object.assign(new Error('invalid input: "Ada"'), { code: "22P02", name: "NeonDbError" });
    const wrapped = Object.assign(new Error("Failed query: x", { cause: driver }), { name: "DrizzleQueryError" });
    expect(errorFields(wrapped)).toEqual({ error: "DrizzleQueryError 22P02" });
    expect(errorFields(driver)).toEqual({ error: "NeonDbError 22P02" });
  });

  it("keeps ids of ours, which somebody has to look for", () => {
    const id = "0f0e0d0c-0b0a-4908-8706-050403020100";
    expect(errorFields(new Error(`order ${id} cannot expire`)).cause).toContain(id);
  });
});
