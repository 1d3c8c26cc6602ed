/** The figures of the moment, in four groups: the queue, the sale, the money, and how well the machine copes. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import type { Books, Sample } from "../../calls/control.ts";
import { moneyText } from "../../format/money.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { LATE_SECONDS, SLOW_MS } from "./worries.ts";
import type { WaitPoint } from "./waits.ts";

interface Props {
  readonly sample: Sample;
  readonly waits: readonly WaitPoint[];
  readonly books: Books | null;
  readonly currency: string;
}

export function Figures({ sample, waits, books, currency }: Props): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const n = (value: number): string => value.toLocaleString(chosen);
  const money = (amount: number): string => (currency === "" ? n(amount) : moneyText(amount, currency, chosen));
  const time = (seconds: number): string =>
    seconds < 120 ? t.seconds({ n: n(Math.round(seconds)) }) : t.minutes({ n: n(Math.round(seconds / 60)) });
  const range = (from: number, to: number): string => {
    // In one unit, that of the longer.
    const [unit, words] = to < 120 ? [1, t.secondsRange] : [60, t.minutesRange];
    return words({ from: n(Math.round(from / unit)), to: n(Math.round(to / unit)) });
  };
  const total = sample.grades.reduce((sum, grade) => sum + grade.total, 0);
  const sold = sample.grades.reduce((sum, grade) => sum + grade.sold, 0);
  const value = sample.grades.reduce((sum, grade) => sum + grade.value, 0);
  const { orders, shownWait } = sample;
  const toPay = (orders["pending"] ?? 0) + (orders["paying"] ?? 0) + (orders["awaiting-deposit"] ?? 0);
  const measured = waits.findLast((one) => one.measured !== null);
  return (
    <div class="figures">
      <Group name={t.groupQueue}>
        <Figure name={t.waiting} value={n(sample.waiting)} field="waiting" />
        <Figure name={t.present} value={n(sample.present)} field="present" />
        <Figure name={t.admitted} value={n(sample.admitted)} field="admitted" />
        <Figure name={t.flow} value={n(sample.flowPerMinute)} field="flow" />
        <Figure
          name={t.waitShown}
          value={shownWait === null ? "–" : range(shownWait[0], shownWait[1])}
          field="wait-shown"
        />
        <Figure
          name={t.waitMeasured}
          value={measured?.measured == null ? "–" : time(measured.measured)}
          field="wait-measured"
        >
          {measured?.from != null && measured.to !== null && (
            <small class="faint">{t.wasShown({ range: range(measured.from, measured.to) })}</small>
          )}
        </Figure>
        <Figure name={t.absent} value={n(sample.absent)} field="absent" />
        <Figure name={t.returned} value={n(sample.returned)} field="returned" />
      </Group>
      <Group name={t.groupSale}>
        <Figure
          name={t.sessions}
          value={t.ofCapacity({ n: n(sample.sessions), capacity: n(sample.capacity) })}
          field="sessions"
          share={sample.capacity === 0 ? 0 : sample.sessions / sample.capacity}
        />
        <Figure
          name={t.sold}
          value={t.ofSeats({ n: n(sold), total: n(total) })}
          field="sold"
          share={total === 0 ? 0 : sold / total}
        />
        <Figure name={t.paid} value={n(orders["paid"] ?? 0)} field="paid" />
        <Figure name={t.open} value={n(toPay)} field="to-pay" />
      </Group>
      <Group name={t.groupMoney}>
        <Figure name={t.value} value={money(value)} field="value" />
        <Figure name={t.captured} value={books === null ? "–" : money(books.captured)} field="captured" />
        <Figure name={t.refunded} value={books === null ? "–" : money(books.refunded)} field="refunded" />
        <Figure name={t.failures} value={books === null ? "–" : n(books.attempts["declined"] ?? 0)} field="failures" />
        <Figure name={t.unknown} value={n(sample.unknownPayments)} field="unknown" />
      </Group>
      <Group name={t.groupHealth}>
        <Figure
          name={t.outbox}
          value={t.outboxEvents({ n: n(sample.outbox), seconds: n(Math.round(sample.outboxSeconds)) })}
          field="outbox"
          worrying={sample.outboxSeconds > LATE_SECONDS}
        />
        <Figure
          name={t.answer}
          value={t.ms({ n: n(sample.answerMs) })}
          field="answer"
          worrying={sample.answerMs > SLOW_MS}
        />
        <Figure name={t.load} value={n(sample.callsPerSecond)} field="load" />
      </Group>
    </div>
  );
}

function Group({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section class="card figure-group">
      <h2>{name}</h2>
      <dl>{children}</dl>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly field: string;
  readonly share?: number;
  readonly worrying?: boolean;
  readonly children?: ComponentChildren;
}

function Figure({ name, value, field, share, worrying = false, children }: FigureProps): JSX.Element {
  return (
    <div class={worrying ? "figure figure-worry" : "figure"} data-figure={field}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {share !== undefined && <progress max={1} value={share} aria-label={name} />}
        {children}
      </dd>
    </div>
  );
}
