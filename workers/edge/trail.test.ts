import { describe, expect, it } from "vitest";
import { Trail } from "./trail.ts";

describe("the id of a request", () => {
  it.each(["8f3c0d1e2b4a5967", "8f3c0d1e2b4a5967-ICN"])("is Cloudflare's where it has the form (%s)", (ray) => {
    const trail = new Trail(ray, 0);
    expect([trail.requestId, trail.next(), trail.next(), trail.commands]).toEqual([ray, `${ray}.1`, `${ray}.2`, 2]);
  });

  it.each([
    undefined,
    "",
    "8F3C0D1E2B4A5967",
    "8f3c0d1e2b4a5967-icn",
    `8f3c0d1e2b4a5967\n{"level":"error"}`,
    "x".repeat(9_000),
  ])("is a fresh one instead of anything else", (ray) => {
    const ids = [new Trail(ray, 0).requestId, new Trail(ray, 0).requestId];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
