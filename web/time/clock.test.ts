import { expect, it } from "vitest";
import { notePushedTime, noteServerTime, serverNow } from "./clock.ts";

it("prefers the tighter sample and follows a clock that moved", () => {
  const now = Date.now();
  noteServerTime(now + 60_000, now - 50, now + 50);
  expect(serverNow() - Date.now()).toBeCloseTo(60_000, -2);
  noteServerTime(now + 90_000, now - 2000, now + 2000, 1000);
  expect(serverNow() - Date.now()).toBeCloseTo(60_000, -2);
  notePushedTime(Date.now() + 60_400);
  expect(serverNow() - Date.now()).toBeCloseTo(60_000, -2);
  notePushedTime(Date.now() + 65_000);
  expect(serverNow() - Date.now()).toBeCloseTo(65_000, -2);
});
