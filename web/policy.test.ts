/** The pages' policy: nothing inline anywhere, and every exception names its hosts. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const blocks = readFileSync("web/public/_headers", "utf8").split(/\n(?=\/)/);
const policies = blocks.flatMap((block) => {
  const policy = /^ {2}Content-Security-Policy: (.+)$/m.exec(block)?.[1];
  return policy === undefined ? [] : [[block.split("\n")[0] ?? "", policy] as const];
});

test("every page has a policy, and the usual protections", () => {
  expect(blocks[0]).toMatch(/^\/\*\n/);
  for (const name of ["X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=", "Referrer-Policy:"])
    expect(blocks[0]).toContain(name);
  expect(policies[0]?.[0]).toBe("/*");
});

test.each(policies)("%s allows nothing inline, and nobody to frame it", (_path, policy) => {
  expect(policy).not.toContain("unsafe");
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  const scripts = /script-src ([^;]+)/.exec(policy)?.[1] ?? "";
  expect(scripts).not.toMatch(/(^| )(\*|https?:)( |$)/);
});
