/** Organisations against a real Postgres: asked for, approved, joined by invitation, and each to its own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, columnAt, startEdge, textAt } from "./edge.ts";
import type { Edge } from "./edge.ts";

let edge: Edge;
const performances = "/api/organizer/performances";

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);
afterAll(() => edge.close());

interface Person {
  readonly id: string;
  readonly email: string;
  readonly headers: Record<string, string>;
}

/** Signs in anew, so that the token says what the records say by now. */
async function person(email: string, role?: string): Promise<Person> {
  const { body } = await edge.signIn(email, role);
  return { id: textAt(body, "member", "id"), email, headers: bearer(textAt(body, "accessToken")) };
}

const ask = (who: Person, method: string, path: string, json?: unknown) =>
  edge.ask(method, path, { headers: who.headers, ...(json === undefined ? {} : { json }) });

async function approved(owner: Person, admin: Person, name: string): Promise<string> {
  const asked = await ask(owner, "POST", "/api/organisations", { name });
  expect(asked).toMatchObject({ status: 201, body: { organisation: { name, status: "pending", role: "owner" } } });
  const id = textAt(asked.body, "organisation", "id");
  const decided = await ask(admin, "POST", `/api/admin/organisations/${id}/decision`, { status: "approved" });
  expect(decided).toMatchObject({ status: 200, body: { organisation: { status: "approved" } } });
  return id;
}

async function linkTo(email: string): Promise<string> {
  const [newest = ""] = await edge.mailsTo(email);
  return /\/invitation#(\S+)/.exec(newest)?.[1] ?? "";
}

async function join(owner: Person, organisation: string, email: string, role: string): Promise<Person> {
  const invited = await ask(owner, "POST", `/api/organisations/${organisation}/invitations`, { email, role });
  expect(invited.status).toBe(204);
  const token = await linkTo(email);
  const joined = await ask(await person(email), "POST", "/api/invitations/accept", { token });
  expect(joined).toMatchObject({ status: 200, body: { role } });
  return person(email);
}

describe("an organisation", () => {
  it("can do nothing until an admin approves it, and nothing again once it is suspended", async () => {
    const admin = await person("admin@example.com", "admin");
    const early = await person("founder@example.com");
    expect(await ask(early, "POST", performances, { title: "Show" })).toMatchObject({ status: 403 });
    const asked = await ask(early, "POST", "/api/organisations", { name: "극단 하나" });
    const id = textAt(asked.body, "organisation", "id");
    expect(
      await ask(early, "POST", `/api/organisations/${id}/invitations`, { email: "x@example.com", role: "door" }),
    ).toMatchObject({
      status: 409,
      body: { code: "organisation-not-approved" },
    });
    const listed = await ask(admin, "GET", "/api/admin/organisations?status=pending");
    expect(columnAt(listed.body, "items", "founder")).toEqual(["founder@example.com"]);
    await ask(admin, "POST", `/api/admin/organisations/${id}/decision`, { status: "approved" });
    expect((await edge.mailsTo("founder@example.com"))[0]).toContain("승인되었습니다");
    const founder = await person("founder@example.com");
    const made = await ask(founder, "POST", performances, { title: "Show" });
    expect(made.status).toBe(201);
    const draft = textAt(made.body, "performance", "id");
    await ask(admin, "POST", `/api/admin/organisations/${id}/decision`, { status: "suspended" });
    // The token says organiser for minutes still; the records are asked.
    expect((await ask(founder, "PATCH", `${performances}/${draft}`, { title: "Other" })).status).toBe(404);
    expect((await ask(await person("founder@example.com"), "GET", performances)).status).toBe(403);
  });

  it("is decided and looked over by admins only, and nobody makes themselves one", async () => {
    const admin = await person("admin@example.com", "admin");
    const fan = await person("fan@example.com");
    for (const [method, path, json] of [
      ["GET", "/api/admin/organisations", undefined],
      ["POST", `/api/admin/organisations/${crypto.randomUUID()}/decision`, { status: "approved" }],
      ["POST", "/api/admin/admins", { email: "fan@example.com", admin: true }],
    ] as const)
      expect(await ask(fan, method, path, json)).toMatchObject({ status: 403, body: { code: "role-required" } });
    expect(await ask(admin, "POST", "/api/admin/admins", { email: admin.email, admin: false })).toMatchObject({
      status: 422,
    });
    expect(await ask(admin, "POST", "/api/admin/admins", { email: "FAN@example.com", admin: true })).toMatchObject({
      status: 200,
      body: { id: fan.id, role: "admin" },
    });
    const second = await person("fan@example.com");
    expect((await ask(second, "GET", "/api/admin/organisations")).status).toBe(200);
    await ask(admin, "POST", "/api/admin/admins", { email: "fan@example.com", admin: false });
    // The token still says admin.
    expect(await ask(second, "GET", "/api/admin/organisations")).toMatchObject({ status: 403 });
  });

  it("gives each of its people what their part is, and strangers nothing", async () => {
    const admin = await person("admin@example.com", "admin");
    const id = await approved(await person("owner@example.com"), admin, "극단 둘");
    const owner = await person("owner@example.com");
    const editor = await join(owner, id, "editor@example.com", "editor");
    const door = await join(owner, id, "door@example.com", "door");
    await approved(await person("stranger@example.com"), admin, "극단 셋");
    const stranger = await person("stranger@example.com");
    const made = await ask(editor, "POST", performances, { title: "Ours" });
    const draft = textAt(made.body, "performance", "id");
    const change = (who: Person) => ask(who, "PATCH", `${performances}/${draft}`, { title: "Ours, changed" });
    expect((await change(owner)).status).toBe(200);
    expect((await change(editor)).status).toBe(200);
    expect((await change(door)).status).toBe(404);
    expect((await change(stranger)).status).toBe(404);
    expect(columnAt((await ask(owner, "GET", performances)).body, "items", "id")).toEqual([draft]);
    expect(columnAt((await ask(stranger, "GET", performances)).body, "items", "id")).toEqual([]);
    const pause = (who: Person) => ask(who, "POST", `${performances}/${draft}/pause`);
    expect((await pause(editor)).status).toBe(204);
    expect(await pause(door)).toMatchObject({ status: 403, body: { code: "role-required" } });
    expect((await pause(stranger)).status).toBe(404);
    // Figures are for who works there, the door too.
    expect((await ask(door, "GET", `${performances}/${draft}/live`)).status).toBe(200);
    expect((await ask(stranger, "GET", `${performances}/${draft}/live`)).status).toBe(404);
    for (const who of [editor, door, stranger])
      expect((await ask(who, "GET", `/api/organisations/${id}/members`)).status).toBe(who === stranger ? 404 : 403);
    const people = await ask(owner, "GET", `/api/organisations/${id}/members`);
    expect(columnAt(people.body, "items", "role")).toEqual(["owner", "editor", "door"]);
  });

  it("keeps an owner: two who step down at once do not both", async () => {
    const admin = await person("admin@example.com", "admin");
    const id = await approved(await person("one@example.com"), admin, "극단 넷");
    const one = await person("one@example.com");
    const leave = (who: Person) => ask(who, "DELETE", `/api/organisations/${id}/members/${who.id}`);
    expect(await leave(one)).toMatchObject({ status: 409, body: { code: "last-owner" } });
    expect(await ask(one, "POST", "/api/me/withdrawal", { password: "correct horse" })).toMatchObject({
      status: 409,
      body: { evidence: { organisations: 1 } },
    });
    const two = await join(one, id, "two@example.com", "owner");
    const answers = await Promise.all([leave(one), leave(two)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
    const { rows } = await edge.sql.query(
      "select m.role from members m where m.email_key in ('one@example.com', 'two@example.com') order by m.role",
    );
    expect(rows).toEqual([{ role: "member" }, { role: "organiser" }]);
  });

  it("is joined by who was invited, once, and by nobody else", async () => {
    const admin = await person("admin@example.com", "admin");
    const id = await approved(await person("host@example.com"), admin, "극단 다섯");
    const host = await person("host@example.com");
    const invited = "Guest@Example.com";
    await edge.mailIsDown(true);
    const lost = await ask(host, "POST", `/api/organisations/${id}/invitations`, { email: invited, role: "editor" });
    expect(lost).toMatchObject({ status: 503, body: { code: "mail-unavailable" } });
    await edge.mailIsDown(false);
    await ask(host, "POST", `/api/organisations/${id}/invitations`, { email: invited, role: "editor" });
    const token = await linkTo(invited);
    const other = await person("other@example.com");
    expect(await ask(other, "POST", "/api/invitations/accept", { token })).toMatchObject({
      status: 403,
      body: { code: "invitation-for-another" },
    });
    const guest = await person("guest@example.com");
    const uses = await Promise.all([1, 2].map(() => ask(guest, "POST", "/api/invitations/accept", { token })));
    expect(uses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    const mine = await ask(await person("guest@example.com"), "GET", "/api/organisations");
    expect(mine.body).toMatchObject({ items: [{ id, role: "editor", status: "approved" }] });
    expect((await ask(host, "PUT", `/api/organisations/${id}/members/${guest.id}`, { role: "door" })).status).toBe(204);
    expect((await ask(host, "DELETE", `/api/organisations/${id}/members/${guest.id}`)).status).toBe(204);
    expect((await ask(await person("guest@example.com"), "GET", performances)).status).toBe(403);
  }, 60_000);

  it("has to be named by who edits two", async () => {
    const admin = await person("admin@example.com", "admin");
    const first = await approved(await person("both@example.com"), admin, "극단 여섯");
    await approved(await person("both@example.com"), admin, "극단 일곱");
    const both = await person("both@example.com");
    const unnamed = await ask(both, "POST", performances, { title: "Whose" });
    expect(columnAt(unnamed.body, "errors", "field")).toEqual(["organisationId"]);
    expect((await ask(both, "POST", performances, { title: "Ours", organisationId: first })).status).toBe(201);
    const foreign = await ask(both, "POST", performances, { title: "Not ours", organisationId: crypto.randomUUID() });
    expect(foreign.status).toBe(422);
  });
});
