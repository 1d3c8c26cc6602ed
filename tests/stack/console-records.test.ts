/** What organisers take home: the orders and the log as files, and the log in words, in a real browser. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Download, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { gridChart } from "../../dev/demo/halls.ts";
import { orderNumber } from "../../durable-objects/performance/order-number.ts";
import { look } from "./axe.ts";
import { Buyer, type Order } from "./buyer.ts";
import type { House, Show } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";
import { operate } from "./waiting-journey.ts";

const LATE = { timeout: 60_000, interval: 250 };
const HALL = '=HYPERLINK("http://evil.example";"공연장")';
const SECTION = '@1층, "앞"';
/** More than three of the pages in which the file is read. */
const MANY = 1_700;

type Line = Readonly<Record<string, string>>;

let stage: Stage;
let house: House;
let show: Show;
let order: Order;

onStage(async (set) => {
  stage = set;
  ({ house } = set);
  const grid = gridChart(2, 5, HALL);
  const chart = { ...grid, sections: grid.sections.map((section) => ({ ...section, name: SECTION })) };
  show = await house.openIn(chart, { S: 110_000, A: 90_000, B: 70_000 }, { title: "+장부" });
  const buyer = await Buyer.inside(house, show);
  order = await buyer.buy(["r1s1", "r2s1"]);
});

async function fileOf(page: Page, action: string): Promise<{ readonly download: Download; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`[data-action="${action}"]:visible`).click(),
  ]);
  return { download, bytes: readFileSync(await download.path()) };
}

/** As a spreadsheet reads it: the mark tells the encoding, and is no part of the first name. */
function linesOf(bytes: Buffer): readonly Line[] {
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = bytes.toString("utf8");
  expect(text.endsWith("\r\n")).toBe(true);
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  return parse(bytes, { bom: true, columns: true }) as Line[];
}

/** So many more orders like one of them. */
async function multiplied(id: string, many: number): Promise<void> {
  const { rows } = await house.sql.query<{ names: string }>(
    `select string_agg(quote_ident(column_name), ',') as names from information_schema.columns
     where table_name = 'orders' and is_generated = 'NEVER'`,
  );
  const names = rows[0]?.names ?? "";
  await house.sql.query(
    `insert into orders (${names}) select ${names} from (
       select (jsonb_populate_record(o, jsonb_build_object('id', name, 'snapshot', jsonb_set(o.snapshot, '{id}', to_jsonb(name))))).*
       from orders o, generate_series(1, $2) n, lateral (select lpad(to_hex(n), 48, '0') as name) made where o.id = $1) more`,
    [id, many],
  );
}

describe("what organisers take home", () => {
  it("is every order, fit for a spreadsheet, however many there are", async () => {
    await expect.poll(async () => (await house.recordOf(order.id))["tickets"], LATE).toBe(2);
    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto(`/organizer/sale?id=${show.id}`);
    await page.waitForSelector('[data-figure="sold"]');
    const { download, bytes } = await fileOf(page, "export");
    expect(download.suggestedFilename()).toBe(`orders-${show.id}.csv`);
    const [line, ...more] = linesOf(bytes);
    expect(more).toEqual([]);
    const { rows } = await house.sql.query<{ starts_at: Date; placed_at: Date }>(
      "select s.starts_at, o.placed_at from orders o join schedules s on s.id = $2 where o.id = $1",
      [order.id, show.scheduleId],
    );
    const [kept] = rows;
    const inSeoul = (at: Date | undefined): string =>
      new Date((at?.getTime() ?? 0) + 9 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
    expect(line).toMatchObject({
      order: order.id,
      status: "paid",
      hall: `'${HALL}`,
      seats: `'${SECTION} 1-1 (S); ${SECTION} 2-1 (A)`,
      seat_count: "2",
      amount: "200000",
      refunded: "0",
      currency: "KRW",
      provider: "toss",
      starts_at: kept?.starts_at.toISOString(),
      placed_at: kept?.placed_at.toISOString(),
      order_number: orderNumber(order.id),
      starts_at_venue: inSeoul(kept?.starts_at),
      placed_at_venue: inSeoul(kept?.placed_at),
      time_zone: "Asia/Seoul",
    });
    // No field begins with what a spreadsheet would run.
    for (const value of Object.values(line ?? {})) expect(value).not.toMatch(/^\s*[=+\-@]/);

    await multiplied(order.id, MANY);
    const headers = { authorization: `Bearer ${house.organiser}` };
    const answer = await fetch(new URL(`/api/organizer/performances/${show.id}/export`, house.where.origin), {
      headers,
    });
    const parts: Buffer[] = [];
    for await (const part of answer.body ?? []) parts.push(Buffer.from(part));
    const all = linesOf(Buffer.concat(parts)).map(({ order: id }) => id);
    expect([all.length, new Set(all).size]).toEqual([MANY + 1, MANY + 1]);
    // It came as it was read, not when all of it had been.
    expect(parts.length).toBeGreaterThan(1);
    expect(answer.headers.get("content-length")).toBeNull();
    await house.sql.query("delete from orders where performance_id = $1 and id <> $2", [show.id, order.id]);
    expect(visit.complaints).toEqual([]);
  });

  it("is a log of all that was done, in words, with who and when, in both languages", async () => {
    const { scheduleId } = show;
    const act = (route: string, body?: unknown): Promise<unknown> => operate(house, show, route, body);
    await act("POST pause");
    await act("POST resume");
    await act("PATCH settings", { capacity: 77, ratePerMinute: 88 });
    await act("POST notice", { text: "=지금 입장하세요" });
    await act("POST blocks", { scheduleId, reason: "초대석", seats: ["r2s3", "r2s4"] });
    await act("PUT blocks/1/grant", { channel: "팬클럽", code: "FANCLUB-2027" });
    await act("POST blocks/1/release", {});
    await act("POST accessible/release");
    await act(`POST orders/${order.id}/cancel`, { seats: ["r1s1"], reason: "음향 사고" });
    await act(`POST schedules/${scheduleId}/move`, {
      startsAt: new Date(Date.now() + 60 * 86_400_000).toISOString(),
      freeUntil: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await act(`POST schedules/${scheduleId}/cancel`, { reason: "공연장 사정" });
    await act("POST revoke", { memberId: crypto.randomUUID() });
    await act("POST revoke-all");
    await act("POST rehearsal", { fans: 5 });
    await act("POST close");
    await expect.poll(async () => (await house.figures(show)).outboxDepth, LATE).toBe(0);

    const visit = await stage.visit(DESK, house.organiser);
    const { page } = visit;
    await page.goto(`/organizer/sale?id=${show.id}`);
    await page.waitForSelector('[data-figure="sold"]');
    await visit.press("audit");
    await page.waitForSelector(".audit li");
    const total = (): Promise<number> => house.count("audit_log where performance_id = $1", show.id);
    const rest = async (): Promise<number> => {
      const more = page.locator('[data-action="more-audit"]');
      if (await more.isVisible()) await more.click();
      return (await total()) - (await page.locator(".audit li").count());
    };
    await expect.poll(rest, LATE).toBe(0);
    const { rows } = await house.sql.query<{ action: string }>(
      "select distinct action from audit_log where performance_id = $1",
      [show.id],
    );
    const logged = rows.map(({ action }) => action);
    const expected = ["pause", "resume", "limits", "notice", "block", "grant", "unblock", "cancel-order", "move-date"];
    for (const action of [...expected, "cancel-date", "revoke", "revoke-all", "close", "performance.published"])
      expect(logged).toContain(action);
    const said = new Map<string, Record<"ko" | "en", string>>();
    for (const language of ["ko", "en"] as const) {
      await visit.speak(language);
      for (const action of logged) {
        const words = await page.locator(`[data-audit="${action}"]`).first().innerText();
        said.set(action, { ...(said.get(action) ?? { ko: "", en: "" }), [language]: words });
      }
      // Who, and when.
      for (const entry of await page.locator(".audit li").all()) {
        expect(await entry.locator("time").innerText()).toMatch(/20\d\d/);
        expect(await entry.innerText()).not.toMatch(/undefined|\[object/);
      }
    }
    for (const [action, { ko, en }] of said) {
      expect([action, ko]).not.toEqual([action, action]);
      expect([action, /[가-힣]/.test(ko)]).toEqual([action, true]);
      expect([action, /^[A-Z][\x20-\x7e]+$/.test(en)]).toEqual([action, true]);
    }
    const limits = page.locator(".audit li", { has: page.locator('[data-audit="limits"]') });
    expect(await limits.first().innerText()).toContain("at a time: 77");
    await look(visit, "sale-log", { dark: false });

    const { download, bytes } = await fileOf(page, "export-audit");
    expect(download.suggestedFilename()).toBe(`log-${show.id}.csv`);
    const lines = linesOf(bytes);
    // Downloading it is in it.
    expect(lines.length).toBe(await total());
    expect(lines[0]).toMatchObject({ action: "audit.exported" });
    const posted = lines.find(({ action }) => action === "notice.requested");
    expect(JSON.parse(posted?.["detail"] ?? "null")).toMatchObject({ text: "=지금 입장하세요", outcome: "done" });
    expect(posted?.["actor_name"]).not.toBe("");
    expect(visit.complaints).toEqual([]);
  });
});
