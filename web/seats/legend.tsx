/** What shapes and colours mean, what a grade costs, and how many are left. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { moneyText } from "../format/money.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import type { Booking } from "./booking.ts";
import { type Mark, markPath, type Trait } from "./marks.ts";

interface SampleProps {
  readonly mark: Mark;
  readonly grade: number;
  readonly trait?: Trait;
}

function Sample({ mark, grade, trait = null }: SampleProps): JSX.Element {
  return (
    <svg class="sample" viewBox="-.5 -.5 1 1" aria-hidden="true">
      <path class={`seat grade-${grade % 6} seat-${mark}`} d={markPath(mark, grade, trait)} />
    </svg>
  );
}

export function Legend({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { freeByGrade, code } = useStore(booking.state);
  const { prices, currency } = booking.options.plan;
  const { traits } = booking;
  return (
    <ul class="legend" aria-label={t.legend}>
      {booking.hall.grades.map((grade, index) => (
        <li key={grade}>
          <Sample mark="free" grade={index} />
          <span>
            <strong>{t.gradeName({ grade })}</strong> {moneyText(prices[grade] ?? 0, currency, chosen)}{" "}
            <span class="faint">{t.left({ n: (freeByGrade.get(grade) ?? 0).toLocaleString(chosen) })}</span>
          </span>
        </li>
      ))}
      <li>
        <Sample mark="picked" grade={0} />
        {t.picked}
      </li>
      <li>
        <Sample mark="taken" grade={0} />
        {t.taken}
      </li>
      <li>
        <Sample mark={code === "" ? "blocked" : "coded"} grade={0} />
        {code === "" ? t.blocked : t.coded}
      </li>
      {traits.includes("accessible") && (
        <li>
          <Sample mark="free" grade={0} trait="accessible" />
          {t.accessible}
        </li>
      )}
      {traits.includes("restricted") && (
        <li>
          <Sample mark="free" grade={0} trait="restricted" />
          {t.restricted}
        </li>
      )}
    </ul>
  );
}
