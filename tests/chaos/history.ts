/**
 * What fans were told, written down as it was told. Whatever the server acknowledged has to stay true, whoever dies: the
 * checks here need nothing but these notes, and the truth (truth.ts) is compared with them at the end.
 */

/** A seat that was promised to somebody for a time, by the answer's own words. */
interface Claim {
  readonly member: string;
  readonly from: number;
  until: number;
  readonly what: string;
}

interface Wait {
  readonly member: string;
  readonly number: number;
  /** Since when the socket has been open without a break; null while it is not. */
  connectedSince: number | null;
  lostAt: number | null;
  admittedAt: number | null;
  gaveUpAt: number | null;
}

export interface AcknowledgedOrder {
  readonly id: string;
  readonly sale: string;
  readonly member: string;
  readonly token: string;
  readonly amount: number;
  readonly seats: readonly string[];
  paid: boolean;
  cancelAsked: boolean;
  cancelled: boolean;
}

/** Presence reaches the object with the lobby's next batch: two ticks. */
const SEEN_AFTER_MS = 10_000;

export class History {
  readonly broken: string[] = [];
  readonly orders = new Map<string, AcknowledgedOrder>();
  readonly counts: Record<string, number> = {};
  readonly #now: () => number;
  readonly #claims = new Map<string, Claim[]>();
  readonly #waits = new Map<string, Wait[]>();
  readonly #owners = new Map<string, string>();

  /** `now` never goes back: promises end by the server's clock, which does not either. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  break(sentence: string): void {
    this.broken.push(`${new Date(this.#now()).toISOString()} ${sentence}`);
  }

  /** A number is one person's for ever. */
  joined(sale: string, member: string, number: number): Wait {
    this.count("joins");
    const key = `${sale}/${number}`;
    const owner = this.#owners.get(key);
    if (owner !== undefined && owner !== member) this.break(`number ${number} was given to two people`);
    this.#owners.set(key, member);
    const waits = this.#waits.get(sale) ?? [];
    this.#waits.set(sale, waits);
    const known = waits.find((wait) => wait.number === number && wait.member === member);
    if (known !== undefined) return known;
    const wait: Wait = { member, number, connectedSince: null, lostAt: null, admittedAt: null, gaveUpAt: null };
    waits.push(wait);
    return wait;
  }

  highestNumber(sale: string): number {
    return Math.max(-1, ...(this.#waits.get(sale) ?? []).map(({ number }) => number));
  }

  held(member: string, holdId: string, seats: readonly string[], expiresAt: number): void {
    this.count("holds");
    this.#claim(member, holdId, seats, expiresAt);
  }

  ordered(order: AcknowledgedOrder, payBy: number): void {
    if (!this.orders.has(order.id)) this.count("orders");
    this.orders.set(order.id, this.orders.get(order.id) ?? order);
    this.#claim(order.member, order.id, order.seats, payBy);
  }

  paid(orderId: string): void {
    const order = this.orders.get(orderId);
    if (order === undefined || order.paid) return;
    this.count("payments");
    order.paid = true;
    this.#claim(order.member, orderId, order.seats, Number.POSITIVE_INFINITY);
  }

  /** From the moment somebody asks for it, a promise may be over. */
  givenUp(what: string): void {
    const now = this.#now();
    for (const claims of this.#claims.values())
      for (const claim of claims) if (claim.what === what && claim.until > now) claim.until = now;
  }

  /** All that can be said from the notes alone. `excused`: at this moment the object could not know who was there. */
  check(sale: string, ratePerMinute: number, excused: (at: number) => boolean = () => false): void {
    const waits = this.#waits.get(sale) ?? [];
    const times = waits.flatMap(({ admittedAt }) => admittedAt ?? []).toSorted((a, b) => a - b);
    for (const [index, time] of times.entries()) {
      const first = times[index - ratePerMinute];
      if (first !== undefined && time - first < 60_000)
        this.break(`${ratePerMinute + 1} admissions within ${time - first} ms`);
    }
    for (const late of waits) {
      const { admittedAt } = late;
      if (admittedAt === null || excused(admittedAt)) continue;
      for (const early of waits) {
        if (early.number >= late.number) continue;
        const there =
          early.connectedSince !== null &&
          early.connectedSince + SEEN_AFTER_MS < admittedAt &&
          (early.lostAt === null || early.lostAt > admittedAt) &&
          (early.gaveUpAt === null || early.gaveUpAt > admittedAt);
        if (there && early.admittedAt !== null && early.admittedAt > admittedAt)
          this.break(`number ${late.number} was admitted before ${early.number}, who was there`);
      }
    }
  }

  checkSeats(): void {
    for (const [seat, claims] of this.#claims) {
      const sorted = claims.filter(({ from, until }) => until > from).toSorted((a, b) => a.from - b.from);
      for (const [index, claim] of sorted.entries()) {
        const clash = sorted.slice(0, index).find((one) => one.member !== claim.member && one.until > claim.from);
        if (clash !== undefined)
          this.break(`seat ${seat} was promised as ${clash.what} and, meanwhile, to somebody else as ${claim.what}`);
      }
    }
  }

  #claim(member: string, what: string, seats: readonly string[], until: number): void {
    for (const seat of seats) {
      const claims = this.#claims.get(seat) ?? [];
      this.#claims.set(seat, claims);
      claims.push({ member, what, from: this.#now(), until });
    }
  }
}

export type { Wait };
