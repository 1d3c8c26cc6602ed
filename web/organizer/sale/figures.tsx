/** The figures of the moment, as large as they matter. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Books, readBooks, type Sample } from "../../calls/control.ts";
import { moneyText } from "../../format/money.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";

/** Money comes from the records, which are asked less often than the sale tells. */
const BOOKS_MS = 15_000;

interface Props {
  readonly id: string;
  readonly sample: Sample;
  readonly currency: string;
}

export function Figures({ id, sample, currency }: Props): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const books = useBooks(id);
  const n = (value: number): string => value.toLocaleString(chosen);
  const money = (amount: number): string => (currency === "" ? n(amount) : moneyText(amount, currency, chosen));
  const total = sample.grades.reduce((sum, grade) => sum + grade.total, 0);
  const sold = sample.grades.reduce((sum, grade) => sum + grade.sold, 0);
  const value = sample.grades.reduce((sum, grade) => sum + grade.value, 0);
  const { orders } = sample;
  const toPay = (orders["pending"] ?? 0) + (orders["paying"] ?? 0) + (orders["awaiting-deposit"] ?? 0);
  const late = sample.outboxSeconds > 30 || sample.answerMs > 1_000;
  return (
    <section class="tiles" aria-label={t.figures}>
      <Tile name={t.waiting} value={n(sample.waiting)} field="waiting" />
      <Tile name={t.present} value={n(sample.present)} field="present" />
      <Tile
        name={t.sessions}
        value={t.ofCapacity({ n: n(sample.sessions), capacity: n(sample.capacity) })}
        field="sessions"
        share={sample.capacity === 0 ? 0 : sample.sessions / sample.capacity}
      />
      <Tile name={t.flow} value={n(sample.flowPerMinute)} field="flow" />
      <Tile
        name={t.sold}
        value={t.ofSeats({ n: n(sold), total: n(total) })}
        field="sold"
        share={total === 0 ? 0 : sold / total}
      />
      <Tile name={t.value} value={money(value)} field="value" />
      <Tile name={t.paid} value={n(orders["paid"] ?? 0)} field="paid" />
      <Tile name={t.open} value={n(toPay)} field="to-pay" />
      <Tile name={t.admitted} value={n(sample.admitted)} field="admitted" />
      <Tile name={t.absent} value={n(sample.absent)} field="absent" />
      <Tile name={t.returned} value={n(sample.returned)} field="returned" />
      <Tile name={t.captured} value={books === null ? "–" : money(books.captured)} field="captured" />
      <Tile name={t.refunded} value={books === null ? "–" : money(books.refunded)} field="refunded" />
      <Tile name={t.failures} value={books === null ? "–" : n(books.attempts["declined"] ?? 0)} field="failures" />
      <Tile name={t.unknown} value={n(sample.unknownPayments)} field="unknown" />
      <Tile
        name={t.outbox}
        value={t.outboxEvents({ n: n(sample.outbox), seconds: n(Math.round(sample.outboxSeconds)) })}
        field="outbox"
        worrying={late}
      />
      <Tile name={t.answer} value={t.ms({ n: n(sample.answerMs) })} field="answer" worrying={late} />
      <Tile name={t.load} value={n(sample.callsPerSecond)} field="load" />
    </section>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly field: string;
  readonly share?: number;
  readonly worrying?: boolean;
}

function Tile({ name, value, field, share, worrying = false }: TileProps): JSX.Element {
  return (
    <div class={worrying ? "tile tile-worry" : "tile"} data-figure={field}>
      <span class="tile-name">{name}</span>
      <strong class="tile-value">{value}</strong>
      {share !== undefined && <progress max={1} value={share} aria-label={name} />}
    </div>
  );
}

function useBooks(id: string): Books | null {
  const [books, setBooks] = useState<Books | null>(null);
  useEffect(() => {
    let current = true;
    const look = (): void => {
      if (document.hidden) return;
      readBooks(id).then(
        (value) => {
          if (current) setBooks(value);
        },
        // The records are away: the last figures stay, and the sale's own go on.
        () => undefined,
      );
    };
    look();
    const timer = setInterval(look, BOOKS_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [id]);
  return books;
}
