/** Codes and pseudonyms: what is one, however it is written, and what is none. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BATCHES_MAX,
  codeIdentity,
  codeOfIdentity,
  CODES_PER_BATCH_MAX,
  makeCode,
  readCode,
  subjectIdentity,
  acceptedSecrets,
  SECRET_OVERLAP_MS,
  verifierSecret,
} from "./identity.ts";

const KEY = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const code = fc.record({
  batch: fc.integer({ min: 1, max: BATCHES_MAX }),
  index: fc.integer({ min: 0, max: CODES_PER_BATCH_MAX - 1 }),
});

describe("a code", () => {
  test("is read again as what it was made for, and stands for one identity", () => {
    fc.assert(
      fc.property(code, (made) => {
        const text = makeCode(KEY, made);
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readCode(KEY, text)).toEqual(made);
        expect(codeOfIdentity(codeIdentity(made))).toEqual(made);
        expect(codeIdentity(made)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  test("is the same one however it is written", () => {
    const wide = (text: string): string =>
      text.replaceAll(/[0-9A-Z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
    fc.assert(
      fc.property(code, (made) => {
        const text = makeCode(KEY, made);
        const written = [
          text.toLowerCase(),
          text.replaceAll("-", ""),
          `  ${text.replaceAll("-", " – ")}\t`,
          text.replaceAll("0", "o").replaceAll("1", "l"),
          text.replaceAll("1", "I"),
          wide(text),
        ];
        for (const one of written) expect(readCode(KEY, one)).toEqual(made);
      }),
    );
  });

  test("of another performance, or changed in one letter, is none", () => {
    fc.assert(
      fc.property(code, fc.nat(19), fc.integer({ min: 1, max: 31 }), (made, at, by) => {
        const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        const letters = makeCode(KEY, made).replaceAll("-", "").split("");
        letters[at] = alphabet[(alphabet.indexOf(letters[at] ?? "") + by) % 32] ?? "";
        expect(readCode(KEY, letters.join(""))).toBeNull();
        expect(readCode(OTHER, makeCode(KEY, made))).toBeNull();
      }),
    );
  });

  test("is not what only looks like it, nor anything else that can be typed", () => {
    const text = makeCode(KEY, { batch: 1, index: 0 });
    const lookalike = text.replace(
      /[ABCEHKMPTXY0]/,
      (letter) =>
        ({ A: "А", B: "В", C: "С", E: "Е", H: "Н", K: "К", M: "М", P: "Р", T: "Т", X: "Х", Y: "У", 0: "٠" })[letter] ??
        "",
    );
    expect(lookalike).not.toBe(text);
    for (const wrong of [
      lookalike,
      "",
      "-".repeat(20),
      `${text}0`,
      text.slice(1),
      "U".repeat(20),
      `${text}\0`,
      "0".repeat(100_000),
    ]) {
      expect(readCode(KEY, wrong)).toBeNull();
    }
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 64 }), (any) => readCode(KEY, any) === null));
  });
});

test("a verifier's subjects are kept apart, and told to nobody; each version has a secret of its own", () => {
  expect(subjectIdentity(KEY, "fan-7")).toMatch(/^[0-9a-f]{32}$/);
  expect(subjectIdentity(KEY, "fan-7")).toBe(subjectIdentity(KEY, "fan-7"));
  expect(
    new Set([subjectIdentity(KEY, "fan-7"), subjectIdentity(KEY, "fan-8"), subjectIdentity(OTHER, "fan-7")]).size,
  ).toBe(3);
  expect(new Set([verifierSecret(KEY, 1), verifierSecret(KEY, 2), verifierSecret(OTHER, 1)]).size).toBe(3);
});

test("the secret before is taken for as long as a question lives, and never the one before that", () => {
  const secret = (version: number): string => verifierSecret(KEY, version);
  const at = (version: number, afterMs: number): readonly string[] =>
    acceptedSecrets(KEY, { url: "https://v.example", version, since: 1_000_000 }, 1_000_000 + afterMs);
  expect(at(1, 0)).toEqual([secret(1)]);
  // A clock of the edge's that is behind the object's.
  expect(at(2, -3_000)).toEqual([secret(2), secret(1)]);
  expect(at(2, SECRET_OVERLAP_MS - 1)).toEqual([secret(2), secret(1)]);
  expect(at(2, SECRET_OVERLAP_MS)).toEqual([secret(2)]);
  expect(at(3, 0)).toEqual([secret(3), secret(2)]);
});
