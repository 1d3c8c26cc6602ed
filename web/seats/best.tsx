/** The best there is: for how many, of which grade; and in words why it was these. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BestReason } from "../calls/booking.ts";
import { moneyText } from "../format/money.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import type { Booking } from "./booking.ts";

export function Best({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { busy, choice, freeByGrade, code } = useStore(booking.state);
  const { limit, plan } = booking.options;
  const [count, setCount] = useState(Math.min(2, limit));
  const [wanted, setWanted] = useState("");
  const price = (grade: string): string => moneyText(plan.prices[grade] ?? 0, plan.currency, chosen);
  const prices = [...new Set(booking.hall.grades.map((grade) => plan.prices[grade] ?? 0))].slice(1);
  function hold(): void {
    const [kind, value] = [wanted.slice(0, 1), wanted.slice(1)];
    const which = kind === "g" ? { grade: value } : kind === "p" ? { maxPrice: Number(value) } : {};
    void booking.holdBest({ count, ...which });
  }
  return (
    <section class="card best" aria-label={t.best}>
      <h2>{t.best}</h2>
      <label>
        <span>{t.bestCount}</span>
        <select
          data-field="best-count"
          value={String(count)}
          onChange={(event) => setCount(Number(event.currentTarget.value))}
        >
          {Array.from({ length: limit }, (_, n) => (
            <option key={n} value={String(n + 1)}>
              {n + 1}
            </option>
          ))}
        </select>
      </label>
      <label class="best-grade">
        <span>{t.bestGrade}</span>
        <select data-field="best-grade" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)}>
          <option value="">{t.anyGrade}</option>
          {booking.hall.grades.map((grade) => (
            <option key={grade} value={`g${grade}`} disabled={code === "" && (freeByGrade.get(grade) ?? 0) === 0}>
              {`${t.gradeName({ grade })} · ${price(grade)}`}
            </option>
          ))}
          {prices.map((most) => (
            <option key={most} value={`p${most}`}>
              {t.upTo({ price: moneyText(most, plan.currency, chosen) })}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        data-action="hold-best"
        disabled={busy !== null || choice.holds.length > 0}
        onClick={hold}
      >
        {t.bestHold}
      </button>
    </section>
  );
}

/** "1층 B구역 3열. 무대 가까이부터 찾았습니다: 더 가까운 좌석 중 12석은 이미 선택되었고 …" */
export function Why({ why }: { readonly why: BestReason }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { nearer } = why;
  const number = (n: number): string => n.toLocaleString(chosen);
  const reasons = [
    nearer.taken > 0 && t.whyTaken({ n: number(nearer.taken) }),
    nearer.withheld > 0 && t.whyWithheld({ n: number(nearer.withheld) }),
    nearer.accessible > 0 && t.whyAccessible({ n: number(nearer.accessible) }),
    nearer.notTogether > 0 && t.whyApart({ n: number(nearer.notTogether) }),
  ].filter((text) => text !== false);
  return (
    <p class="why faint" data-why>
      {why.distance === null ? t.whyBest : t.whyDistance({ n: number(why.distance) })}{" "}
      {reasons.length === 0 ? t.whyNearest : t.whyNearer({ reasons: reasons.join(", ") })}
      {why.restrictedView ? ` ${t.whyRestricted}` : ""}
    </p>
  );
}
