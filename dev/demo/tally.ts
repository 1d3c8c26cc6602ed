import { sentenceOf } from "../failure.ts";
import type { FanEnd, FanReport, Step } from "./fan.ts";

/** Progress on one line, and how long each step took. */
export class Tally {
  readonly failures: string[] = [];
  readonly #fans: number;
  readonly #times = new Map<Step, number[]>();
  readonly #states = { joined: 0, admitted: 0, held: 0, bought: 0 };
  #done = 0;
  readonly #timer = setInterval(() => this.#show(), 500);

  constructor(fans: number) {
    this.#fans = fans;
  }

  report(): FanReport {
    return {
      step: (step, milliseconds) => {
        const times = this.#times.get(step) ?? [];
        times.push(milliseconds);
        this.#times.set(step, times);
      },
      now: (state) => void (this.#states[state] += 1),
    };
  }

  ended(end: FanEnd): FanEnd {
    this.#done += 1;
    return end;
  }

  failed(error: unknown): "failed" {
    this.#done += 1;
    this.failures.push(sentenceOf(error));
    return "failed";
  }

  count(step: Step): number {
    return this.#times.get(step)?.length ?? 0;
  }

  percentile(step: Step, share: number): number {
    const times = (this.#times.get(step) ?? []).toSorted((a, b) => a - b);
    return Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#show();
    if (process.stdout.isTTY) process.stdout.write("\n");
  }

  #show(): void {
    const { joined, admitted, held, bought } = this.#states;
    const filled = Math.round((this.#done / this.#fans) * 30);
    const line = `[${"█".repeat(filled)}${"·".repeat(30 - filled)}] joined ${joined}  admitted ${admitted}  held ${held}  bought ${bought}`;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${line}`);
    else if (this.#done === this.#fans) console.log(line);
  }
}
