import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor, isUuid, pageOf, readCursor, MalformedCursor } from "./cursor.ts";

describe("cursors", () => {
  it("come back as they were", () => {
    const position = { at: new Date("2026-12-24T10:00:00.123Z"), id: "ord_8f3.x:1-2" };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it("are refused unless this module wrote them", () => {
    const coded = (text: string): string => Buffer.from(text).toString("base64url");
    const bad = [
      "!",
      "a",
      coded("12"),
      coded("12 "),
      coded("x y"),
      coded("-1 a"),
      coded("1 a b"),
      coded("01 a"),
      coded("1 a\n"),
      coded("999999999999999 a"),
      `${coded("1 abc")}=`,
      coded("1 abc").repeat(40),
      "a".repeat(100_000),
    ];
    for (const text of bad) expect(decodeCursor(text)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const position = decodeCursor(text);
        return position === null || encodeCursor(position) === text;
      }),
    );
  });

  it("mean the first page when absent, and end as a problem when malformed or of another list", () => {
    expect(readCursor(undefined)).toBeNull();
    const refused = (cursor: string) => () => readCursor(cursor, isUuid);
    for (const cursor of ["???", encodeCursor({ at: new Date(0), id: "12" })]) {
      expect(refused(cursor)).toThrow(MalformedCursor);
    }
  });
});

describe("pages", () => {
  const rows = [3, 2, 1].map((n) => ({ at: new Date(n), id: `id${n}` }));

  it("have a cursor only when more follows", () => {
    expect(pageOf(rows, 3, (row) => row)).toEqual({ items: rows, nextCursor: null });
    const page = pageOf(rows, 2, (row) => row);
    expect(page.items).toHaveLength(2);
    expect(readCursor(page.nextCursor ?? "")).toEqual(rows[1]);
    expect(pageOf([], 2, (row: { at: Date; id: string }) => row)).toEqual({ items: [], nextCursor: null });
  });
});
