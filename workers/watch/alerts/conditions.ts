/**
 * What cannot wait for somebody to look at a dashboard: conditions over the figures of one minute. Pure; whether anybody is
 * told, and how often, is decided in notices.ts.
 */
import type { Figures } from "../../../durable-objects/performance/figures-contract.ts";
import type { Sources } from "../metrics/family.ts";

/** All there is to be told about; what to do is in docs/operations/runbook.md. */
export const conditionNames = [
  "unknown-payments",
  "open-refunds",
  "records-behind",
  "overshoot",
  "sold-out",
  "queue-stalled",
  "opens-without-chart",
  "dead-letters",
  "drift",
  "books-differ",
  "provider-off",
] as const;
export type ConditionName = (typeof conditionNames)[number];

export type Severity = "critical" | "warning" | "info";

export interface Condition {
  /** What it is, and of which performance if of one: the same every minute it lasts. */
  readonly key: string;
  readonly performanceId: string | null;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
}

/** Differences in what was taken or given back, or in whose seat it is. */
const MONEY_KINDS = /^(capture|provider|ledger|plan|sold|order-unknown)/;
const UNKNOWN_PAYMENT_MS = 5 * 60_000;
const OPEN_REFUND_MS = 15 * 60_000;
const OUTBOX_MS = 5 * 60_000;
const OPENS_SOON_MS = 10 * 60_000;
/** After an opening or a restart the first admissions take a moment. */
const SETTLED_MS = 2 * 60_000;

export function conditionsOf(sources: Sources): readonly Condition[] {
  const { records, sales, offered, now } = sources;
  const found = sales.flatMap(({ id, figures }) => ofSale(id, figures, now));
  for (const [provider, isOffered] of Object.entries(offered)) {
    if (isOffered) continue;
    const detail = `Nobody can begin a payment with ${provider}; npm run provider -- on offers it again`;
    found.push(all("provider-off", "warning", "A payment provider is switched off", detail, provider));
  }
  if (records === null) return found;
  const dead = records.quarantined.find(({ kind }) => kind === "dead-letter")?.count ?? 0;
  const refused = records.quarantined.find(({ kind }) => kind === "refused")?.count ?? 0;
  if (dead + refused > 0) {
    found.push(
      all("dead-letters", "warning", "Events were set aside", `${dead} dead letters, ${refused} refused events`),
    );
  }
  for (const { currency, amount } of records.imbalance) {
    if (amount === 0) continue;
    const detail = `Debits minus credits in ${currency} are ${amount} minor units`;
    found.push(all("drift", "critical", "The books do not balance", detail, currency.toLowerCase()));
  }
  const { open, oldestAt } = records.finishedRefunds;
  if (older(oldestAt, OPEN_REFUND_MS, now)) {
    const detail = `${open} refunds of sales that are over, the oldest for ${minutes(oldestAt, now)}`;
    found.push(all("open-refunds", "critical", "Money does not go back", detail, "finished"));
  }
  const differing = records.drifts.filter(({ count }) => count > 0);
  if (differing.length > 0) {
    const detail = differing.map(({ kind, count }) => `${count} ${kind}`).join(", ");
    const ofMoney = differing.some(({ kind }) => MONEY_KINDS.test(kind));
    found.push(all("books-differ", ofMoney ? "critical" : "warning", "Object, records and provider differ", detail));
  }
  for (const id of records.unloaded) {
    const detail = "It is meant to open within ten minutes and has not been published: it has no chart";
    found.push({
      ...one("opens-without-chart", id),
      severity: "critical",
      title: "A performance is not loaded",
      detail,
    });
  }
  return found;
}

function ofSale(id: string, figures: Figures, now: number): Condition[] {
  const found: Condition[] = [];
  const { status, tally } = figures;
  const add = (name: ConditionName, severity: Severity, title: string, detail: string): void => {
    found.push({ ...one(name, id), severity, title, detail });
  };
  if (older(figures.oldestUnknownPaymentAt, UNKNOWN_PAYMENT_MS, now)) {
    const detail = `${figures.unknownPayments} payments without an answer, the oldest for ${minutes(figures.oldestUnknownPaymentAt, now)}`;
    add("unknown-payments", "critical", "Payments have no answer", detail);
  }
  if (older(figures.oldestOpenRefundAt, OPEN_REFUND_MS, now)) {
    const detail = `${figures.openRefunds} refunds on their way, the oldest for ${minutes(figures.oldestOpenRefundAt, now)}`;
    add("open-refunds", "critical", "Money does not go back", detail);
  }
  if (older(figures.oldestOutboxAt, OUTBOX_MS, now)) {
    const detail = `${figures.outboxDepth} events wait, the oldest for ${minutes(figures.oldestOutboxAt, now)}`;
    add("records-behind", "warning", "The records are behind", detail);
  }
  if (tally.overshoot > 0) {
    add(
      "overshoot",
      "critical",
      "More people were let in than a limit allows",
      `${tally.overshoot} since the object started`,
    );
  }
  if (status.phase === "soldout")
    add("sold-out", "info", "Sold out", "No seat is free; it opens again if one comes back");
  const settled = now - status.openAt > SETTLED_MS && now - tally.startedAt > SETTLED_MS;
  const free = status.sessions < status.capacity && status.ratePerMinute > 0;
  if (status.phase === "open" && settled && free && status.present > 0 && status.flowPerMinute === 0) {
    const detail = `${status.present} people are there, ${status.capacity - status.sessions} slots are free, nobody came in for a minute`;
    add("queue-stalled", "critical", "The queue stands still", detail);
  }
  const seats = Object.values(figures.seatsByStatus).reduce((sum, count) => sum + count, 0);
  if (seats === 0 && status.phase !== "closed" && status.openAt - now < OPENS_SOON_MS) {
    add(
      "opens-without-chart",
      "critical",
      "A performance is not loaded",
      "It opens within ten minutes and has no seats",
    );
  }
  return found;
}

function one(name: ConditionName, performanceId: string): Pick<Condition, "key" | "performanceId"> {
  return { key: `${name}/${performanceId}`, performanceId };
}

/** `of`: which one, where there can be several at once. */
function all(
  name: ConditionName,
  severity: Severity,
  title: string,
  detail: string,
  of: string | null = null,
): Condition {
  return { key: of === null ? name : `${name}/${of}`, performanceId: null, severity, title, detail };
}

function older(since: number | null, ms: number, now: number): boolean {
  return since !== null && now - since > ms;
}

function minutes(since: number | null, now: number): string {
  return `${Math.floor((now - (since ?? now)) / 60_000)} minutes`;
}
