import { expect, test } from "vitest";
import { idleExports } from "../layout/exports.ts";
import { brokenRules } from "../layout/imports.ts";

test("every file imports only what its layer may, and is short enough to be about one thing", () => {
  expect(brokenRules(process.cwd())).toEqual([]);
});

test("what is exported is imported by somebody", () => {
  expect(idleExports(process.cwd())).toEqual([]);
});
