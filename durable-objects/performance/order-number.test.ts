import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderNumber, readOrderNumber } from "./order-number.ts";

const ids = fc
  .tuple(fc.uuid(), fc.integer({ min: 0 }))
  .map(([performance, number]) => `${performance.replaceAll("-", "")}-${number.toString(16).padStart(24, "0")}`);
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

describe("an order number", () => {
  it("never changes: people have it in their mails", () => {
    expect(orderNumber("00000000000040008000000000000001-000000000000000000000001")).toBe("JED0-W36E-Z95F");
    expect(orderNumber("")).toBe("WERC-8GMR-ZGEW");
  });

  it("has three groups without letters that look like digits, and is read however it is typed", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const number = orderNumber(id);
        expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
        expect(readOrderNumber(number)).toBe(number);
        expect(readOrderNumber(` ${number.toLowerCase().replaceAll("-", " ")} `)).toBe(number);
        expect(readOrderNumber(number.replaceAll("0", "o").replaceAll("1", "l"))).toBe(number);
      }),
    );
  });

  it("with one character mistaken, or two swapped, is none", () => {
    fc.assert(
      fc.property(
        ids,
        fc.nat({ max: 11 }),
        fc.nat({ max: 11 }),
        fc.constantFrom(...ALPHABET),
        (id, one, other, wrong) => {
          const plain = orderNumber(id).replaceAll("-", "");
          const [first = "", second = ""] = [plain[one], plain[other]];
          // The one pair the check cannot tell apart.
          const alike = (left: string, right: string): boolean =>
            left === right || [left, right].toSorted().join("") === "0Z";
          const characters = Array.from(plain);
          if (!alike(first, wrong)) expect(readOrderNumber(characters.with(one, wrong).join(""))).toBeNull();
          const swapped = characters.with(one, second).with(other, first).join("");
          if (!alike(first, second) && one < 11 && other < 11) expect(readOrderNumber(swapped)).toBeNull();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is not shared by any two of a hundred thousand orders, and is not an e-mail address or an id", () => {
    const performance = "00000000000040008000000000000001";
    const numbers = Array.from({ length: 100_000 }, (_, index) => orderNumber(`${performance}-${index}`));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const typed of ["", "somebody@example.com", performance, "7K3M-9QXD", "가나다라마바사아자차카타"]) {
      expect(readOrderNumber(typed)).toBeNull();
    }
  });
});
