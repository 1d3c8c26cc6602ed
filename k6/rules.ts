/** What no fan may ever see, whatever the load. Each breach is counted under its sentence, and one fails the run. */
import { Counter } from "k6/metrics";

export interface Status {
  readonly phase: string;
  readonly sessions: number;
  readonly capacity: number;
}

export interface QueueState {
  readonly state: "none" | "waiting" | "passed-over" | "admitted" | "entered" | "ended";
  readonly number: number | null;
  readonly place: number | null;
  readonly ahead: number | null;
  readonly status: Status;
  readonly pollAfterSeconds: number;
  /** Of the answer to joining. */
  readonly connectAfterMs?: number;
}

const breaches = new Counter("rules_broken");

export function broken(rule: string, evidence: string): void {
  breaches.add(1, { rule });
  console.error(`${rule}: ${evidence}`);
}

/** What one fan has been told about the queue so far. */
export class Standing {
  #number: number | null = null;
  #place: number | null = null;
  #waited = false;

  saw({ state, number, place, ahead, status }: QueueState): void {
    this.sawStatus(status);
    if (this.#number !== null && number !== null && number !== this.#number)
      broken("a fan keeps one number", `${this.#number}, then ${number}`);
    if (this.#place !== null && place !== null && place > this.#place)
      broken("a place never grows", `${this.#place}, then ${place}`);
    if (ahead !== null && (ahead < 0 || (place !== null && ahead > place)))
      broken("no more people are ahead than there are places before one's own", `${ahead} ahead of place ${place}`);
    if (this.#waited && state === "none") broken("nobody who waits is forgotten", `number ${this.#number}`);
    this.#number = number ?? this.#number;
    this.#place = place ?? this.#place;
    this.#waited = state === "waiting" || state === "passed-over";
  }

  sawStatus({ sessions, capacity }: Status): void {
    if (sessions > capacity) broken("never more sessions than the capacity", `${sessions} of ${capacity}`);
  }
}

/** Whether waiting makes no sense any more. */
export function isOver({ phase }: Status): boolean {
  return phase === "soldout" || phase === "closed";
}
