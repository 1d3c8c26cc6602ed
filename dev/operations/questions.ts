/**
 * The four questions of a sale day, answered from /metrics alone: is it fair, is it full, is it selling, is money stuck?
 * Pure: text in, answers out. `npm run questions` prints them, a chaos run asks them again and again.
 */
export interface Answer {
  readonly question: "fair" | "full" | "selling" | "money";
  readonly ok: boolean;
  readonly says: string;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const UNKNOWN_SECONDS = 300;
const REFUND_SECONDS = 900;
/** Below this share of waits that came true the range is no promise. */
const KEPT_SHARE = 0.9;
const KEPT_LEAST = 20;

export function readSamples(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels, value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = Array.from((labels ?? "").matchAll(LABEL), ([, key = "", text = ""]) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** Performances the text knows, and for each the four answers. */
export function answersOf(text: string): ReadonlyMap<string, readonly Answer[]> {
  const samples = readSamples(text);
  const sales = new Set(samples.flatMap(({ labels }) => labels["performance"] ?? []));
  const imbalance = samples.filter(({ name, value }) => name === "ticketping_records_ledger_imbalance" && value !== 0);
  const ofAll = {
    unbalanced: imbalance.length,
    finishedRefund:
      samples.find(({ name }) => name === "ticketping_records_finished_open_refund_age_seconds")?.value ?? 0,
    ...providersIn(samples),
  };
  return new Map(
    Array.from(sales, (id) => [
      id,
      answersFor(
        samples.filter((one) => one.labels["performance"] === id),
        ofAll,
      ),
    ]),
  );
}

/** Payment providers that are switched off, and whether there is one left to pay with. A sandbox without any says nothing. */
function providersIn(samples: readonly Sample[]): Pick<OfAll, "switchedOff" | "payable"> {
  const all = samples.filter(({ name }) => name === "ticketping_provider_offered");
  const off = all.filter(({ value }) => value === 0);
  return {
    switchedOff: off.flatMap(({ labels }) => labels["provider"] ?? []),
    payable: all.length === 0 || off.length < all.length,
  };
}

/** What belongs to no single sale: the books, the oldest refund of sales that are over, in seconds, and how one can pay. */
interface OfAll {
  readonly switchedOff: readonly string[];
  readonly payable: boolean;
  readonly unbalanced: number;
  readonly finishedRefund: number;
}

function answersFor(samples: readonly Sample[], ofAll: OfAll): readonly Answer[] {
  const { unbalanced, finishedRefund, switchedOff, payable } = ofAll;
  const of = (name: string, labels: Readonly<Record<string, string>> = {}): number =>
    samples
      .filter(
        (one) =>
          one.name === `ticketping_${name}` &&
          Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )
      .reduce((sum, { value }) => sum + value, 0);
  const isOpen = of("phase", { phase: "open" }) === 1;
  const sessions = of("sessions");
  const capacity = of("capacity");
  const idle = isOpen && of("present") > 0 && sessions < capacity && of("admitted_last_minute") < of("rate_per_minute");
  const promises = of("wait_promises_total");
  const kept = promises - of("wait_promises_total", { outcome: "later" });
  const sold = of("seats", { status: "sold" });
  const free = of("seats", { status: "free" });
  const unknown = of("unknown_payment_age_seconds");
  const refund = Math.max(of("open_refund_age_seconds"), finishedRefund);
  const promised = promises < KEPT_LEAST || kept / promises >= KEPT_SHARE;
  return [
    {
      question: "fair",
      ok: of("overshoot_total") === 0 && promised,
      says: `${of("overshoot_total")} above a limit; ${kept} of ${promises} waits no longer than told`,
    },
    { question: "full", ok: !idle, says: `${sessions} of ${capacity} slots taken, ${of("present")} people there` },
    {
      question: "selling",
      ok: !isOpen || (payable && (free > 0 || sold > 0)),
      says:
        `${sold} seats sold, ${free} free, ${of("holds")} holds, ${of("orders", { status: "paid" })} orders paid` +
        switchedOff.map((name) => `; ${name} is switched off`).join(""),
    },
    {
      question: "money",
      ok: unknown <= UNKNOWN_SECONDS && refund <= REFUND_SECONDS && unbalanced === 0,
      says: `oldest open payment ${Math.round(unknown)} s, oldest open refund ${Math.round(refund)} s, ${unbalanced} books that do not balance`,
    },
  ];
}
