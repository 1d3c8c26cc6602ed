import { describe, expect, it } from "vitest";
import { fields, listOf, nullable, number, oneOf, recordOf, ShapeError, text, time } from "./decode.ts";
import { fallback, words } from "./decode-loosely.ts";

describe("decoders", () => {
  const seat = fields({ id: text, price: number, grade: oneOf("R", "S"), startsAt: nullable(time) });

  it("keeps the named fields and turns times into milliseconds", () => {
    const value = { id: "a", price: 1, grade: "S", startsAt: "1970-01-01T00:00:01.000Z", extra: true };
    expect(seat(value)).toEqual({ id: "a", price: 1, grade: "S", startsAt: 1000 });
  });

  it("names the field that does not fit", () => {
    expect(() => seat({ id: "a", price: "1", grade: "S" })).toThrow("price: expected number");
    expect(() => seat({ id: "a", price: 1, grade: "A" })).toThrow(ShapeError);
  });

  it("treats missing as null", () => {
    expect(seat({ id: "a", price: 1, grade: "R" }).startsAt).toBeNull();
  });

  it("reads lists and records item by item", () => {
    expect(listOf(number)([1, 2])).toEqual([1, 2]);
    expect(recordOf(number)({ R: 3 })).toEqual({ R: 3 });
    expect(() => recordOf(number)([])).toThrow(ShapeError);
    expect(() => time("soon")).toThrow(ShapeError);
  });

  it("falls back and reads numbers as words", () => {
    expect(fallback(number, 7)(undefined)).toBe(7);
    expect(words(12)).toBe("12");
  });
});
