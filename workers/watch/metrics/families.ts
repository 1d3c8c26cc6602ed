/** Every metric there is, in the order in which they are shown. docs/metrics.md is generated from this list. */
import {
  BATCH_BOUNDS,
  LAG_BOUNDS_SECONDS,
  LATENCY_BOUNDS_SECONDS,
  WAIT_BOUNDS_SECONDS,
} from "../../../durable-objects/performance/figures-contract.ts";
import {
  age,
  histogramOfSales,
  ofCallsOfSales,
  ofMeter,
  ofRecords,
  ofSales,
  ofSalesBy,
  type Family,
  type Sample,
  type Sources,
} from "./family.ts";

const phases = ["scheduled", "gathering", "sealed", "open", "paused", "soldout", "closed"] as const;

const scrape = (name: string, help: string, value: (sources: Sources) => number): Family => ({
  ...{ type: "gauge", name, help, labels: [], from: "scrape" },
  samples: (sources) => [[{}, value(sources)]],
});

/** Is it fair, is it full? */
const queue: readonly Family[] = [
  ofSalesBy("gauge", "phase", "phase", "1 for the phase the sale is in, 0 for the others", ({ status }) =>
    Object.fromEntries(phases.map((phase) => [phase, status.phase === phase ? 1 : 0])),
  ),
  ofSales("gauge", "opens_in_seconds", "Seconds until the sale opens; negative once that moment has passed", (f, now) =>
    Math.round((f.status.openAt - now) / 1_000),
  ),
  ofSales("gauge", "waiting", "People who wait, present or not", ({ status }) => status.waiting),
  ofSales(
    "gauge",
    "present",
    "People who wait and are there: those who can be admitted",
    ({ status }) => status.present,
  ),
  ofSales("gauge", "sockets", "Open WebSockets in the lobbies", (f) => f.sockets),
  ofSales("counter", "joined", "People who got a number", ({ status }) => status.joined),
  ofSales("counter", "admitted", "People who were let in", (f) => f.admittedTotal),
  ofSales("gauge", "sessions", "Live booking sessions", ({ status }) => status.sessions),
  ofSales("gauge", "capacity", "Booking sessions allowed at once", ({ status }) => status.capacity),
  ofSales("gauge", "rate_per_minute", "Admissions allowed in any 60 seconds", ({ status }) => status.ratePerMinute),
  ofSales("gauge", "admitted_last_minute", "Admissions in the last 60 seconds", ({ status }) => status.flowPerMinute),
  ofSales("counter", "overshoot", "Admissions above a limit; must stay 0", ({ tally }) => tally.overshoot),
  ofSalesBy(
    "counter",
    "idle_slot_seconds",
    "why",
    "Seconds in which slots were free while people waited: nobody of them was there (absent), or presence was not known yet (restart)",
    ({ tally }) => tally.idleSlotSeconds,
  ),
  ofSalesBy("counter", "sessions_ended", "reason", "Booking sessions that ended", ({ tally }) => tally.sessionsEnded),
  ofSalesBy(
    "gauge",
    "wait_promised_seconds",
    "bound",
    "The range of the wait that whoever joins now is told; absent while nothing moves",
    ({ status }) => {
      const shown = status.waits.at(-1);
      return shown === undefined ? {} : { from: shown[1], to: shown[2] };
    },
  ),
  histogramOfSales(
    "wait_seconds",
    "From being told a wait for the first time to being admitted, of a sample of the people",
    WAIT_BOUNDS_SECONDS,
    ({ tally }) => tally.waits,
  ),
  ofSalesBy(
    "counter",
    "wait_promises",
    "outcome",
    "Whether the range of the wait people were told first came true (kept), or they came in sooner or later",
    ({ tally }) => tally.promises,
  ),
];

/** Is it selling? */
const seats: readonly Family[] = [
  ofSalesBy("gauge", "seats", "status", "Seats by what they are now", (f) => f.seatsByStatus),
  ofSales("gauge", "holds", "Live holds", (f) => f.holds),
  ofSales("counter", "holds_made", "Holds made", ({ tally }) => tally.holdsMade),
  ofSalesBy("counter", "holds_ended", "reason", "Holds that ended", ({ tally }) => tally.holdsEnded),
  ofSalesBy("gauge", "orders", "status", "Orders in the object by status", (f) => f.ordersByStatus),
  ofSalesBy("counter", "refusals", "code", "Commands that were understood and declined", ({ tally }) => tally.refusals),
];

/** Is money stuck? */
const money: readonly Family[] = [
  ofSalesBy(
    "counter",
    "payment_answers",
    "outcome",
    "What providers answered about payments; one that is unknown is asked about again",
    ({ tally }) => tally.paymentAnswers,
  ),
  ofSalesBy(
    "counter",
    "refund_answers",
    "outcome",
    "What providers answered about refunds",
    ({ tally }) => tally.refundAnswers,
  ),
  ofSales(
    "gauge",
    "unknown_payments",
    "Payments a provider was asked about and has not answered",
    (f) => f.unknownPayments,
  ),
  ofSales("gauge", "unknown_payment_age_seconds", "Age of the oldest of them", (f, now) =>
    age(f.oldestUnknownPaymentAt, now),
  ),
  ofSales("gauge", "open_refunds", "Refunds whose money has not gone yet", (f) => f.openRefunds),
  ofSales("gauge", "open_refund_age_seconds", "Age of the oldest of them", (f, now) => age(f.oldestOpenRefundAt, now)),
  ofSales(
    "gauge",
    "refunds_without_account",
    "Refunds of bank transfers whose buyers have not said where the money goes",
    (f) => f.refundsWithoutAccount,
  ),
  ofRecords(
    "gauge",
    "records_finished_open_refunds",
    [],
    "Refunds whose money has not gone yet, of sales that are over: closed for a day, or emptied",
    ({ finishedRefunds }) => [[{}, finishedRefunds.open]],
  ),
  ofRecords(
    "gauge",
    "records_finished_open_refund_age_seconds",
    [],
    "Age of the oldest of them",
    ({ finishedRefunds }, now) => [[{}, age(finishedRefunds.oldestAt, now)]],
  ),
  ofRecords(
    "gauge",
    "records_finished_refunds_without_account",
    [],
    "Refunds of bank transfers of such sales whose buyers have not said where the money goes",
    ({ finishedRefunds }) => [[{}, finishedRefunds.withoutAccount]],
  ),
  ofRecords("gauge", "records_orders", ["status"], "Orders in the records by status", ({ orders }) =>
    orders.map(({ status, count }): Sample => [{ status }, count]),
  ),
  ofRecords("gauge", "records_payments", ["provider", "status"], "Attempts to pay in the records", ({ payments }) =>
    payments.map(({ provider, status, count }): Sample => [{ provider, status }, count]),
  ),
  ofRecords("gauge", "records_refunds", ["status"], "Refunds in the records by status", ({ refunds }) =>
    refunds.map(({ status, count }): Sample => [{ status }, count]),
  ),
  ofRecords(
    "gauge",
    "records_unknown_payment_age_seconds",
    [],
    "Age of the oldest payment the records know to be unanswered",
    ({ oldestConfirmingAt }, now) => [[{}, age(oldestConfirmingAt, now)]],
  ),
  ofRecords(
    "gauge",
    "records_ledger_imbalance",
    ["currency"],
    "Debits minus credits of all books, in minor units; must be 0",
    ({ imbalance }) => imbalance.map(({ currency, amount }): Sample => [{ currency }, amount]),
  ),
  ofRecords(
    "gauge",
    "reconciler_drift",
    ["kind"],
    "What object, records and providers differ in, by kind; must be 0 for good",
    ({ drifts }) => drifts.map(({ kind, count }): Sample => [{ kind }, count]),
  ),
  ofRecords(
    "gauge",
    "reconciler_age_seconds",
    [],
    "Seconds since object, records and providers of any sale were compared last",
    ({ reconciledAt }, now) => (reconciledAt === null ? [] : [[{}, age(reconciledAt, now)]]),
  ),
  ofMeter("reconciler_repairs", ["kind"], "Differences that were repaired by rule"),
  {
    ...{ type: "gauge", name: "provider_offered", labels: ["provider"], from: "scrape" },
    help: "1 for a payment provider that is offered, 0 for one that was switched off for the moment",
    samples: ({ offered }) =>
      Object.entries(offered).map(([provider, isOffered]): Sample => [{ provider }, isOffered ? 1 : 0]),
  },
];

/** Does it run? */
const platform: readonly Family[] = [
  scrape("records_up", "Whether Postgres answers", ({ records }) => (records === null ? 0 : 1)),
  scrape("meter_up", "Whether the Meter answers", ({ meter }) => (meter === null ? 0 : 1)),
  scrape("sales_silent", "Published sales whose object did not answer", ({ silent }) => silent.length),
  ofSales(
    "gauge",
    "object_started_time_seconds",
    "When the sale's object started, as Unix time; its counters are since then",
    ({ tally }) => tally.startedAt / 1_000,
  ),
  histogramOfSales(
    "batch_commands",
    "Commands of a batch, each join counted",
    BATCH_BOUNDS,
    ({ tally }) => tally.batches,
  ),
  histogramOfSales(
    "command_seconds",
    "From a command's arrival in a lobby to its answer, the durable write included",
    LATENCY_BOUNDS_SECONDS,
    ({ tally }) => tally.latency,
  ),
  ofSales(
    "counter",
    "lobby_shed",
    "Commands that lobbies refused because too many were waiting",
    ({ tally }) => tally.shed,
  ),
  ofSales(
    "counter",
    "lobby_repeated_calls",
    "Calls of the object that lobbies had to repeat",
    ({ tally }) => tally.repeated,
  ),
  ofSales("gauge", "outbox_events", "Events the records have not reported yet", (f) => f.outboxDepth),
  ofSales("gauge", "outbox_age_seconds", "Age of the oldest of them", (f, now) => age(f.oldestOutboxAt, now)),
  histogramOfSales(
    "records_lag_seconds",
    "From an event to the records' report that it is applied",
    LAG_BOUNDS_SECONDS,
    ({ tally }) => tally.lag,
  ),
  ofRecords(
    "gauge",
    "records_quarantined_events",
    ["kind"],
    "Events set aside: dead letters, and those that could not be applied",
    ({ quarantined }) => quarantined.map(({ kind, count }): Sample => [{ kind }, count]),
  ),
  ofRecords(
    "gauge",
    "records_given_up_notices",
    ["channel"],
    "Mails about orders, and requests to organisers' webhooks, that were given up and wait for somebody",
    ({ givenUp }) => givenUp.map(({ channel, count }): Sample => [{ channel }, count]),
  ),
  ofRecords(
    "gauge",
    "records_unloaded_openings",
    [],
    "Performances that are meant to open within ten minutes and have not been published",
    ({ unloaded }) => [[{}, unloaded.length]],
  ),
  ofRecords(
    "gauge",
    "records_finished_sales",
    ["state"],
    "Sales that are over, by what has become of their objects: kept for the days set, waiting to be emptied, or emptied",
    ({ finished }) => finished.map(({ state, count }): Sample => [{ state }, count]),
  ),
  ofRecords(
    "gauge",
    "records_finished_sale_late_seconds",
    [],
    "For how long the first of the sales that wait to be emptied should have been",
    ({ emptyingDueAt }, now) => [[{}, age(emptyingDueAt, now)]],
  ),
  ofMeter("edge_requests", ["status"], "Requests the Worker answered, by class of status"),
  ofMeter("edge_problems", ["code"], "Problem documents the Worker answered, by code; rate-limited is one of them"),
  ofRecords(
    "counter",
    "edge_refusals",
    ["what"],
    "What the edge refused before any route: floods, failed sign-ins, challenges, codes and verifications",
    ({ refusals }) => refusals.map(({ name, count }): Sample => [{ what: name }, count]),
  ),
  ofMeter(
    "dependency_calls",
    ["dependency", "outcome"],
    "Calls of Postgres, providers, objects, mail and webhooks by how they ended: ok, failed, late (at the deadline), refused (by an open breaker)",
  ),
  ofCallsOfSales(
    "object_calls",
    "outcome",
    "Calls that a sale's objects made (Performance, lobbies, control room) by how they ended: ok, failed, late, refused",
    ({ ended }) => ended,
  ),
  ofSalesBy(
    "counter",
    "object_call_seconds",
    "dependency",
    "Seconds spent in these calls",
    (f) => f.tally.calls?.seconds ?? {},
  ),
  ofSalesBy(
    "counter",
    "object_breaker_openings",
    "dependency",
    "Times that one of these objects stopped asking for a moment",
    (f) => f.tally.calls?.openings ?? {},
  ),
  ofMeter("dependency_breaker_openings", ["dependency"], "Times that an isolate stopped asking for a moment"),
  ofMeter("dependency_call_seconds", ["dependency"], "Seconds spent in these calls"),
];

export const families: readonly Family[] = [...queue, ...seats, ...money, ...platform];
