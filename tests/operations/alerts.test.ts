/** What the Worker itself tells the outside: what it finds, how often it says so, and in which form. */
import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { AlertRow } from "../../workers/records/alerts.ts";
import { conditionsOf } from "../../workers/watch/alerts/conditions.ts";
import { plan, type Notice } from "../../workers/watch/alerts/notices.ts";
import { bodyFor, post } from "../../workers/watch/alerts/webhook.ts";
import { figures, SALE, sources } from "./figures.ts";

const MINUTE = 60_000;
const calm = figures({ unknownPayments: 0, oldestUnknownPaymentAt: null, outboxDepth: 0, oldestOutboxAt: null });
const names = (...of: Parameters<typeof sources>): readonly string[] =>
  conditionsOf(sources(...of)).map(({ key }) => key.split("/")[0] ?? "");
const withSale = (change: Parameters<typeof figures>[0], now = 10 * MINUTE) => ({
  now,
  sales: [{ id: SALE, figures: { ...calm, ...figures({ ...calm, ...change }) } }],
});

describe("the watch finds", () => {
  it("nothing in a sale that goes well", () => {
    expect(names(withSale({}))).toEqual([]);
  });

  it.each([
    [
      "unknown-payments",
      { unknownPayments: 1, oldestUnknownPaymentAt: 4 * MINUTE },
      { oldestUnknownPaymentAt: 6 * MINUTE },
    ],
    ["open-refunds", { openRefunds: 1, oldestOpenRefundAt: -6 * MINUTE }, { oldestOpenRefundAt: 0 }],
    ["records-behind", { outboxDepth: 9, oldestOutboxAt: 4 * MINUTE }, { oldestOutboxAt: 6 * MINUTE }],
    ["overshoot", { tally: { ...calm.tally, overshoot: 1 } }, {}],
    ["sold-out", { status: { ...calm.status, phase: "soldout" } }, {}],
    [
      "queue-stalled",
      { status: { ...calm.status, sessions: 1, flowPerMinute: 0 } },
      { status: { ...calm.status, sessions: 2, flowPerMinute: 0 } },
    ],
    [
      "opens-without-chart",
      { seatsByStatus: {}, status: { ...calm.status, phase: "scheduled", openAt: 19 * MINUTE } },
      { seatsByStatus: {}, status: { ...calm.status, phase: "scheduled", openAt: 21 * MINUTE } },
    ],
  ] as const)("%s, and not when it is not so yet", (name, wrong, right) => {
    expect(names(withSale(wrong))).toEqual([name]);
    expect(names(withSale(right))).toEqual([]);
  });

  it("dead letters, books that do not balance, and a performance nobody published in time", () => {
    const records = sources().records;
    if (records === null) throw new Error("no records");
    const found = names({
      sales: [],
      records: {
        ...records,
        quarantined: [{ kind: "dead-letter", count: 2 }],
        imbalance: [{ currency: "KRW", amount: 1 }],
        unloaded: [SALE],
      },
    });
    expect(found).toEqual(["dead-letters", "drift", "opens-without-chart"]);
  });

  it("money of a sale that is over, when it has been on its way for a quarter of an hour", () => {
    const records = sources().records;
    if (records === null) throw new Error("no records");
    const found = (oldestAt: number | null) =>
      names({
        now: 20 * MINUTE,
        sales: [],
        records: { ...records, finishedRefunds: { ...records.finishedRefunds, oldestAt } },
      });
    expect(found(4 * MINUTE)).toEqual(["open-refunds"]);
    expect(found(6 * MINUTE)).toEqual([]);
    expect(found(null)).toEqual([]);
  });

  it("books that differ, at once where it is money", () => {
    const records = sources().records;
    if (records === null) throw new Error("no records");
    const severities = (...kinds: readonly string[]): readonly string[] => {
      const drifts = kinds.map((kind) => ({ kind, count: 1 }));
      const found = conditionsOf(sources({ sales: [], records: { ...records, drifts } }));
      return found.map(({ key, severity }) => `${key} ${severity}`);
    };
    expect(severities()).toEqual([]);
    expect(severities("ticket-missing", "order-behind")).toEqual(["books-differ warning"]);
    expect(severities("ticket-missing", "capture-unknown")).toEqual(["books-differ critical"]);
  });
});

describe("somebody is told", () => {
  const condition = {
    key: `overshoot/${SALE}`,
    performanceId: SALE,
    severity: "critical",
    title: "t",
    detail: "d",
  } as const;
  /** Minutes in which it was so; answers in which minutes what was said. */
  function tell(
    lasting: (minute: number) => boolean,
    until: number,
    silent: (minute: number) => boolean = () => false,
    heard: (minute: number) => boolean = () => true,
  ) {
    let rows: readonly AlertRow[] = [];
    const said: string[] = [];
    for (let minute = 0; minute <= until; minute++) {
      const now = new Date(minute * MINUTE);
      const asked = plan(rows, lasting(minute) ? [condition] : [], new Set(silent(minute) ? [SALE] : []), now);
      const told = new Set(heard(minute) ? asked.notices.map(({ row }) => row.key) : []);
      for (const { state } of asked.notices) said.push(`${minute} ${state}${heard(minute) ? "" : " (not delivered)"}`);
      const kept = new Map(rows.map((row) => [row.key, row]));
      for (const row of asked.rows) kept.set(row.key, told.has(row.key) ? { ...row, toldAt: now } : row);
      for (const key of asked.forgotten) kept.delete(key);
      rows = [...kept.values()];
    }
    return { said, rows };
  }

  it("once when it begins, once an hour while it lasts, and once when it is over", () => {
    expect(tell((minute) => minute >= 1 && minute < 70, 100)).toEqual({
      said: ["1 firing", "61 firing", "70 resolved"],
      rows: [],
    });
  });

  it("not every time of something that comes and goes", () => {
    const { said } = tell((minute) => minute % 2 === 0 && minute < 40, 80);
    expect(said.length).toBeLessThanOrEqual(10);
    expect(said.filter((line) => line.endsWith("firing")).length).toBe(
      said.filter((line) => line.endsWith("resolved")).length,
    );
  });

  it("again when nobody heard it, and nothing when it was over before", () => {
    expect(
      tell(
        (minute) => minute < 3,
        5,
        undefined,
        (minute) => minute >= 2,
      ).said,
    ).toEqual(["0 firing (not delivered)", "1 firing (not delivered)", "2 firing", "3 resolved"]);
    expect(
      tell(
        (minute) => minute < 1,
        5,
        undefined,
        (minute) => minute > 0,
      ).said,
    ).toEqual(["0 firing (not delivered)"]);
  });

  it("nothing about the end of what nobody could look at", () => {
    expect(
      tell(
        (minute) => minute < 2 || minute === 4,
        6,
        (minute) => minute === 2 || minute === 3,
      ).said,
    ).toEqual(["0 firing", "5 resolved"]);
  });
});

describe("a message", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const at = new Date("2026-12-24T10:00:00.000Z");
  const row: AlertRow = {
    key: `sold-out/${SALE}`,
    performanceId: SALE,
    severity: "info",
    title: "x".repeat(300),
    detail: "@everyone",
    raisedAt: at,
    toldAt: null,
    clearedAt: null,
  };
  const notices: Notice[] = Array.from({ length: 12 }, () => ({ state: "firing", row }));

  it("to Discord keeps its limits and can call nobody", () => {
    const body = bodyFor("https://discord.com/api/webhooks/1/x", notices, "https://t.example") as {
      allowed_mentions: unknown;
      embeds: { title: string; color: number; timestamp: string }[];
    };
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.embeds).toHaveLength(10);
    expect(body.embeds[0]?.title.length).toBe(256);
    expect(body.embeds[0]?.timestamp).toBe("2026-12-24T10:00:00.000Z");
    expect(JSON.stringify(bodyFor("https://notdiscord.com/x", notices, "o"))).toContain('"source":"ticketping"');
  });

  it("reaches a receiver as JSON; a refusal, silence or no receiver at all is told to nobody as delivered", async () => {
    const got: unknown[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      request.on("end", () => {
        got.push({ type: request.headers["content-type"], body: JSON.parse(text) as unknown });
        response.writeHead(status).end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const url = `http://127.0.0.1:${address.port}/hook`;
    const resolved = bodyFor(
      url,
      [{ state: "resolved", row: { ...row, title: "Sold out", clearedAt: at } }],
      "https://t.example",
    );
    expect(await post({}, url, resolved)).toBe(true);
    expect(got).toEqual([
      {
        type: "application/json",
        body: {
          source: "ticketping",
          origin: "https://t.example",
          alerts: [
            {
              ...{
                alert: "sold-out",
                key: row.key,
                state: "resolved",
                severity: "info",
                title: "Sold out",
                detail: "@everyone",
              },
              ...{ performanceId: SALE, since: at.toISOString(), resolvedAt: at.toISOString() },
            },
          ],
        },
      },
    ]);
    status = 500;
    expect(await post({}, url, resolved)).toBe(false);
    expect(await post({}, "http://127.0.0.1:9/hook", resolved)).toBe(false);
  });
});
