/**
 * Sales that ask for a pre-sale code or an external verifier, over HTTP and against everybody who would rather not be
 * asked: one code, one person of the verifier's, one place.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { answerTo, startVerifier, type Question, type RunningVerifier } from "../../dev/verifier/server.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { send, type RawAnswer } from "./raw.ts";

const codesAnswer = z.object({ batch: z.number(), codes: z.array(z.string()) });
const joined = z.looseObject({ number: z.number() });

let house: House;
let verifier: RunningVerifier;
let coded: Show;
let asked: Show;
let codes: readonly string[];
let secret: string;

const organiser = (request: string, body?: unknown) =>
  house.api.send(request, { token: house.organiser, ...(body === undefined ? {} : { body }) });

async function makeCodes(show: Show, count: number): Promise<z.infer<typeof codesAnswer>> {
  const answer = await organiser(`POST /api/organizer/performances/${show.id}/codes`, { count, label: "선예매" });
  return codesAnswer.parse(await answer.json());
}

beforeAll(async () => {
  verifier = await startVerifier(0);
  house = await startHouse({ demoData: false });
  coded = await house.open({ title: "코드", rows: 3, columns: 5, settings: { verification: "codes", capacity: 1 } });
  asked = await house.open({ title: "인증", rows: 3, columns: 5, settings: { verification: "verifier", capacity: 1 } });
  codes = (await makeCodes(coded, 20)).codes;
}, 180_000);

afterAll(async () => {
  await house?.close();
  await verifier?.close();
});

const path = (show: Show, rest: string): string => `/api/performances/${show.id}/${rest}`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const as = async (): Promise<string> => (await house.member()).token;

function post(token: string, target: string, body?: unknown): Promise<RawAnswer> {
  const sent = body === undefined ? {} : { body };
  return send(house.where.origin, { method: "POST", path: target, headers: bearer(token), ...sent });
}
const show = (token: string, code: unknown): Promise<RawAnswer> =>
  post(token, path(coded, "verification/code"), { code });
const said = ({ status, code }: RawAnswer): string => (status < 400 ? String(status) : `${status} ${code}`);

async function numberOf(token: string, at: Show): Promise<number> {
  const answer = await post(token, path(at, "queue"));
  expect(said(answer)).toBe("200");
  return joined.parse(JSON.parse(answer.text)).number;
}

describe("a sale that asks for codes", () => {
  it("says so in the catalogue, and lets nobody join without one", async () => {
    const detail = await send(house.where.origin, { method: "GET", path: `/api/performances/${coded.id}` });
    expect(JSON.parse(detail.text)).toMatchObject({ verification: "codes" });
    expect(said(await post(await as(), path(coded, "queue")))).toBe("403 verification-required");
    expect(said(await post(await as(), path(coded, "room/join")))).toMatch(/^403/);
    expect((await house.figures(coded)).status.joined).toBe(0);
  });

  it("gives the same number to the same member for the same code: other tabs, retries, and again after leaving", async () => {
    const token = await as();
    const [code = ""] = codes;
    const shown = await Promise.all([1, 2, 3, 4].map(() => show(token, code)));
    expect(shown.map(said)).toEqual(["204", "204", "204", "204"]);
    const numbers = await Promise.all([1, 2, 3, 4].map(() => numberOf(token, coded)));
    expect(new Set(numbers).size).toBe(1);
    expect(said(await show(token, code.toLowerCase().replaceAll("-", " ")))).toBe("204");
    const left = await send(house.where.origin, {
      method: "DELETE",
      path: path(coded, "queue"),
      headers: bearer(token),
    });
    expect(left.status).toBe(204);
    expect(said(await show(await as(), code))).toBe("409 identity-taken");
    expect(said(await show(token, code))).toBe("204");
  });

  it("gives one code to one of many members who show it at the same moment", async () => {
    const code = codes[1] ?? "";
    const tokens = (await house.members(12)).map(({ token }) => token);
    const before = (await house.figures(coded)).status.joined;
    const answers = (await Promise.all(tokens.map((token) => show(token, code)))).map(said);
    expect(answers.filter((answer) => answer === "204")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "409 identity-taken")).toHaveLength(11);
    const joins = (await Promise.all(tokens.map((token) => post(token, path(coded, "queue"))))).map(said);
    expect(joins.filter((answer) => answer === "200")).toHaveLength(1);
    expect((await house.figures(coded)).status.joined).toBe(before + 1);
  });

  it("opens nothing with what is no code of its own: one short answer for all of it", async () => {
    const token = await as();
    const elsewhere = await house.open({
      title: "다른 코드",
      rows: 1,
      columns: 2,
      settings: { verification: "codes" },
    });
    const foreign = (await makeCodes(elsewhere, 1)).codes[0] ?? "";
    const own = codes[2] ?? "";
    const forged = own.slice(0, -1) + (own.endsWith("7") ? "8" : "7");
    const lookalike = own.replace(/[A-Z0-9]/, "А");
    const wrong = [foreign, forged, lookalike, "", " ", `${own}\0`, `${own}${own}`, own.slice(5), "U".repeat(20)];
    for (const code of wrong) expect([code, said(await show(token, code))]).toEqual([code, "422 presale-code-invalid"]);
    for (const code of ["x".repeat(50_000), 7, null, [own], { $ne: "" }, undefined]) {
      expect(said(await show(token, code))).toBe("422 invalid-request");
    }
    expect(said(await show(token, "x".repeat(100_000)))).toBe("413 body-too-large");
    expect(said(await post(token, path(coded, "queue")))).toBe("403 verification-required");
    // And none of it has used the code up.
    expect(said(await show(token, own))).toBe("204");
  });

  it("takes no code of a batch that was made void, and keeps whoever had shown theirs", async () => {
    const { batch, codes: fresh } = await makeCodes(coded, 2);
    const [early, late] = [await as(), await as()];
    expect(said(await show(early, fresh[0]))).toBe("204");
    expect((await organiser(`POST /api/organizer/performances/${coded.id}/codes/${batch}/void`)).status).toBe(204);
    expect(said(await show(late, fresh[1]))).toBe("422 presale-code-invalid");
    expect(said(await post(early, path(coded, "queue")))).toBe("200");
    const view = await (await organiser(`GET /api/organizer/performances/${coded.id}/verification`)).json();
    expect(view).toMatchObject({
      by: "codes",
      batches: [
        { number: 1, count: 20 },
        { number: batch, used: 1 },
      ],
    });
    expect(JSON.stringify(view)).not.toContain(fresh[0]);
  });

  it("is its organiser's to make codes for, and leaves no code in the audit log", async () => {
    const member = await as();
    for (const target of ["codes", "codes/1/void", "verifier", "verification"]) {
      const method = target === "verifier" ? "PUT" : target === "verification" ? "GET" : "POST";
      const body =
        target === "codes"
          ? { count: 1, label: "x" }
          : target === "verifier"
            ? { url: "https://a.example.org" }
            : undefined;
      const request = { method, path: `/api/organizer/performances/${coded.id}/${target}`, headers: bearer(member) };
      expect(said(await send(house.where.origin, { ...request, ...(body === undefined ? {} : { body }) }))).toBe(
        "403 role-required",
      );
    }
    await expect.poll(async () => (await house.figures(coded)).outboxDepth, { timeout: 30_000 }).toBe(0);
    // Guesses are counted there too, over some seconds.
    await expect
      .poll(() => house.count("audit_log where action = 'presale code refused' and actor = 'edge'"), {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    const { rows } = await house.sql.query<{ line: string }>(
      "select action || ' ' || detail::text as line from audit_log where performance_id = $1",
      [coded.id],
    );
    const log = rows.map(({ line }) => line).join("\n");
    expect(log).toContain("make-codes");
    expect(log).toContain("void-codes");
    for (const code of codes) expect(log).not.toContain(code.slice(0, 9));
  });

  it("has a page without scripts that asks for the code", async () => {
    const { token } = await house.member();
    const browser = { cookie: `tp_access=${token}`, origin: house.where.origin };
    const page = await send(house.where.origin, { method: "GET", path: path(coded, "room"), headers: browser });
    expect(page.text).toContain('name="code"');
    expect(page.text).not.toContain("room/join");
    const form = (code: string, headers: Readonly<Record<string, string>> = browser) =>
      send(house.where.origin, {
        method: "POST",
        path: path(coded, "room/code"),
        headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
        body: Buffer.from(new URLSearchParams({ code }).toString()),
      });
    const wrong = await form("XXXX-XXXX");
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('role="alert"');
    const foreign = await form(codes[4] ?? "", { ...browser, origin: "https://elsewhere.test" });
    expect(said(foreign)).toBe("403 origin-not-allowed");
    expect((await form(codes[4] ?? "")).status).toBe(303);
    const after = await send(house.where.origin, { method: "GET", path: path(coded, "room"), headers: browser });
    expect(after.text).toContain("room/join");
    // Everywhere else a form is still nothing.
    const elsewhere = await send(house.where.origin, {
      method: "POST",
      path: path(coded, "verification/code"),
      headers: { ...browser, "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from("code=x"),
    });
    expect(said(elsewhere)).toBe("415 unsupported-media-type");
  });
});

/** A browser's part of it: the cookie it was given, and the question it carries. */
interface Browser {
  readonly cookie: string;
  readonly question: Question;
}

async function sentOut(token: string, at = asked): Promise<Browser> {
  const answer = await house.api.send(`POST ${path(at, "verification/ask")}`, { token });
  const { url } = z.object({ url: z.url() }).parse(await answer.json());
  const params = new URL(url).searchParams;
  const named = (name: string): string => params.get(name) ?? "";
  const question = {
    performance: named("performance"),
    state: named("state"),
    return_to: named("return_to"),
    expires: named("expires"),
    signature: named("signature"),
  };
  return { cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "", question };
}

const soon = (): number => Math.floor(Date.now() / 1_000) + 120;

/** Comes back with an address; answers where that leads. */
async function comeBack(address: string, cookie: string): Promise<string> {
  const answer = await fetch(address, { redirect: "manual", headers: cookie === "" ? {} : { cookie } });
  return `${answer.status} ${answer.headers.get("location") ?? ""}`;
}
const waiting = (): string => `303 /waiting?performance=${asked.id}`;
const problem = (code: string): string => `303 /presale?performance=${asked.id}&problem=${code}`;

describe("a sale that asks an external verifier", () => {
  it("sends nobody anywhere until the organiser has named one, whose secret is shown once", async () => {
    expect(said(await post(await as(), path(asked, "verification/ask")))).toBe("409 verifier-not-set");
    const put = (url: string) => organiser(`PUT /api/organizer/performances/${asked.id}/verifier`, { url });
    for (const url of ["javascript:alert(1)", "http://fans.example.org", "https://10.0.0.1", "ftp://x", "x"]) {
      expect((await put(url)).status).toBe(422);
    }
    secret = z.object({ secret: z.string() }).parse(await (await put(verifier.page)).json()).secret;
    verifier.use(secret);
    const view = await (await organiser(`GET /api/organizer/performances/${asked.id}/verification`)).text();
    expect(view).toContain(verifier.page);
    expect(view).not.toContain(secret);
    const token = await as();
    await expect
      .poll(async () => said(await post(token, path(asked, "verification/ask"))), { timeout: 20_000 })
      .toBe("200");
  });

  it("a fan goes there and comes back verified, and has one place", async () => {
    const token = await as();
    expect(said(await post(token, path(asked, "queue")))).toBe("403 verification-required");
    const { cookie, question } = await sentOut(token);
    const url = new URL(verifier.page);
    for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value);
    expect((await fetch(url)).status).toBe(200);
    url.searchParams.set("member", "fan-1");
    const answer = await fetch(url, { redirect: "manual" });
    expect(answer.status).toBe(303);
    expect(await comeBack(answer.headers.get("location") ?? "", cookie)).toBe(waiting());
    const number = await numberOf(token, asked);
    expect(await numberOf(token, asked)).toBe(number);
  });

  it("the same person of the verifier's opens no second place, whoever they sign in as here", async () => {
    const token = await as();
    const { cookie, question } = await sentOut(token);
    expect(await comeBack(answerTo(secret, question, "fan-1", soon()), cookie)).toBe(problem("identity-taken"));
    expect(said(await post(token, path(asked, "queue")))).toBe("403 verification-required");
    expect(await comeBack(answerTo(secret, question, "fan-2", soon()), cookie)).toBe(waiting());
    // Verified is verified: another name for the same member is not used up.
    const again = await sentOut(token);
    expect(await comeBack(answerTo(secret, again.question, "fan-3", soon()), again.cookie)).toBe(waiting());
    const third = await sentOut(await as());
    expect(await comeBack(answerTo(secret, third.question, "fan-3", soon()), third.cookie)).toBe(waiting());
  });

  it("answers that are forged, late, early, altered, or of another question are none", async () => {
    const token = await as();
    const { cookie, question } = await sentOut(token);
    const right = new URL(answerTo(secret, question, "fan-10", soon()));
    const altered = (name: string, value: string): string => {
      const url = new URL(right);
      url.searchParams.set(name, value);
      return url.href;
    };
    const other = await sentOut(await as());
    const wrong = [
      answerTo("tpv_guess", question, "fan-10", soon()),
      answerTo("", question, "fan-10", soon()),
      answerTo(secret, question, "fan-10", Math.floor(Date.now() / 1_000) - 1),
      answerTo(secret, question, "fan-10", soon() + 86_400),
      answerTo(secret, question, "", soon()),
      answerTo(secret, question, "fan 10", soon()),
      answerTo(secret, question, "fan-1０", soon()),
      answerTo(secret, question, "f".repeat(129), soon()),
      altered("subject", "fan-11"),
      altered("expires", String(soon() + 60)),
      altered("signature", ""),
      altered("signature", question.signature),
      altered("state", other.question.state),
      answerTo(secret, { ...question, state: token }, "fan-10", soon()),
      answerTo(secret, { ...question, state: "x" }, "fan-10", soon()),
    ];
    for (const address of wrong)
      expect([address, await comeBack(address, cookie)]).toEqual([address, problem("verification-failed")]);
    const huge = await comeBack(altered("subject", "f".repeat(8_000)), cookie);
    expect(huge).toMatch(/^(422|303 .*verification-failed)/);
    expect(said(await post(token, path(asked, "queue")))).toBe("403 verification-required");
    expect(await comeBack(right.href, cookie)).toBe(waiting());
  });

  it("an answer is of use to the browser that asked only, and does its one thing once", async () => {
    const [victim, thief] = [await sentOut(await as()), await sentOut(await as())];
    const answer = answerTo(secret, victim.question, "fan-20", soon());
    expect(await comeBack(answer, "")).toBe(problem("verification-failed"));
    expect(await comeBack(answer, thief.cookie)).toBe(problem("verification-failed"));
    // Somebody who is sent the thief's link and answers it truly does not verify the thief.
    const lent = answerTo(secret, thief.question, "fan-21", soon());
    expect(await comeBack(lent, victim.cookie)).toBe(problem("verification-failed"));
    const before = await verified();
    const first = await fetch(answer, { redirect: "manual", headers: { cookie: victim.cookie } });
    expect(first.headers.get("location")).toBe(`/waiting?performance=${asked.id}`);
    expect(first.headers.getSetCookie().join()).toMatch(/tp_asked_[^;]*;.*Max-Age=0/);
    for (let again = 0; again < 3; again++) await comeBack(answer, victim.cookie);
    expect(await verified()).toBe(before + 1);
    expect(await comeBack(answer, thief.cookie)).toBe(problem("verification-failed"));
  });

  it("an answer for one sale is none for another, nor a code a word of the verifier", async () => {
    const second = await house.open({
      title: "둘째 인증",
      rows: 1,
      columns: 2,
      settings: { verification: "verifier" },
    });
    const set = await organiser(`PUT /api/organizer/performances/${second.id}/verifier`, { url: verifier.page });
    const theirs = z.object({ secret: z.string() }).parse(await set.json()).secret;
    expect(theirs).not.toBe(secret);
    const { cookie, question } = await sentOut(await as());
    const moved = answerTo(theirs, question, "fan-30", soon()).replace(asked.id, second.id);
    expect(await comeBack(moved, cookie)).toContain("problem=verification-failed");
    expect(said(await post(await as(), path(asked, "verification/code"), { code: codes[5] }))).toBe("404 not-found");
    expect(said(await post(await as(), path(coded, "verification/ask")))).toBe("404 not-found");
  });

  it("a new secret leaves time to those who are at the verifier; a second one ends the first", async () => {
    const [before, later] = [await sentOut(await as()), await sentOut(await as())];
    const first = secret;
    const second = await changeSecret("fan-41");
    expect(second).not.toBe(first);
    // Asked and answered with the secret that was in use then.
    expect(await comeBack(answerTo(first, before.question, "fan-40", soon()), before.cookie)).toBe(waiting());
    secret = await changeSecret("fan-42");
    const answer = (by: string) => comeBack(answerTo(by, later.question, "fan-43", soon()), later.cookie);
    expect(await answer(first)).toBe(problem("verification-failed"));
    expect(await answer(second)).toBe(waiting());
  });
});

/** A new secret that the edge knows of: what it remembers of the one before is a matter of seconds. */
async function changeSecret(subject: string): Promise<string> {
  const set = await organiser(`PUT /api/organizer/performances/${asked.id}/verifier`, { url: verifier.page });
  const fresh = z.object({ secret: z.string() }).parse(await set.json()).secret;
  const taken = async (): Promise<boolean> => {
    const { cookie, question } = await sentOut(await as());
    return (await comeBack(answerTo(fresh, question, subject, soon()), cookie)) === waiting();
  };
  expect(await eventually(taken)).toBe(true);
  return fresh;
}

async function verified(): Promise<number> {
  const view = await (await organiser(`GET /api/organizer/performances/${asked.id}/verification`)).json();
  return z.looseObject({ verified: z.number() }).parse(view).verified;
}

async function eventually(test: () => Promise<boolean>): Promise<boolean> {
  let result = false;
  await expect.poll(async () => (result = await test()), { timeout: 20_000, interval: 500 }).toBe(true);
  return result;
}

it("a sale that asks for nothing has nothing to show, and its joins ask for nothing", async () => {
  const plain = await house.open({ title: "그냥", rows: 1, columns: 2 });
  const token = await as();
  const state = await send(house.where.origin, {
    method: "GET",
    path: path(plain, "verification"),
    headers: bearer(token),
  });
  expect(JSON.parse(state.text)).toEqual({ by: null, verified: true });
  expect(said(await post(token, path(plain, "verification/code"), { code: codes[6] }))).toBe("404 not-found");
  expect(await numberOf(token, plain)).toBe(0);
});
