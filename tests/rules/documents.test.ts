import { expect, test } from "vitest";
import { createApp } from "../../workers/edge/app.ts";
import { describe } from "../../workers/edge/description.ts";
import { problems } from "../../workers/edge/problem.ts";
import { readFileSync } from "node:fs";
import { Documents } from "../layout/documents.ts";

const routes = Object.entries(describe(createApp()).paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
);
const metrics = readFileSync("docs/metrics.md", "utf8").match(/\bticketping_[a-z0-9_]+\b/g) ?? [];
const documents = new Documents(process.cwd(), { routes, metrics, problems: Object.keys(problems) });

test.each(Array.from(documents.texts.keys()))("%s names nothing that is not there", (file) => {
  expect(documents.untrueIn(file)).toEqual([]);
});

test("every document is reached from the README", () => {
  expect(documents.lost()).toEqual([]);
});

test("every setting of the Worker is described, and nothing else is", () => {
  const settings = Array.from(readFileSync("workers/environment.ts", "utf8").matchAll(/^  readonly ([A-Z_]+)\??:/gm));
  const [, section = ""] = readFileSync("docs/architecture.md", "utf8").split("\n## Settings and secrets\n");
  const rows = section.split("\n## ")[0]?.split("\n") ?? [];
  const described = rows.flatMap((row) => row.split(" | ")[0]?.match(/`[A-Z_]+`/g) ?? []);
  expect(described.toSorted()).toEqual(settings.map(([, name]) => `\`${name}\``).toSorted());
});
