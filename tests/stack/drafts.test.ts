/** Drafts of organisers against a real Postgres: reading, what is missing, posters, taking things back. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, columnAt, startEdge, textAt } from "./edge.ts";
import type { Edge } from "./edge.ts";

let edge: Edge;
let headers: Record<string, string>;
let stranger: Record<string, string>;
const base = "/api/organizer/performances";

beforeAll(async () => {
  edge = await startEdge();
  headers = bearer(textAt((await edge.signIn("drafts@example.com", "organiser")).body, "accessToken"));
  stranger = bearer(textAt((await edge.signIn("other@example.com", "organiser")).body, "accessToken"));
}, 90_000);

afterAll(() => edge.close());

const seat = (id: string) => ({ id, label: id, grade: "R", x: 0, y: 0 });
const chart = {
  version: 1,
  name: "Hall",
  sections: [{ id: "A", name: "A", rows: [{ label: "1", seats: [seat("1"), seat("2")] }] }],
};

async function draft(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await edge.ask("POST", base, { headers, json: { title: "초안", ...more } });
  return textAt(answer.body, "performance", "id");
}

async function hall(): Promise<string> {
  const json = { name: "홀", address: "서울", timeZone: "Asia/Seoul", chart };
  return textAt((await edge.ask("POST", "/api/organizer/halls", { headers, json })).body, "hall", "id");
}

/** A PNG as far as anybody looks: signature, header, size, and some noise. */
function png(width: number, height: number, length = 2_000): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length).map((_, index) => (index * 31) & 0xff);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

describe("a draft", () => {
  it("has texts in two languages, and takes back what it was given", async () => {
    const id = await draft({ titleEn: "Draft", runTimeMinutes: 90, settings: { openAt: "2027-01-01T10:00:00.000Z" } });
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({
      performance: { title: "초안", titleEn: "Draft", settings: { openAt: "2027-01-01T10:00:00.000Z" } },
      schedules: [],
    });
    const json = { titleEn: null, runTimeMinutes: null, settings: { openAt: null, beacon: true } };
    const changed = await edge.ask("PATCH", `${base}/${id}`, { headers, json });
    expect(changed).toMatchObject({ status: 200, body: { performance: { titleEn: null, runTimeMinutes: null } } });
    expect(changed.body).toMatchObject({ performance: { settings: { beacon: true } } });
    expect(JSON.stringify(changed.body)).not.toContain("openAt");
  });

  it("says everything that is missing without being published", async () => {
    const id = await draft();
    const { body } = await edge.ask("GET", `${base}/${id}/readiness`, { headers });
    expect(body).toMatchObject({ ready: false });
    expect(columnAt(body, "missing", "field")).toEqual([
      "hallId",
      "runTimeMinutes",
      "ageRating",
      "currency",
      "settings.openAt",
      "settings.closeAt",
      "settings.capacity",
      "schedules",
    ]);
    const published = await edge.ask("POST", `${base}/${id}/publish`, { headers });
    expect(columnAt(published.body, "errors", "field")).toEqual(columnAt(body, "missing", "field"));
  });

  it("is not changed by who has not seen what somebody else made of it, and loses nothing to changes at once", async () => {
    const id = await draft({ title: "함께" });
    const read = async (): Promise<string> =>
      textAt((await edge.ask("GET", `${base}/${id}`, { headers })).body, "performance", "updatedAt");
    const change = (json: Readonly<Record<string, unknown>>) => edge.ask("PATCH", `${base}/${id}`, { headers, json });
    const basedOn = await read();
    expect(await change({ basedOn, title: "먼저" })).toMatchObject({ status: 200 });
    expect(await change({ basedOn, title: "나중" })).toMatchObject({ status: 409, body: { code: "draft-changed" } });
    expect(await change({ basedOn: "yesterday", title: "나중" })).toMatchObject({ status: 422 });
    expect(await change({ basedOn: await read(), ageRating: "8+" })).toMatchObject({
      status: 200,
      body: { performance: { title: "먼저", ageRating: "8+" } },
    });
    // Settings are merged one by one: of changes made at once, none undoes another.
    const settings = { capacity: 50, holdSeconds: 90, showUpSeconds: 70, maxSeatsPerMember: 2 };
    const answers = await Promise.all(
      Object.entries(settings).map(([name, value]) => change({ settings: { [name]: value } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({ performance: { settings } });
  });

  it("loses a date again, but only its own and only before publication", async () => {
    const id = await draft({ hallId: await hall() });
    const other = await draft({ hallId: await hall() });
    const json = { startsAt: "2027-02-01T10:00:00.000Z" };
    const date = textAt((await edge.ask("POST", `${base}/${id}/schedules`, { headers, json })).body, "schedule", "id");
    expect((await edge.ask("DELETE", `${base}/${other}/schedules/${date}`, { headers })).status).toBe(404);
    expect((await edge.ask("DELETE", `${base}/${id}/schedules/${date}`, { headers: stranger })).status).toBe(404);
    await edge.sql.query("update performances set publishing_at = now() where id = $1", [id]);
    expect(await edge.ask("DELETE", `${base}/${id}/schedules/${date}`, { headers })).toMatchObject({
      status: 409,
      body: { code: "published-differently" },
    });
    await edge.sql.query("update performances set publishing_at = null where id = $1", [id]);
    expect((await edge.ask("DELETE", `${base}/${id}/schedules/${date}`, { headers })).status).toBe(204);
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({ schedules: [] });
  });

  it("is thrown away with its dates, unless it is published", async () => {
    const id = await draft({ hallId: await hall() });
    await edge.ask("POST", `${base}/${id}/schedules`, { headers, json: { startsAt: "2027-02-01T10:00:00.000Z" } });
    await edge.sql.query("update performances set publishing_at = now() where id = $1", [id]);
    expect((await edge.ask("DELETE", `${base}/${id}`, { headers })).status).toBe(409);
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({ schedules: [{}] });
    await edge.sql.query("update performances set publishing_at = null where id = $1", [id]);
    expect((await edge.ask("DELETE", `${base}/${id}`, { headers: stranger })).status).toBe(404);
    expect((await edge.ask("DELETE", `${base}/${id}`, { headers })).status).toBe(204);
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).status).toBe(404);
  });

  it("shows the chart of a hall to whom it belongs", async () => {
    const id = await hall();
    expect((await edge.ask("GET", `/api/organizer/halls/${id}/chart`, { headers })).body).toMatchObject({ chart });
    expect((await edge.ask("GET", `/api/organizer/halls/${id}/chart`, { headers: stranger })).status).toBe(404);
  });
});

describe("a poster", () => {
  const upload = (id: string, bytes: Uint8Array<ArrayBuffer>, type = "image/png", who = headers) =>
    edge.ask("PUT", `${base}/${id}/poster`, { headers: { ...who, "content-type": type }, bytes });

  it("is kept under the hash of its bytes, and served to be cached for ever", async () => {
    const id = await draft();
    const done = await upload(id, png(800, 500));
    expect(done).toMatchObject({ status: 200, body: { width: 800, height: 500 } });
    const posterUrl = textAt(done.body, "posterUrl");
    expect((await upload(await draft(), png(800, 500))).body).toMatchObject({ posterUrl });
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({ performance: { posterUrl } });
    const picture = await edge.ask("GET", posterUrl);
    expect(picture.status).toBe(200);
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect(picture.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(picture.headers.get("x-content-type-options")).toBe("nosniff");
    const { rows } = await edge.sql.query<{ n: number }>("select length(bytes) as n from posters");
    expect(rows).toEqual([{ n: 2_000 }]);
  });

  it("is refused by what it is, not by what it says it is", async () => {
    const id = await draft();
    const script = Uint8Array.from(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"));
    expect(await upload(id, script)).toMatchObject({ status: 422, body: { code: "picture-unreadable" } });
    expect(await upload(id, png(60_000, 500))).toMatchObject({ status: 422, body: { code: "picture-size" } });
    expect(await upload(id, png(100, 500))).toMatchObject({ status: 422, body: { code: "picture-size" } });
    const large = png(800, 500, 2 * 1024 * 1024 + 1);
    expect(await upload(id, large)).toMatchObject({ status: 413, body: { code: "picture-too-large" } });
    expect(await upload(id, png(800, 500), "text/plain")).toMatchObject({ status: 415 });
    expect((await upload(id, png(800, 500), "image/png", stranger)).status).toBe(404);
    expect((await edge.ask("GET", `${base}/${id}`, { headers })).body).toMatchObject({
      performance: { posterUrl: null },
    });
    expect((await edge.ask("GET", `/api/posters/${"0".repeat(64)}`)).status).toBe(404);
    expect((await edge.ask("GET", "/api/posters/..%2f..%2fetc")).status).toBe(422);
  });
});
