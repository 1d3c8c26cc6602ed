/** The Grafana dashboards: sale day, money, platform. docs/operations/dashboards/*.json is written from here. */
export interface Panel {
  readonly title: string;
  /** What one should see here, and what is wrong. */
  readonly about: string;
  readonly unit: "short" | "s" | "percentunit" | "reqps" | "none";
  readonly kind: "stat" | "timeseries";
  readonly queries: readonly (readonly [expr: string, legend: string])[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly bySale: boolean;
  readonly panels: readonly Panel[];
}

const P = '{performance=~"$performance"}';
const panel = (
  kind: Panel["kind"],
  unit: Panel["unit"],
  title: string,
  about: string,
  ...queries: Panel["queries"]
): Panel => ({
  ...{ kind, unit, title, about, queries },
});

export const dashboards: readonly Dashboard[] = [
  {
    uid: "ticketping-sale",
    title: "TicketPing: sale day",
    bySale: true,
    panels: [
      panel("stat", "short", "Is it fair: let in above a limit", "Must be 0.", [
        `sum(ticketping_overshoot_total${P})`,
        "",
      ]),
      panel("stat", "percentunit", "Is it fair: waits as promised", "0.9 or more.", [
        `sum(ticketping_wait_promises_total{performance=~"$performance",outcome="kept"}) / sum(ticketping_wait_promises_total${P})`,
        "",
      ]),
      panel("stat", "percentunit", "Is it full", "Near 1 while people are there.", [
        `sum(ticketping_sessions${P}) / sum(ticketping_capacity${P})`,
        "",
      ]),
      panel("stat", "short", "Is it selling: seats sold", "Grows until it is sold out.", [
        `sum(ticketping_seats{performance=~"$performance",status="sold"})`,
        "",
      ]),
      panel(
        "timeseries",
        "short",
        "People",
        "Waiting, there, and let in.",
        [`ticketping_waiting${P}`, "waiting"],
        [`ticketping_present${P}`, "present"],
        [`ticketping_sessions${P}`, "booking"],
        [`ticketping_capacity${P}`, "capacity"],
        [`ticketping_sockets${P}`, "sockets"],
      ),
      panel(
        "timeseries",
        "reqps",
        "Admissions and joins a second",
        "Admissions follow the rate or the sessions that end.",
        [`rate(ticketping_admitted_total${P}[1m])`, "admitted"],
        [`rate(ticketping_joined_total${P}[1m])`, "joined"],
      ),
      panel(
        "timeseries",
        "short",
        "Idle slots",
        "Slots free while people wait, on average; absent people are no fault of ours.",
        [`rate(ticketping_idle_slot_seconds_total${P}[1m])`, "{{why}}"],
      ),
      panel(
        "timeseries",
        "s",
        "Wait",
        "Half of the people waited less, nine in ten less than the upper line; beside it what those who join now are told.",
        [`histogram_quantile(0.5, sum by (le) (rate(ticketping_wait_seconds_bucket${P}[5m])))`, "median"],
        [`histogram_quantile(0.9, sum by (le) (rate(ticketping_wait_seconds_bucket${P}[5m])))`, "90 %"],
        [`ticketping_wait_promised_seconds${P}`, "told: {{bound}}"],
      ),
      panel("timeseries", "short", "Seats", "By what they are now.", [
        `sum by (status) (ticketping_seats${P})`,
        "{{status}}",
      ]),
      panel(
        "timeseries",
        "short",
        "Holds",
        "Made, and how they ended, a minute.",
        [`rate(ticketping_holds_made_total${P}[1m]) * 60`, "made"],
        [`rate(ticketping_holds_ended_total${P}[1m]) * 60`, "{{reason}}"],
      ),
      panel("timeseries", "short", "Sessions that ended", "A minute, by reason.", [
        `rate(ticketping_sessions_ended_total${P}[1m]) * 60`,
        "{{reason}}",
      ]),
      panel("timeseries", "reqps", "Refusals", "Commands declined a second, by code.", [
        `sum by (code) (rate(ticketping_refusals_total${P}[1m]))`,
        "{{code}}",
      ]),
    ],
  },
  {
    uid: "ticketping-money",
    title: "TicketPing: money",
    bySale: true,
    panels: [
      panel("stat", "s", "Is money stuck: oldest payment without an answer", "Under five minutes.", [
        `max(ticketping_unknown_payment_age_seconds${P})`,
        "",
      ]),
      panel("stat", "s", "Is money stuck: oldest refund on its way", "Under fifteen minutes.", [
        `max(ticketping_open_refund_age_seconds${P})`,
        "",
      ]),
      panel("stat", "s", "The same of sales that are over", "Under fifteen minutes.", [
        "ticketping_records_finished_open_refund_age_seconds",
        "",
      ]),
      panel("stat", "short", "Books: debits minus credits", "Must be 0.", [
        "ticketping_records_ledger_imbalance",
        "{{currency}}",
      ]),
      panel("timeseries", "short", "Orders", "By status, in the objects.", [
        `sum by (status) (ticketping_orders${P})`,
        "{{status}}",
      ]),
      panel("timeseries", "reqps", "Answers of providers about payments", "A second, by outcome.", [
        `sum by (outcome) (rate(ticketping_payment_answers_total${P}[5m]))`,
        "{{outcome}}",
      ]),
      panel("timeseries", "reqps", "Answers of providers about refunds", "A second, by outcome.", [
        `sum by (outcome) (rate(ticketping_refund_answers_total${P}[5m]))`,
        "{{outcome}}",
      ]),
      panel("timeseries", "short", "Payments in the records", "By provider and status.", [
        "ticketping_records_payments",
        "{{provider}} {{status}}",
      ]),
      panel(
        "timeseries",
        "short",
        "Open refunds",
        "Refunds whose money has not gone.",
        [`ticketping_open_refunds${P}`, "{{performance}}"],
        ["ticketping_records_finished_open_refunds", "of sales that are over"],
        ["ticketping_records_refunds", "records: {{status}}"],
      ),
    ],
  },
  {
    uid: "ticketping-platform",
    title: "TicketPing: platform",
    bySale: false,
    panels: [
      panel("stat", "none", "Postgres", "1: it answers.", ["ticketping_records_up", ""]),
      panel("stat", "none", "Objects", "1: they answer.", ["ticketping_meter_up", ""]),
      panel("stat", "short", "Sales that are silent", "Must be 0.", ["ticketping_sales_silent", ""]),
      panel("stat", "s", "Sales that should have been emptied", "For how long; 0 where there is none.", [
        "ticketping_records_finished_sale_late_seconds",
        "",
      ]),
      panel("stat", "short", "Events set aside", "Must be 0.", ["sum(ticketping_records_quarantined_events)", ""]),
      panel("timeseries", "reqps", "Requests", "A second, by class of status.", [
        "sum by (status) (rate(ticketping_edge_requests_total[1m]))",
        "{{status}}",
      ]),
      panel("timeseries", "reqps", "Problems", "A second, by code.", [
        "sum by (code) (rate(ticketping_edge_problems_total[1m]))",
        "{{code}}",
      ]),
      panel(
        "timeseries",
        "s",
        "Commands",
        "From the lobby to the answer, 50 % and 99 %.",
        ["histogram_quantile(0.5, sum by (le) (rate(ticketping_command_seconds_bucket[1m])))", "50 %"],
        ["histogram_quantile(0.99, sum by (le) (rate(ticketping_command_seconds_bucket[1m])))", "99 %"],
      ),
      panel("timeseries", "short", "Commands of a batch", "The average.", [
        "rate(ticketping_batch_commands_sum[1m]) / rate(ticketping_batch_commands_count[1m])",
        "{{performance}}",
      ]),
      panel("timeseries", "short", "Outbox", "Events the records have not reported.", [
        "ticketping_outbox_events",
        "{{performance}}",
      ]),
      panel("timeseries", "s", "Lag of the records", "Nine events in ten are in the records within this time.", [
        "histogram_quantile(0.9, sum by (le) (rate(ticketping_records_lag_seconds_bucket[5m])))",
        "90 %",
      ]),
      panel("timeseries", "reqps", "Calls of what we need", "A second, by how they ended.", [
        "sum by (dependency, outcome) (rate(ticketping_dependency_calls_total[1m]))",
        "{{dependency}} {{outcome}}",
      ]),
      panel(
        "timeseries",
        "short",
        "Overload",
        "Commands shed by lobbies, and calls they repeated, a minute.",
        ["rate(ticketping_lobby_shed_total[1m]) * 60", "shed {{performance}}"],
        ["rate(ticketping_lobby_repeated_calls_total[1m]) * 60", "repeated {{performance}}"],
      ),
    ],
  },
];

const COLUMNS = 3;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 8;

/** As Grafana imports it; the data source is asked for at the import. */
export function dashboardJson({ uid, title, bySale, panels }: Dashboard): string {
  const datasource = { type: "prometheus", uid: "${DS_PROMETHEUS}" };
  const all = { selected: true, text: "All", value: "$__all" };
  const chooser = {
    ...{ name: "performance", type: "query", datasource, query: "label_values(ticketping_phase, performance)" },
    ...{ refresh: 2, includeAll: true, multi: true, allValue: ".*", current: all },
  };
  return `${JSON.stringify(
    {
      __inputs: [{ name: "DS_PROMETHEUS", label: "Prometheus", type: "datasource", pluginId: "prometheus" }],
      ...{ uid, title, tags: ["ticketping"], schemaVersion: 39, version: 1, editable: true },
      ...{ refresh: "15s", time: { from: "now-1h", to: "now" }, templating: { list: bySale ? [chooser] : [] } },
      panels: panels.map((one, index) => ({
        ...{ id: index + 1, type: one.kind, title: one.title, description: one.about, datasource },
        gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
        fieldConfig: { defaults: { unit: one.unit, min: 0 }, overrides: [] },
        targets: one.queries.map(([expr, legendFormat], query) => ({
          ...{ refId: String.fromCharCode(65 + query), datasource, expr, legendFormat },
        })),
      })),
    },
    null,
    2,
  )}\n`;
}
