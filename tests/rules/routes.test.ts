/** Every route has a rule in the gate's table, is described, and its problems are in docs/errors.md. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorsDocument, errorsFile } from "../../dev/write-errors.ts";
import { createApp } from "../../workers/edge/app.ts";
import type { AppEnv } from "../../workers/edge/context.ts";
import { describe } from "../../workers/edge/description.ts";
import { requireRules, table } from "../../workers/edge/gate/gate.ts";
import { problems } from "../../workers/edge/problem.ts";

const description = describe(createApp());
const described = Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

test("a route without a rule does not start, nor a rule without a route", () => {
  const app = new OpenAPIHono<AppEnv>();
  app.get("/api/forgotten/:id", (c) => c.text(""));
  expect(() => requireRules(app, {})).toThrow("GET /api/forgotten/{id}");
  expect(() => requireRules(app, { "GET /api/forgotten/{id}": { who: "anyone", codes: [] } })).not.toThrow();
  app.all("/api/anything", (c) => c.text(""));
  expect(() => requireRules(app, { "GET /api/forgotten/{id}": { who: "anyone", codes: [] } })).toThrow("ALL");
  expect(() => requireRules(new OpenAPIHono<AppEnv>(), { "GET /gone": { who: "anyone", codes: [] } })).toThrow("/gone");
});

test("every rule's route is described, and nothing else is", () => {
  expect(described.map(([name]) => name).toSorted()).toEqual(Object.keys(table).toSorted());
});

test.each(described)("%s says who may call it and what it answers", (_name, operation) => {
  expect(operation["x-who"]).toBeDefined();
  const statuses = Object.keys(operation.responses ?? {});
  expect(statuses.some((status) => Number(status) < 400)).toBe(true);
  for (const code of operation["x-problem-codes"] ?? []) expect(statuses).toContain(String(problems[code].status));
});

test("docs/errors.md is what npm run docs:errors would write", () => {
  expect(readFileSync(errorsFile, "utf8")).toBe(errorsDocument());
});

test("every problem is answered by a route", () => {
  // Three are for what is no route: a path asked by a method it does not have, and a site behind the waiting room.
  const codes = described.flatMap(([, operation]) => operation["x-problem-codes"] ?? []);
  const answered = new Set<string>([...codes, "method-not-allowed", "origin-unavailable", "upload-too-large"]);
  expect(Object.keys(problems).filter((code) => !answered.has(code))).toEqual([]);
});
