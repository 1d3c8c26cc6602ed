import { describe, expect, it } from "vitest";
import { openMetrics } from "./metrics-text.ts";

describe("metrics", () => {
  it("say that the records are down, and end as OpenMetrics must", () => {
    const text = openMetrics({ records: null, sales: [], silent: 2, now: 0 });
    expect(text).toContain(
      "# TYPE ticketping_records_up gauge\n# HELP ticketping_records_up Whether Postgres answers.\nticketping_records_up 0\n",
    );
    expect(text).toContain("ticketping_sales_silent 2\n");
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });

  it("escape labels", () => {
    const records = { ordersByStatus: [{ status: 'a"\\\n', orders: 1 }], quarantinedEvents: 0, refusals: [] };
    expect(openMetrics({ records, sales: [], silent: 0, now: 0 })).toContain(
      'ticketping_records_orders{status="a\\"\\\\\\n"} 1\n',
    );
  });
});
