import { scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

describe("passwords", () => {
  it("stores the parameters with the hash, and a new salt each time", async () => {
    const [first, second] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
    expect(first).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
  });

  it("matches the password it was made of and no other", async () => {
    const stored = await hashPassword("correct horse");
    expect(await verifyPassword("correct horse", stored)).toEqual({ matches: true, outdated: false });
    expect(await verifyPassword("correct horsE", stored)).toEqual({ matches: false, outdated: false });
  });

  it("takes the same characters in another Unicode form for the same password", async () => {
    const stored = await hashPassword("비밀번호 é".normalize("NFD"));
    expect((await verifyPassword("비밀번호 é".normalize("NFC"), stored)).matches).toBe(true);
  });

  it("recognises a hash of older parameters", async () => {
    const salt = Buffer.alloc(16, 7);
    const hash = scryptSync("correct horse", salt, 32, { N: 4096, r: 8, p: 1 });
    const stored = `scrypt$4096$8$1$${salt.toString("base64url")}$${hash.toString("base64url")}`;
    expect(await verifyPassword("correct horse", stored)).toEqual({ matches: true, outdated: true });
  });

  it("does the work for nobody, and nothing matches", async () => {
    expect(await verifyPassword("correct horse", null)).toEqual({ matches: false, outdated: false });
    expect((await verifyPassword("", "not a hash")).matches).toBe(false);
  });
});
