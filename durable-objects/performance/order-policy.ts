/**
 * What cancelling costs, as data: an order keeps the policy it was placed under. Days are calendar days in the hall's time
 * zone, for that is how people count them; fees are whole minor units.
 */
export interface CancellationPolicy {
  /** The first rule that fits decides; where none fits, the member can no longer cancel. */
  readonly rules: readonly FeeRule[];
}

export interface FeeRule {
  /** At least so many days before the day of the show. */
  readonly daysBefore: number;
  /** At most so many days after the day of the order; null: any. */
  readonly daysSince: number | null;
  /** Of a seat's price, rounded down. */
  readonly percent: number;
  /** A fixed fee per seat in minor units, instead of the percentage but never more than it; null: the percentage. */
  readonly perSeat: number | null;
}

/** What Korean sellers charge: nothing on the day of the order and in its first week, then 4,000 won, then 10, 20 and 30 %. */
export const KOREAN_LADDER: CancellationPolicy = {
  rules: [
    { daysBefore: 1, daysSince: 0, percent: 0, perSeat: null },
    { daysBefore: 10, daysSince: 7, percent: 0, perSeat: null },
    { daysBefore: 10, daysSince: null, percent: 10, perSeat: 4_000 },
    { daysBefore: 7, daysSince: null, percent: 10, perSeat: null },
    { daysBefore: 3, daysSince: null, percent: 20, perSeat: null },
    { daysBefore: 1, daysSince: null, percent: 30, perSeat: null },
  ],
};

/** The ladder where nobody said another one: 4,000 is a number of won, and means nothing in another currency. */
export function defaultPolicy(currency: string): CancellationPolicy {
  if (currency === "KRW") return KOREAN_LADDER;
  return { rules: KOREAN_LADDER.rules.map((rule) => ({ ...rule, perSeat: null })) };
}

/** The rule for cancelling at `now` what was ordered at `placedAt` for a show at `startsAt`; null: too late. */
export function ruleFor(
  policy: CancellationPolicy,
  times: { readonly placedAt: number; readonly startsAt: number; readonly now: number; readonly timeZone: string },
): FeeRule | null {
  const { placedAt, startsAt, now, timeZone } = times;
  const today = dayOf(now, timeZone);
  const daysBefore = dayOf(startsAt, timeZone) - today;
  const daysSince = today - dayOf(placedAt, timeZone);
  const fits = (rule: FeeRule): boolean =>
    daysBefore >= rule.daysBefore && (rule.daysSince === null || daysSince <= rule.daysSince);
  return policy.rules.find(fits) ?? null;
}

export function feeOf(rule: FeeRule, price: number): number {
  const share = Math.floor((price * rule.percent) / 100);
  return rule.perSeat === null ? share : Math.min(rule.perSeat, share);
}

/** Days since 1970 of the calendar day in a time zone. */
function dayOf(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "numeric", day: "numeric" })
    .formatToParts(time)
    .reduce<Record<string, number>>((found, { type, value }) => ({ ...found, [type]: Number(value) }), {});
  return Date.UTC(parts["year"] ?? 1970, (parts["month"] ?? 1) - 1, parts["day"] ?? 1) / 86_400_000;
}
