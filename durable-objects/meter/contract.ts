/**
 * What the Meter is told and asked. Series are named `name|label value|label value`; which labels a name has is known where
 * they are shown (workers/watch/metrics/). Only names of our own making may become series: no id, no address, no text.
 */
export type Counts = Readonly<Record<string, number>>;

export interface MeterContract {
  add(counts: Counts): Promise<void>;
  read(): Promise<Counts>;
}

/** There is one: what isolates count is rare news, and adds up to a call every few seconds from each. */
export const METER = "meter";
