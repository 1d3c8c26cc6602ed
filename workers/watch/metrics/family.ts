/** What a family of metrics is: its name, meaning and labels, and how its samples follow from the sources. */
import type { CallFigures, Figures, Histogram } from "../../../durable-objects/performance/figures-contract.ts";
import type { Counts } from "../../../durable-objects/meter/contract.ts";
import type { RecordsFigures } from "../../records/figures.ts";

export interface SaleFigures {
  readonly id: string;
  readonly figures: Figures;
}

/** Everything a scrape has been able to ask. */
export interface Sources {
  /** Null: Postgres cannot be reached. */
  readonly records: RecordsFigures | null;
  readonly sales: readonly SaleFigures[];
  /** Sales whose object did not answer. */
  readonly silent: readonly string[];
  /** Payment providers whose keys are set, by name: whether they are offered. */
  readonly offered: Readonly<Record<string, boolean>>;
  /** Null: the Meter did not answer. */
  readonly meter: Counts | null;
  readonly now: number;
}

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];
export type HistogramSample = readonly [labels: Labels, histogram: Histogram];

interface Described {
  /** Without the prefix `ticketping_`; of a counter without `_total`. */
  readonly name: string;
  /** One sentence, without a full stop inside. */
  readonly help: string;
  readonly labels: readonly string[];
  readonly from: "object" | "Postgres" | "edge" | "scrape";
}

export type Family = Described &
  (
    | { readonly type: "gauge" | "counter"; readonly samples: (sources: Sources) => readonly Sample[] }
    | {
        readonly type: "histogram";
        readonly bounds: readonly number[];
        readonly samples: (sources: Sources) => readonly HistogramSample[];
      }
  );

type Value = (figures: Figures, now: number) => number;
type Values = (figures: Figures) => Readonly<Record<string, number>>;

/** One number of every sale. */
export function ofSales(type: "gauge" | "counter", name: string, help: string, value: Value): Family {
  return {
    ...{ type, name, help, labels: ["performance"], from: "object" },
    samples: ({ sales, now }) => sales.map(({ id, figures }) => [{ performance: id }, value(figures, now)]),
  };
}

/** Numbers of every sale by one more label. */
export function ofSalesBy(
  type: "gauge" | "counter",
  name: string,
  label: string,
  help: string,
  values: Values,
): Family {
  return {
    ...{ type, name, help, labels: ["performance", label], from: "object" },
    samples: ({ sales }) =>
      sales.flatMap(({ id, figures }) =>
        Object.entries(values(figures)).map(([key, value]): Sample => [{ performance: id, [label]: key }, value]),
      ),
  };
}

/** How a sale's objects' calls of others ended, by dependency and one more label. */
export function ofCallsOfSales(
  name: string,
  label: string,
  help: string,
  values: (calls: CallFigures) => CallFigures["ended"],
): Family {
  return {
    ...{ type: "counter", name, help, labels: ["performance", "dependency", label], from: "object" },
    samples: ({ sales }) =>
      sales.flatMap(({ id, figures: { tally } }) =>
        Object.entries(tally.calls === undefined ? {} : values(tally.calls)).flatMap(([dependency, counts]) =>
          Object.entries(counts).map(([key, value]): Sample => [{ performance: id, dependency, [label]: key }, value]),
        ),
      ),
  };
}

export function histogramOfSales(
  name: string,
  help: string,
  bounds: readonly number[],
  read: (figures: Figures) => Histogram,
): Family {
  return {
    ...{ type: "histogram", name, help, bounds, labels: ["performance"], from: "object" },
    samples: ({ sales }) => sales.map(({ id, figures }) => [{ performance: id }, read(figures)]),
  };
}

/** From Postgres; without it there are no samples, which says more than a zero. */
export function ofRecords(
  type: "gauge" | "counter",
  name: string,
  labels: readonly string[],
  help: string,
  samples: (records: RecordsFigures, now: number) => readonly Sample[],
): Family {
  return {
    ...{ type, name, help, labels, from: "Postgres" },
    samples: ({ records, now }) => (records === null ? [] : samples(records, now)),
  };
}

/** Series of the Meter: `name|label value|…`. */
export function ofMeter(name: string, labels: readonly string[], help: string): Family {
  return {
    ...{ type: "counter", name, help, labels, from: "edge" },
    samples: ({ meter }) =>
      Object.entries(meter ?? {}).flatMap(([series, count]): Sample[] => {
        const [first, ...values] = series.split("|");
        if (first !== name || values.length !== labels.length) return [];
        return [[Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ""])), count]];
      }),
  };
}

/** Seconds since a moment; 0 when there is none. */
export function age(since: number | null, now: number): number {
  return since === null ? 0 : Math.max(0, now - since) / 1_000;
}
