import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { Order } from "../../../../durable-objects/performance/contract.ts";
import { auditColumns, csvAudit, csvField, csvHeader, csvOrder, orderColumns } from "./csv.ts";

describe("CSV", () => {
  it("quotes what needs it", () => {
    expect([csvField("plain"), csvField('a "b", c'), csvField("a\nb"), csvField(-5)]).toEqual([
      "plain",
      '"a ""b"", c"',
      '"a\nb"',
      "-5",
    ]);
    expect(csvHeader(orderColumns)).toContain("updated_at,order_number,starts_at_venue");
    expect(csvHeader(orderColumns).endsWith(",time_zone\r\n")).toBe(true);
  });

  it("never starts a text with what a spreadsheet would run", () => {
    for (const text of ["=1+1", "+1", "-1", "@x", "\t=1", "\n=1", " =1", "＝1", "＠x"])
      expect(csvField(text).replace('"', "").startsWith("'")).toBe(true);
    expect(csvField('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
  });

  it("has an order in a line that is read back as it was, with the times of the venue's clock beside", () => {
    const seat = { id: "a", section: '@1층 "앞"', row: "1", label: "2", grade: "R, S", price: 1_999 };
    const order = {
      id: "0".repeat(64),
      member: crypto.randomUUID(),
      status: "paid",
      scheduleId: "s",
      startsAt: Date.UTC(2026, 11, 24, 10, 30),
      placedAt: Date.UTC(2026, 6, 1, 15, 0, 9),
      updatedAt: 0,
      hallName: "=HYPERLINK(1)\n예술의전당",
      timeZone: "Asia/Seoul",
      seats: [seat],
      amount: 1_999,
      currency: "USD",
      attempts: [
        { status: "declined", provider: "toss" },
        { status: "approved", provider: "stripe" },
      ],
      refunds: [
        { status: "refunded", amount: 5 },
        { status: "requested", amount: 7 },
      ],
    } as unknown as Order;
    const [line] = parse(csvHeader(orderColumns) + csvOrder(order), { columns: true }) as Record<string, string>[];
    expect(line).toMatchObject({
      hall: "'=HYPERLINK(1)\n예술의전당",
      seats: '\'@1층 "앞" 1-2 (R, S)',
      amount: "1999",
      refunded: "5",
      provider: "stripe",
      starts_at: "2026-12-24T10:30:00.000Z",
      starts_at_venue: "2026-12-24 19:30:00",
      placed_at_venue: "2026-07-02 00:00:09",
      time_zone: "Asia/Seoul",
    });
    expect(Object.keys(line ?? {})).toEqual(orderColumns);
  });

  it("has the log in lines that are read back as they were", () => {
    const entry = {
      at: new Date(0),
      action: "notice",
      actor: "a",
      actorName: '+82, "하늘"',
      detail: { text: 'a\n"b"' },
    };
    const [line] = parse(csvHeader(auditColumns) + csvAudit(entry), { columns: true }) as Record<string, string>[];
    expect(line).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      action: "notice",
      actor: "a",
      actor_name: '\'+82, "하늘"',
      detail: JSON.stringify(entry.detail),
    });
  });

  it("is described column by column", () => {
    const described = readFileSync("docs/exports.md", "utf8");
    for (const column of [...orderColumns, ...auditColumns]) expect(described).toContain(`| \`${column}\` |`);
  });
});
