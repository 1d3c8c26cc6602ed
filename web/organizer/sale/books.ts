/**
 * What the records add up to: money taken and given back, and tries to pay. They are asked when the sale has told of
 * something that changes them, as soon as they have it, and besides every so often.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Books, readBooks, type Sample } from "../../calls/control.ts";

/** Adding up a large sale is work for the records: so often while it moves, and so often while nothing happens. */
const MOVING_MS = 5_000;
const STILL_MS = 15_000;
const CHECK_MS = 500;

type Told = Pick<Sample, "orders" | "seats" | "outbox" | "unknownPayments">;

/** The same for two samples between which nothing can have become of any money. */
function stateOfMoney({ orders, seats, outbox, unknownPayments }: Told): string {
  return JSON.stringify([orders, seats["sold"] ?? 0, outbox, unknownPayments]);
}

/** Null until the records have said. While they are away the last figures stay, and the sale's own go on. */
export function useBooks(id: string, sample: Sample | undefined): Books | null {
  const [books, setBooks] = useState<Books | null>(null);
  const state = sample === undefined ? "" : stateOfMoney(sample);
  const asked = useRef({ at: 0, state: "" });
  const now = useRef(state);
  now.current = state;
  useEffect(() => {
    let current = true;
    let busy = false;
    const look = (): void => {
      const { at, state: before } = asked.current;
      const passed = Date.now() - at;
      if (document.hidden || busy || passed < (before === now.current ? STILL_MS : MOVING_MS)) return;
      const told = now.current;
      busy = true;
      readBooks(id)
        .then(
          (value) => {
            if (current) setBooks(value);
          },
          () => undefined,
        )
        .finally(() => {
          busy = false;
          asked.current = { at: Date.now(), state: told };
        });
    };
    look();
    const timer = setInterval(look, CHECK_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [id]);
  return books;
}
