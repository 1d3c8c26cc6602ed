/** Metrics as monitoring reads them: by Prometheus's own two parsers, and as the documentation describes them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { metricsDocument, metricsPage } from "../../dev/metrics-docs.ts";
import { analyticsColumns, writeAnalytics } from "../../workers/watch/metrics/analytics.ts";
import { families } from "../../workers/watch/metrics/families.ts";
import { formatFor, metricsText, sampleName } from "../../workers/watch/metrics/text.ts";
import { SALE, sources } from "./figures.ts";
import { promtool, runPromtool } from "./promtool.ts";

describe("metrics", () => {
  it("say everything about a sale, with histograms that add up", () => {
    const text = metricsText(families, sources(), "openmetrics");
    for (const family of families) expect(text).toContain(`\n# HELP ticketping_${family.name} `);
    expect(text).toContain(`ticketping_waiting{performance="${SALE}"} 8\n`);
    expect(text).toContain(`ticketping_overshoot_total{performance="${SALE}"} 0\n`);
    expect(text).toContain(`ticketping_unknown_payment_age_seconds{performance="${SALE}"} 9\n`);
    expect(text).toContain(`ticketping_batch_commands_bucket{performance="${SALE}",le="1.0"} 3\n`);
    expect(text).toContain(`ticketping_batch_commands_bucket{performance="${SALE}",le="5.0"} 4\n`);
    expect(text).toContain(`ticketping_batch_commands_bucket{performance="${SALE}",le="+Inf"} 4\n`);
    expect(text).toContain('ticketping_edge_problems_total{code="rate-limited"} 1\n');
    expect(text).toContain('ticketping_records_orders{status="a\\"\\\\\\n"} 1\n');
    const calls = `ticketping_object_calls_total{performance="${SALE}",dependency="event-queue"`;
    expect(text).toContain(`${calls},outcome="ok"} 4\n`);
    expect(text).toContain(`${calls},outcome="failed"} 1\n`);
    expect(text).toContain(`ticketping_object_breaker_openings_total{performance="${SALE}",dependency="beacon"} 1\n`);
    expect(text).toContain('ticketping_records_finished_sales{state="waiting"} 1\n');
    expect(text).toContain("ticketping_records_finished_sale_late_seconds 3\n");
    expect(text).toContain("ticketping_records_finished_open_refunds 0\n");
    expect(text).toContain("ticketping_records_finished_open_refund_age_seconds 0\n");
    expect(text).toContain("ticketping_records_finished_refunds_without_account 1\n");
    expect(text).not.toContain("something_else");
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });

  it("say how long money of sales that are over has been on its way", () => {
    const { records } = sources();
    if (records === null) throw new Error("no records");
    const finishedRefunds = { open: 2, oldestAt: 6_000, withoutAccount: 0 };
    const text = metricsText(families, sources({ records: { ...records, finishedRefunds } }), "openmetrics");
    expect(text).toContain("ticketping_records_finished_open_refunds 2\n");
    expect(text).toContain("ticketping_records_finished_open_refund_age_seconds 4\n");
  });

  it("leave out what cannot be known, and say so", () => {
    const text = metricsText(
      families,
      sources({ records: null, sales: [], silent: [SALE, "other"], meter: null }),
      "openmetrics",
    );
    expect(text).toContain("ticketping_records_up 0\n");
    expect(text).toContain("ticketping_meter_up 0\n");
    expect(text).toContain("ticketping_sales_silent 2\n");
    expect(text).not.toContain("ticketping_records_orders");
  });

  it("come as plain text only to who asks for that alone", () => {
    expect([undefined, "*/*", "application/openmetrics-text;version=1.0.0,text/plain;q=0.3"].map(formatFor)).toEqual(
      Array(3).fill("openmetrics"),
    );
    expect(formatFor("text/plain")).toBe("prometheus");
  });

  it("are described in docs/metrics.md, each once, as they are (npm run docs:metrics)", () => {
    expect(readFileSync(metricsPage, "utf8")).toBe(metricsDocument());
    expect(new Set(families.map(sampleName)).size).toBe(families.length);
  });

  it("go to Analytics Engine once for each sale, within its limits, where the account has it", () => {
    const points: AnalyticsEngineDataPoint[] = [];
    const ANALYTICS = { writeDataPoint: (point: AnalyticsEngineDataPoint = {}) => void points.push(point) };
    writeAnalytics({ ANALYTICS }, sources());
    writeAnalytics({}, sources());
    expect(points).toHaveLength(1);
    const [{ indexes, blobs, doubles = [] } = {}] = points;
    expect([indexes, blobs]).toEqual([[SALE], ["open"]]);
    // As documented: twenty numbers at most, of which the names are positions.
    expect(doubles).toHaveLength(analyticsColumns.length);
    expect(doubles.length).toBeLessThanOrEqual(20);
    const named = Object.fromEntries(analyticsColumns.map(([name], index) => [name, doubles[index]]));
    expect(named).toMatchObject({ waiting: 8, sessions: 2, seats_sold: 10, unknown_payment_age_seconds: 9 });
  });

  it.skipIf(!promtool)("pass promtool's check", () => {
    expect(runPromtool(["check", "metrics"], metricsText(families, sources(), "prometheus"))).toEqual({
      ok: true,
      said: "",
    });
  });

  it.skipIf(!promtool)("are read by Prometheus's OpenMetrics parser, and a broken line is not", () => {
    // The tool wants to know when each sample was taken; everything else is read as a scrape reads it.
    const timed = metricsText(families, sources(), "openmetrics").replaceAll(/^(ticketping_.*)$/gm, "$1 1700000000");
    expect(parsed(timed)).toMatchObject({ ok: true });
    expect(parsed(timed.replace("# EOF\n", ""))).toMatchObject({ ok: false });
    expect(parsed(timed.replace("counter\n", "counterfeit\n"))).toMatchObject({ ok: false });
  });
});

function parsed(text: string): ReturnType<typeof runPromtool> {
  const folder = mkdtempSync(path.join(tmpdir(), "ticketping-metrics-"));
  try {
    const file = path.join(folder, "metrics.txt");
    writeFileSync(file, text);
    return runPromtool(["tsdb", "create-blocks-from", "openmetrics", file, path.join(folder, "data")]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
