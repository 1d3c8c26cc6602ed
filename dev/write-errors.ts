/**
 * npm run docs:errors: writes docs/errors.md from the catalogue of problems and the table of routes. A test says when the
 * file is no longer what this would write.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createApp } from "../workers/edge/app.ts";
import { describe } from "../workers/edge/description.ts";
import { problems } from "../workers/edge/problem.ts";
import { projectRoot } from "./children.ts";

export const errorsFile = path.join(projectRoot, "docs/errors.md");

/** What docs/errors.md has to be. */
export function errorsDocument(): string {
  const routes = routesByCode();
  const total = routes.get("internal-error")?.length ?? 0;
  const rows = Object.entries(problems).map(([code, { status, ko, en }]) => {
    const where = routes.get(code) ?? [];
    const answeredBy =
      where.length === 0
        ? "a path that is asked by a method it does not have"
        : where.length === total
          ? "every route"
          : where.map((name) => `\`${name}\``).join("<br>");
    return `| <a id="${code}"></a>\`${code}\` | ${status} | ${ko} | ${en} | ${answeredBy} |`;
  });
  return `# Problem codes

Written by \`npm run docs:errors\` from [problem.ts](../workers/edge/problem.ts) and the
[table of routes](../workers/edge/gate/table); do not edit it.

A refusal is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem document: \`type\`, \`title\` (in Korean, or in English where
\`Accept-Language\` prefers it), \`status\`, and \`code\`, which never changes and is what a program should look at. \`errors\` names every
invalid field at once, \`evidence\` what was in the way (the seats that were taken), and \`Retry-After\` says when to come again.

| code | status | 한국어 | English | answered by |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function routesByCode(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [route, operations] of Object.entries(describe(createApp()).paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      for (const code of operation["x-problem-codes"] ?? []) {
        const names = found.get(code) ?? [];
        names.push(`${method.toUpperCase()} ${route}`);
        found.set(code, names);
      }
    }
  }
  return found;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(errorsFile, errorsDocument());
  console.log(`${path.relative(process.cwd(), errorsFile)} is written.`);
}
