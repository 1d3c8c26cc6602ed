/** What is counted while a sale is played, apart from the rules, so that their promises are checked and not believed. */
export class Tally {
  readonly refusals = new Map<string, number>();
  admitted = 0;
  readonly #capacity: number;
  readonly #rate: number;
  readonly #joinedAt = new Map<number, number>();
  readonly #waits: number[] = [];
  readonly #recent: number[] = [];
  #capacityKept = true;
  #rateKept = true;

  constructor(capacity: number, ratePerMinute: number) {
    this.#capacity = capacity;
    this.#rate = ratePerMinute;
  }

  join(fan: number, second: number): void {
    if (!this.#joinedAt.has(fan)) this.#joinedAt.set(fan, second);
  }

  admit(fan: number, second: number): void {
    this.admitted += 1;
    this.#waits.push(second - (this.#joinedAt.get(fan) ?? second));
  }

  /** At the end of each second: how many came in during it, and how many are inside. */
  second(admitted: number, inside: number): void {
    if (inside > this.#capacity) this.#capacityKept = false;
    this.#recent.push(admitted);
    if (this.#recent.length > 60) this.#recent.shift();
    if (this.#recent.reduce((sum, many) => sum + many, 0) > this.#rate) this.#rateKept = false;
  }

  get limits(): { readonly capacity: boolean; readonly rate: boolean } {
    return { capacity: this.#capacityKept, rate: this.#rateKept };
  }

  readonly waits = (): { half: number; most: number; longest: number } | null => {
    if (this.#waits.length === 0) return null;
    const sorted = this.#waits.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { half: at(0.5), most: at(0.9), longest: at(1) };
  };
}
