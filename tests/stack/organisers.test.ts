/** Organisers and the catalogue against a real Postgres. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, columnAt, textAt, startEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await startEdge();
}, 90_000);

afterAll(() => edge.close());

const seat = (id: string, grade: string) => ({ id, label: id, grade, x: 0, y: 0 });
const chart = {
  version: 1,
  name: "Hall",
  sections: [{ id: "A", name: "A", rows: [{ label: "1", seats: [seat("1", "R"), seat("2", "S")] }] }],
};

describe("organisers", () => {
  let token = "";
  let id = "";
  let hallId = "";
  const base = "/api/organizer/performances";

  it("upload a hall and draft a performance", async () => {
    token = textAt((await edge.signIn("organiser@example.com", "organiser")).body, "accessToken");
    const headers = bearer(token);
    const hall = await edge.ask("POST", "/api/organizer/halls", {
      headers,
      json: { name: "예술의전당", address: "서울", timeZone: "Asia/Seoul", chart },
    });
    expect(hall).toMatchObject({ status: 201, body: { hall: { seats: 2, grades: ["R", "S"] } } });
    hallId = textAt(hall.body, "hall", "id");
    const draft = await edge.ask("POST", base, {
      headers,
      json: {
        title: "Show",
        hallId,
        currency: "KRW",
        prices: { R: 110000 },
        settings: { openAt: "2027-01-01T10:00:00.000Z", capacity: 50 },
      },
    });
    expect(draft).toMatchObject({
      status: 201,
      body: {
        performance: {
          title: "Show",
          settings: { openAt: "2027-01-01T10:00:00.000Z", capacity: 50 },
          publishedAt: null,
        },
      },
    });
    id = textAt(draft.body, "performance", "id");
    expect(columnAt((await edge.ask("GET", base, { headers })).body, "items", "id")).toEqual([id]);
    expect(columnAt((await edge.ask("GET", "/api/organizer/halls", { headers })).body, "items", "chart")).toEqual([
      undefined,
    ]);
  });

  it("are told everything that is missing, then publish, twice with the same result", async () => {
    const headers = bearer(token);
    const refused = await edge.ask("POST", `${base}/${id}/publish`, { headers });
    expect(refused).toMatchObject({ status: 409, body: { code: "not-ready-to-publish" } });
    expect(columnAt(refused.body, "errors", "field")).toEqual([
      "runTimeMinutes",
      "ageRating",
      "settings.closeAt",
      "schedules",
    ]);
    const patch = {
      runTimeMinutes: 100,
      ageRating: "8+",
      prices: { R: 110000, S: 90000 },
      settings: { closeAt: "2027-01-02T10:00:00.000Z" },
    };
    expect(await edge.ask("PATCH", `${base}/${id}`, { headers, json: patch })).toMatchObject({
      status: 200,
      body: { performance: { settings: { capacity: 50, closeAt: "2027-01-02T10:00:00.000Z" } } },
    });
    expect(
      (await edge.ask("POST", `${base}/${id}/schedules`, { headers, json: { startsAt: "2027-02-01T19:30:00+09:00" } }))
        .status,
    ).toBe(201);
    expect(await edge.ask("GET", `/api/performances/${id}`)).toMatchObject({ status: 404 });
    const done = { status: 200, body: { phase: "scheduled", schedules: 1, seats: 2 } };
    expect(await edge.ask("POST", `${base}/${id}/publish`, { headers })).toMatchObject(done);
    expect(await edge.ask("POST", `${base}/${id}/publish`, { headers })).toMatchObject(done);
    expect(edge.published[0]?.settings).toMatchObject({ capacity: 50, ratePerMinute: 6000, lobbies: 4 });
    expect(edge.published[1]?.settings).toMatchObject({ capacity: 77, ratePerMinute: 88 });
    expect(await edge.ask("PATCH", `${base}/${id}`, { headers, json: { title: "Other" } })).toMatchObject({
      status: 409,
      body: { code: "published-differently" },
    });
  });

  it("are shown in the catalogue", async () => {
    const { body } = await edge.ask("GET", "/api/performances");
    expect(body).toMatchObject({
      items: [
        {
          id,
          title: "Show",
          venue: { timeZone: "Asia/Seoul" },
          priceFrom: { amount: 90000, currency: "KRW" },
          firstStartsAt: "2027-02-01T10:30:00.000Z",
          gatherAt: null,
          phase: "scheduled",
        },
      ],
    });
    expect((await edge.ask("GET", `/api/performances/${id}`)).body).toMatchObject({
      maxSeatsPerMember: 4,
      grades: [{ grade: "R" }, { grade: "S" }],
    });
    expect((await edge.ask("GET", `/api/performances/${id}/schedules`)).body).toMatchObject({
      items: [{ hallName: "예술의전당", seats: 2 }],
    });
    const found = async (words: string) =>
      columnAt((await edge.ask("GET", `/api/performances?q=${encodeURIComponent(words)}`)).body, "items", "id");
    expect(await found(" sHO ")).toEqual([id]);
    expect(await found("예술의전당")).toEqual([id]);
    expect(await found("no such show")).toEqual([]);
    // Not wildcards, but signs like any other.
    expect(await found("%")).toEqual([]);
    expect(await found("S_ow")).toEqual([]);
    expect(await edge.ask("GET", "/api/performances?cursor=nonsense&limit=1")).toMatchObject({
      status: 422,
      body: { errors: [{ field: "cursor" }] },
    });
    expect((await edge.ask("GET", "/api/performances/not-an-id")).status).toBe(422);
  });

  it("operate what is theirs, and every request is in the audit log", async () => {
    const headers = bearer(token);
    const act = (what: string, json?: unknown) =>
      edge.ask("POST", `${base}/${id}/${what}`, json === undefined ? { headers } : { headers, json });
    expect((await act("pause")).status).toBe(204);
    expect((await act("resume")).status).toBe(204);
    expect((await act("notice", { text: "잠시만요" })).status).toBe(204);
    expect((await act("revoke", { memberId: crypto.randomUUID() })).status).toBe(204);
    expect((await edge.ask("PATCH", `${base}/${id}/settings`, { headers, json: { capacity: 10 } })).status).toBe(204);
    expect(
      (await edge.ask("PATCH", `${base}/${id}/settings`, { headers, json: { openAt: "2027-01-01T10:00:00.000Z" } }))
        .status,
    ).toBe(422);
    expect(
      edge.batches.map((batch) => batch.commands[0]).map((command) => command?.kind === "operate" && command.action.do),
    ).toEqual(["pause", "resume", "notice", "revoke", "limits"]);
    expect((await edge.ask("GET", `${base}/${id}/live`, { headers })).body).toMatchObject({ admittedTotal: 5 });
    const page = await edge.ask("GET", `${base}/${id}/audit?limit=3`, { headers });
    expect(columnAt(page.body, "items", "action")).toEqual([
      "limits.requested",
      "revoke.requested",
      "notice.requested",
    ]);
    expect(new Set(columnAt(page.body, "items", "actorName"))).toEqual(new Set(["하늘"]));
    const rest = await edge.ask("GET", `${base}/${id}/audit?cursor=${textAt(page.body, "nextCursor")}`, { headers });
    expect(columnAt(rest.body, "items", "action")).toEqual([
      "resume.requested",
      "pause.requested",
      "performance.published",
      "performance.published",
      "schedule.created",
      "performance.changed",
      "performance.created",
    ]);
  });

  it("do not see or touch what is somebody else's", async () => {
    const other = textAt((await edge.signIn("other@example.com", "organiser")).body, "accessToken");
    const fan = textAt((await edge.signIn("fan@example.com")).body, "accessToken");
    const before = edge.batches.length;
    for (const [method, what] of [
      ["POST", "pause"],
      ["POST", "publish"],
      ["GET", "live"],
      ["GET", "export"],
      ["GET", "audit"],
    ] as const) {
      expect((await edge.ask(method, `${base}/${id}/${what}`, { headers: bearer(other) })).status).toBe(404);
      expect((await edge.ask(method, `${base}/${id}/${what}`, { headers: bearer(fan) })).status).toBe(403);
      expect((await edge.ask(method, `${base}/${id}/${what}`)).status).toBe(401);
    }
    expect(edge.batches.length).toBe(before);
    expect((await edge.ask("POST", base, { headers: bearer(other), json: { title: "x", hallId } })).status).toBe(422);
    const admin = textAt((await edge.signIn("admin@example.com", "admin")).body, "accessToken");
    expect((await edge.ask("POST", `${base}/${id}/pause`, { headers: bearer(admin) })).status).toBe(204);
  });

  it("export orders as CSV", async () => {
    const answer = await edge.ask("GET", `${base}/${id}/export`, { headers: bearer(token) });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.body).toMatch(/^(\ufeff)?order,member,status/);
  });
});
