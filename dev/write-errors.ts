/**
 * npm run docs:errors: writes docs/errors.md from the catalogue of problems. A test says when the file is no longer what
 * this would write.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { problems } from "../workers/edge/problem.ts";
import { projectRoot } from "./children.ts";

export const errorsFile = path.join(projectRoot, "docs/errors.md");

/** What docs/errors.md has to be. */
export function errorsDocument(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, ko, en }]) => `| <a id="${code}"></a>\`${code}\` | ${status} | ${ko} | ${en} |`,
  );
  return `# Problem codes

Written by \`npm run docs:errors\` from [problem.ts](../workers/edge/problem.ts); do not edit it. Which route may answer which of them is
at \`/api/docs\`, and for programs at \`/api/openapi.json\` (\`x-problem-codes\`).

A refusal is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem document: \`type\`, \`title\` (in Korean, or in English where
\`Accept-Language\` prefers it), \`status\`, and \`code\`, which never changes and is what a program should look at. \`errors\` names every
invalid field at once, \`evidence\` what was in the way (the seats that were taken), and \`Retry-After\` says when to come again.

| code | status | 한국어 | English |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(errorsFile, errorsDocument());
  console.log(`${path.relative(process.cwd(), errorsFile)} is written.`);
}
