import { describe, expect, it } from "vitest";
import { merged, same } from "./merge.ts";

const base = { title: "햄릿", ageRating: null, prices: { R: 1, S: 2 }, phase: "unpublished", updatedAt: 1 };

describe("two people at one draft", () => {
  it("are in nobody's way while they change different fields", () => {
    const now = { ...base, ageRating: "8+", updatedAt: 2 };
    expect(merged(base, now, { title: "맥베스" })).toEqual({ theirs: { ageRating: "8+" }, conflicts: {} });
  });

  it("are told when they change the same field to different values, and not when to the same", () => {
    const now = { ...base, title: "오셀로", prices: { S: 2, R: 3 } };
    expect(merged(base, now, { title: "맥베스", prices: { R: 3, S: 2 } })).toEqual({
      theirs: {},
      conflicts: { title: "오셀로" },
    });
  });

  it("see nothing in what changes by itself, or where nothing was said before or since", () => {
    const now = { ...base, phase: "scheduled", updatedAt: 9, "settings.openAt": null };
    expect(merged(base, now, {})).toEqual({ theirs: {}, conflicts: {} });
  });

  it("hear of what was taken back", () => {
    const before = { ...base, "settings.openAt": "2027-01-01T00:00:00.000Z" };
    expect(merged(before, base, {})).toEqual({ theirs: { "settings.openAt": null }, conflicts: {} });
    expect(merged(before, base, { "settings.openAt": "2028-01-01T00:00:00.000Z" }).conflicts).toEqual({
      "settings.openAt": null,
    });
  });
});

it("compares values, not how they are written", () => {
  expect(same({ R: 1, S: 2 }, { S: 2, R: 1 })).toBe(true);
  expect(same(undefined, null)).toBe(true);
  expect(same({ R: 1 }, { R: 2 })).toBe(false);
  expect(same("", null)).toBe(false);
});
