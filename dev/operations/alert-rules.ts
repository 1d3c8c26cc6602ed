/**
 * Prometheus's alerts, each with the series that make it fire and end: docs/operations/alerts.yml and its tests are written
 * from here (npm run docs:operations), so that an alert without a test cannot exist.
 */
export interface AlertRule {
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: "critical" | "warning" | "info";
  readonly summary: string;
  /** For the test: series with one value a minute, in Prometheus's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** Minutes after which it must fire, and must be over again. */
  readonly firesAt: number;
  readonly overAt: number;
  /** Labels of the alert besides its severity. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where it can fire for another reason: that one's test. */
  readonly also?: readonly Pick<AlertRule, "series" | "firesAt" | "overAt" | "labels">[];
}

const sale = { performance: "p" } as const;
const p = '{performance="p"}';
/** The series of a sale that is open, with people waiting. */
const open = { [`ticketping_phase{performance="p",phase="open"}`]: "1x60" } as const;

/** A figure of a sale that is above a threshold for a while. */
function above(
  name: string,
  metric: string,
  threshold: number,
  wait: string,
  severity: AlertRule["severity"],
  summary: string,
  values: string,
  firesAt: number,
): AlertRule {
  return {
    ...{ name, expr: `ticketping_${metric} > ${threshold}`, for: wait, severity, summary },
    ...{ series: { [`ticketping_${metric}${p}`]: values }, firesAt, overAt: 40, labels: sale },
  };
}

export const alertRules: readonly AlertRule[] = [
  {
    ...{ name: "TicketPingDown", expr: 'up{job="ticketping"} == 0', for: "2m", severity: "critical" },
    summary: "The Worker does not answer scrapes",
    ...{ series: { 'up{job="ticketping"}': "0x9 1x60" }, firesAt: 5, overAt: 15, labels: { job: "ticketping" } },
  },
  {
    ...{ name: "RecordsDown", expr: "ticketping_records_up == 0", for: "2m", severity: "critical" },
    summary: "Postgres cannot be reached: sales go on, sign-in and history do not",
    ...{ series: { ticketping_records_up: "0x9 1x60" }, firesAt: 5, overAt: 15, labels: {} },
  },
  {
    ...{ name: "ObjectsDown", expr: "ticketping_meter_up == 0", for: "2m", severity: "critical" },
    summary: "An object that is always there does not answer",
    ...{ series: { ticketping_meter_up: "0x9 1x60" }, firesAt: 5, overAt: 15, labels: {} },
  },
  {
    ...{ name: "SaleSilent", expr: "ticketping_sales_silent > 0", for: "2m", severity: "critical" },
    summary: "A published sale's object does not answer",
    ...{ series: { ticketping_sales_silent: "1x9 0x60" }, firesAt: 5, overAt: 15, labels: {} },
  },
  above(
    "Overshoot",
    "overshoot_total",
    0,
    "0m",
    "critical",
    "More people were let in than a limit allows",
    "0x4 1x20 0x40",
    6,
  ),
  {
    name: "QueueStalled",
    expr:
      'ticketping_phase{phase="open"} == 1 and on (performance) ticketping_present > 0 ' +
      "and on (performance) ticketping_sessions < ticketping_capacity " +
      "and on (performance) increase(ticketping_admitted_total[3m]) == 0",
    ...{ for: "2m", severity: "critical", summary: "People are there and slots are free, and nobody comes in" },
    series: {
      ...open,
      [`ticketping_present${p}`]: "5x60",
      [`ticketping_sessions${p}`]: "1x60",
      [`ticketping_capacity${p}`]: "9x60",
      [`ticketping_admitted_total${p}`]: "7x15 8+1x40",
    },
    ...{ firesAt: 10, overAt: 30, labels: { ...sale, phase: "open" } },
  },
  {
    name: "PresenceUnknown",
    expr: 'increase(ticketping_idle_slot_seconds_total{why="restart"}[5m]) > 60',
    ...{ for: "0m", severity: "warning", summary: "Slots stay free because the object starts again and again" },
    series: { 'ticketping_idle_slot_seconds_total{performance="p",why="restart"}': "0+60x10 600x50" },
    ...{ firesAt: 8, overAt: 30, labels: { ...sale, why: "restart" } },
  },
  {
    name: "WaitsBroken",
    expr:
      'sum by (performance) (increase(ticketping_wait_promises_total{outcome="later"}[15m])) ' +
      "/ sum by (performance) (increase(ticketping_wait_promises_total[15m])) > 0.1 " +
      "and sum by (performance) (increase(ticketping_wait_promises_total[15m])) > 20",
    ...{ for: "5m", severity: "warning", summary: "More than a tenth of the people come in later than they were told" },
    series: {
      'ticketping_wait_promises_total{performance="p",outcome="later"}': "0+5x20 100x60",
      'ticketping_wait_promises_total{performance="p",outcome="kept"}': "0+5x80",
    },
    ...{ firesAt: 18, overAt: 60, labels: sale },
  },
  {
    name: "OpensWithoutChart",
    expr:
      "(ticketping_opens_in_seconds < 600 and on (performance) sum by (performance) (ticketping_seats) == 0 " +
      'unless on (performance) ticketping_phase{phase="closed"} == 1) or ticketping_records_unloaded_openings > 0',
    ...{ for: "0m", severity: "critical", summary: "A performance opens within ten minutes and has no seats loaded" },
    series: { ticketping_records_unloaded_openings: "0x4 1x9 0x60" },
    ...{ firesAt: 8, overAt: 20, labels: {} },
  },
  {
    ...{ name: "SoldOut", expr: 'ticketping_phase{phase="soldout"} == 1', for: "0m", severity: "info" },
    summary: "No seat is left; it opens again if one comes back",
    series: { 'ticketping_phase{performance="p",phase="soldout"}': "0x4 1x9 0x60" },
    ...{ firesAt: 8, overAt: 20, labels: { ...sale, phase: "soldout" } },
  },
  above(
    "UnknownPayments",
    "unknown_payment_age_seconds",
    300,
    "1m",
    "critical",
    "A payment has had no answer for five minutes",
    "0+60x12 0x60",
    10,
  ),
  {
    name: "OpenRefunds",
    expr: "ticketping_open_refund_age_seconds > 900 or ticketping_records_finished_open_refund_age_seconds > 900",
    ...{ for: "1m", severity: "critical", summary: "Money has been on its way back for a quarter of an hour" },
    ...{
      series: { [`ticketping_open_refund_age_seconds${p}`]: "0+60x22 0x60" },
      firesAt: 20,
      overAt: 40,
      labels: sale,
    },
    also: [
      {
        series: { ticketping_records_finished_open_refund_age_seconds: "0+60x22 0x60" },
        ...{ firesAt: 20, overAt: 40, labels: {} },
      },
    ],
  },
  {
    ...{ name: "BooksDoNotBalance", expr: "ticketping_records_ledger_imbalance != 0", for: "1m", severity: "critical" },
    summary: "Debits and credits of the ledger differ",
    series: { 'ticketping_records_ledger_imbalance{currency="KRW"}': "5x9 0x60" },
    ...{ firesAt: 5, overAt: 15, labels: { currency: "KRW" } },
  },
  {
    name: "BooksDiffer",
    expr: "max by (kind) (ticketping_reconciler_drift) > 0",
    ...{ for: "15m", severity: "warning" },
    summary: "Object, records and provider have differed for a quarter of an hour, repairs included",
    series: { 'ticketping_reconciler_drift{kind="order-unknown"}': "0x4 2x25 0x60" },
    ...{ firesAt: 22, overAt: 35, labels: { kind: "order-unknown" } },
  },
  {
    name: "MoneyDiffers",
    expr: 'max by (kind) (ticketping_reconciler_drift{kind=~"capture.*|provider.*|ledger.*|plan.*|sold.*"}) > 0',
    ...{ for: "5m", severity: "critical" },
    summary: "What was paid, given back or sold is not the same in two of the books",
    series: { 'ticketping_reconciler_drift{kind="capture-missing"}': "0x4 1x15 0x60" },
    ...{ firesAt: 12, overAt: 25, labels: { kind: "capture-missing" } },
  },
  {
    ...{ name: "ReconcilerStopped", expr: "ticketping_reconciler_age_seconds > 1800", for: "5m", severity: "warning" },
    summary: "Object, records and provider have not been compared for half an hour",
    ...{ series: { ticketping_reconciler_age_seconds: "0+60x40 0x60" }, firesAt: 38, overAt: 45, labels: {} },
  },
  above(
    "RecordsBehind",
    "outbox_age_seconds",
    120,
    "2m",
    "warning",
    "Events have waited for the records for two minutes",
    "0+60x12 0x60",
    10,
  ),
  {
    ...{ name: "SaleNotEmptied", expr: "ticketping_records_finished_sale_late_seconds > 86400", for: "30m" },
    ...{ severity: "warning", summary: "A sale that is over should have left its objects a day ago" },
    series: { ticketping_records_finished_sale_late_seconds: "0x4 90000x45 0x60" },
    ...{ firesAt: 40, overAt: 60, labels: {} },
  },
  {
    ...{ name: "EventsSetAside", expr: "ticketping_records_quarantined_events > 0", for: "0m", severity: "warning" },
    summary: "Events could not be applied and wait for somebody to look",
    series: { 'ticketping_records_quarantined_events{kind="dead-letter"}': "0x4 2x9 0x60" },
    ...{ firesAt: 8, overAt: 20, labels: { kind: "dead-letter" } },
  },
  {
    name: "CommandsSlow",
    expr:
      "histogram_quantile(0.99, sum by (performance, le) (rate(ticketping_command_seconds_bucket[5m]))) > 1 " +
      "and on (performance) sum by (performance) (increase(ticketping_command_seconds_count[5m])) > 100",
    ...{ for: "3m", severity: "warning", summary: "One command in a hundred takes longer than a second" },
    series: {
      'ticketping_command_seconds_bucket{performance="p",le="1.0"}': "0+50x12 600+100x60",
      'ticketping_command_seconds_bucket{performance="p",le="2.5"}': "0+100x12 1200+100x60",
      'ticketping_command_seconds_bucket{performance="p",le="+Inf"}': "0+100x12 1200+100x60",
      [`ticketping_command_seconds_count${p}`]: "0+100x12 1200+100x60",
    },
    ...{ firesAt: 11, overAt: 30, labels: sale },
  },
  {
    ...{ name: "LobbiesShed", expr: "increase(ticketping_lobby_shed_total[5m]) > 0", for: "0m", severity: "warning" },
    summary: "Lobbies refuse commands because too many wait",
    series: { [`ticketping_lobby_shed_total${p}`]: "0x4 9x60" },
    ...{ firesAt: 8, overAt: 20, labels: sale },
  },
  {
    name: "ServerErrors",
    expr: 'sum(rate(ticketping_edge_requests_total{status="5xx"}[5m])) / sum(rate(ticketping_edge_requests_total[5m])) > 0.01',
    ...{ for: "2m", severity: "critical", summary: "More than one answer in a hundred is a 5xx" },
    series: {
      'ticketping_edge_requests_total{status="5xx"}': "0+5x15 75x60",
      'ticketping_edge_requests_total{status="2xx"}': "0+95x80",
    },
    ...{ firesAt: 10, overAt: 40, labels: {} },
  },
  {
    name: "RateLimited",
    expr: 'sum(rate(ticketping_edge_problems_total{code="rate-limited"}[5m])) > 10',
    ...{
      for: "2m",
      severity: "warning",
      summary: "More than ten requests a second are turned away by the rate limits",
    },
    series: { 'ticketping_edge_problems_total{code="rate-limited"}': "0+1200x15 18000x60" },
    ...{ firesAt: 10, overAt: 40, labels: {} },
  },
  {
    ...{ name: "ProviderOff", expr: "ticketping_provider_offered == 0", for: "1h", severity: "warning" },
    summary: "A payment provider has been switched off for an hour",
    series: { 'ticketping_provider_offered{provider="toss"}': "0x90 1x60" },
    ...{ firesAt: 65, overAt: 100, labels: { provider: "toss" } },
  },
  {
    name: "DependencyFails",
    expr:
      'sum by (dependency) (rate(ticketping_dependency_calls_total{outcome!="ok"}[5m])) ' +
      "/ sum by (dependency) (rate(ticketping_dependency_calls_total[5m])) > 0.05",
    ...{
      for: "3m",
      severity: "warning",
      summary: "More than one call in twenty of something we need fails or is late",
    },
    series: {
      'ticketping_dependency_calls_total{dependency="toss",outcome="late"}': "0+10x15 150x60",
      'ticketping_dependency_calls_total{dependency="toss",outcome="ok"}': "0+90x80",
    },
    ...{ firesAt: 12, overAt: 40, labels: { dependency: "toss" } },
  },
  {
    name: "BreakerOpens",
    expr: "sum by (dependency) (increase(ticketping_dependency_breaker_openings_total[5m])) > 0",
    ...{ for: "1m", severity: "warning", summary: "Something failed so often that it is not asked for moments" },
    series: { 'ticketping_dependency_breaker_openings_total{dependency="postgres"}': "0x4 0+3x10 30x60" },
    ...{ firesAt: 10, overAt: 40, labels: { dependency: "postgres" } },
  },
  {
    name: "ObjectBreakerOpens",
    expr: "sum by (performance, dependency) (increase(ticketping_object_breaker_openings_total[5m])) > 0",
    ...{ for: "1m", severity: "warning", summary: "A sale's object has stopped asking something for moments" },
    series: {
      'ticketping_object_breaker_openings_total{performance="p",dependency="event-queue"}': "0x4 0+3x10 30x60",
      'ticketping_object_breaker_openings_total{performance="q",dependency="event-queue"}': "0x80",
    },
    ...{ firesAt: 10, overAt: 40, labels: { performance: "p", dependency: "event-queue" } },
  },
];
