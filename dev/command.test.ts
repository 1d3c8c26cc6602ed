import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "./children.ts";
import { wholeNumber } from "./command.ts";
import { Failure, sentenceOf } from "./failure.ts";

const usage = "npm run verify-draw -- URL [RECEIPT]";

test("whoever asks how a script is used is told, and nothing else happens", () => {
  const { status, stdout, stderr } = verifyDraw("--help");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(usage);
});

test("words that are not in the usage end with a sentence, the usage and exit code 1", () => {
  const { status, stdout, stderr } = verifyDraw("nowhere");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^✗ Say which draw: its URL\.\n\n/);
  expect(stderr).toContain(usage);
});

test("what cannot be done for another reason ends with its one sentence, and no stack trace", () => {
  const { status, stderr } = verifyDraw("http://127.0.0.1:1/api/performances/none/draw");
  expect(status).toBe(1);
  expect(stderr.trimEnd()).toMatch(/^✗ fetch failed \(.+\)$/);
});

test("a number out of bounds, a fraction, a word or nothing is no whole number", () => {
  expect(wholeNumber("--fans", "1", 1, 9)).toBe(1);
  expect(wholeNumber("--fans", "9", 1, 9)).toBe(9);
  for (const text of ["0", "10", "1.5", "many", "", " "])
    expect(() => wholeNumber("--fans", text, 1, 9)).toThrow("--fans takes a whole number from 1 to 9.");
});

test("a sentence says the cause too, which alone says where and why", () => {
  expect(sentenceOf(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }))).toBe(
    "fetch failed (connect ECONNREFUSED)",
  );
  // As of several failed connections, which come as one error without a message.
  expect(sentenceOf(Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
  expect(sentenceOf(new Failure("No."))).toBe("No.");
});

function verifyDraw(...words: readonly string[]) {
  const script = path.join(projectRoot, "dev/verify-draw.ts");
  return spawnSync(process.execPath, [script, ...words], { encoding: "utf8" });
}
