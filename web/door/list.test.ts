import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { judgeByList, readList, shownBy } from "./list.ts";

const schedule = "00000000-0000-4000-8000-000000000001";
const seat = ["1층", "A", "12", "R"];
const rows = [
  ["o.fresh", 1, "AAAAAAAAAA", true, seat, null],
  ["o.used", 1, "BBBBBBBBBB", true, seat, 1_000],
  ["o.gone", 1, "CCCCCCCCCC", false, seat, null],
  ["o.again", 2, "DDDDDDDDDD", true, seat, null],
];

async function house() {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const { x = "" } = await exportJWK(publicKey);
  const sign = (typ: string, aud: string, sub: string, claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", typ, kid: "k" })
      .setAudience(aud)
      .setSubject(sub)
      .setIssuedAt(5)
      .sign(privateKey);
  const keys = [{ kid: "k", x }];
  const token = await sign("door-list+jwt", "ticketping:door-list", schedule, { tickets: rows });
  const list = await readList(token, schedule, keys);
  if (list === null) throw new Error("the list was not read");
  const ticket = (id: string, version = 1, date = schedule) =>
    sign("ticket+jwt", "ticketping:door", id, { schedule: date, version });
  const judged = async (scan: { token?: string; code?: string }, used = new Map<string, number>()) =>
    judgeByList(list, used, await shownBy(scan, keys)).result;
  return { keys, token, list, sign, ticket, judged };
}

describe("a door without a connection", () => {
  it("lets in by its list, and says why not", async () => {
    const { ticket, judged, sign } = await house();
    expect(await judged({ token: await ticket("o.fresh") })).toBe("admitted");
    expect(await judged({ code: "aaaaa aaaaa" })).toBe("admitted");
    expect(await judged({ token: await ticket("o.fresh") }, new Map([["o.fresh", 2]]))).toBe("already-used");
    expect(await judged({ token: await ticket("o.used") })).toBe("already-used");
    expect(await judged({ token: await ticket("o.gone") })).toBe("cancelled");
    expect(await judged({ token: await ticket("o.again") })).toBe("reissued");
    expect(await judged({ token: await ticket("o.again", 2) })).toBe("admitted");
    // Issued again after the list was made.
    expect(await judged({ token: await ticket("o.fresh", 2) })).toBe("admitted");
    expect(await judged({ token: await ticket("o.elsewhere", 1, schedule.replace(/1$/, "2")) })).toBe("other-date");
    expect(await judged({ token: await ticket("o.sold-since") })).toBe("admitted");
    expect(await judged({ code: "EEEEEEEEEE" })).toBe("not-a-ticket");
    expect(
      await judged({ token: await sign("access+jwt", "ticketping:door", "o.fresh", { schedule, version: 1 }) }),
    ).toBe("not-a-ticket");
    expect(await judged({ token: "x.y.z" })).toBe("not-a-ticket");
  });

  it("believes no list that was altered, or is of another date", async () => {
    const { keys, token } = await house();
    const [head = "", , tail = ""] = token.split(".");
    const other = Buffer.from(
      JSON.stringify({ sub: schedule, aud: "ticketping:door-list", iat: 5, tickets: [] }),
    ).toString("base64url");
    expect(await readList(`${head}.${other}.${tail}`, schedule, keys)).toBeNull();
    expect(await readList(token, schedule.replace(/1$/, "2"), keys)).toBeNull();
    expect(await readList(token, schedule, [])).toBeNull();
  });
});
