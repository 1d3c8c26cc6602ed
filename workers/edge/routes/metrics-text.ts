/** Figures as OpenMetrics 1.0 text. Pure: figures in, text out. */
import type { Figures } from "../../../durable-objects/performance/contract.ts";

export interface SaleFigures {
  readonly id: string;
  readonly figures: Figures;
}

export interface MetricsInput {
  /** null: the records cannot be reached. */
  readonly records: {
    readonly ordersByStatus: readonly { readonly status: string; readonly orders: number }[];
    readonly quarantinedEvents: number;
    /** What the edge refused, since ever. */
    readonly refusals: readonly { readonly name: string; readonly count: number }[];
  } | null;
  readonly sales: readonly SaleFigures[];
  /** Sales whose object did not answer. */
  readonly silent: number;
  readonly now: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

export function openMetrics(input: MetricsInput): string {
  const { records, sales, silent, now } = input;
  const perSale = (value: (figures: Figures) => number): readonly Sample[] =>
    sales.map(({ id, figures }) => [{ performance: id }, value(figures)]);
  const byStatus = (counts: (figures: Figures) => Readonly<Record<string, number>>): readonly Sample[] =>
    sales.flatMap(({ id, figures }) =>
      Object.entries(counts(figures)).map(([status, value]): Sample => [{ performance: id, status }, value]),
    );
  const age = (since: number | null): number => (since === null ? 0 : Math.max(0, now - since) / 1000);
  const recorded = records?.ordersByStatus.map(({ status, orders }): Sample => [{ status }, orders]) ?? [];
  const families = [
    gauge("records_up", "Whether Postgres answers.", [[{}, records === null ? 0 : 1]]),
    gauge("records_orders", "Orders in the records by status.", recorded),
    gauge("records_quarantined_events", "Events set aside.", records === null ? [] : [[{}, records.quarantinedEvents]]),
    counter(
      "edge_refusals",
      "What the edge refused before any route: floods, failed sign-ins and challenges.",
      records?.refusals.map(({ name, count }): Sample => [{ what: name }, count]) ?? [],
    ),
    gauge("sales_silent", "Published sales whose object did not answer.", [[{}, silent]]),
    gauge(
      "waiting",
      "People waiting.",
      perSale(({ status }) => status.waiting),
    ),
    gauge(
      "sessions",
      "Live booking sessions.",
      perSale(({ status }) => status.sessions),
    ),
    gauge(
      "capacity",
      "Booking sessions allowed.",
      perSale(({ status }) => status.capacity),
    ),
    gauge(
      "rate_per_minute",
      "Admissions allowed a minute.",
      perSale(({ status }) => status.ratePerMinute),
    ),
    counter(
      "joined",
      "People who joined.",
      perSale(({ status }) => status.joined),
    ),
    counter(
      "admitted",
      "People admitted.",
      perSale(({ admittedTotal }) => admittedTotal),
    ),
    gauge(
      "seats",
      "Seats by status.",
      byStatus(({ seatsByStatus }) => seatsByStatus),
    ),
    gauge(
      "orders",
      "Orders in the object by status.",
      byStatus(({ ordersByStatus }) => ordersByStatus),
    ),
    gauge(
      "outbox_events",
      "Events not yet applied.",
      perSale(({ outboxDepth }) => outboxDepth),
    ),
    gauge(
      "outbox_age_seconds",
      "Age of the oldest of them.",
      perSale(({ oldestOutboxAt }) => age(oldestOutboxAt)),
    ),
    gauge(
      "unknown_payments",
      "Payments without a terminal answer.",
      perSale((figures) => figures.unknownPayments),
    ),
    gauge(
      "unknown_payment_age_seconds",
      "Age of the oldest of them.",
      perSale(({ oldestUnknownPaymentAt }) => age(oldestUnknownPaymentAt)),
    ),
  ];
  return `${families.join("")}# EOF\n`;
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  return family(name, "gauge", help, "", samples);
}

function counter(name: string, help: string, samples: readonly Sample[]): string {
  return family(name, "counter", help, "_total", samples);
}

function family(name: string, type: string, help: string, suffix: string, samples: readonly Sample[]): string {
  const full = `ticketping_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${suffix}${labelText(labels)} ${value}\n`);
  return `# TYPE ${full} ${type}\n# HELP ${full} ${help}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
