/** The order that was placed from here: what has become of it, and the way on. Whoever goes back from the checkout sees it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Order, readOrder } from "../calls/orders.ts";
import { payState, type PayState } from "../checkout/outcome.ts";
import { type Key, seatsText } from "../i18n/ko/seats.ts";
import { Countdown } from "../page/countdown.tsx";
import { speak } from "../page/speak.ts";
import { serverNow } from "../time/clock.ts";
import { keptOrder } from "./kept.ts";
import { shortName } from "./seat-name.ts";

/** An order as it was when the server was last asked. */
export interface KeptOrder {
  readonly order: Order;
  readonly state: PayState;
}

const AGAIN_MS = 3_000;
/** Whose next state comes without anybody's doing here. */
const passing: readonly PayState[] = ["payable", "checking"];

/** Null: there is none, or it cannot be read; then it is still among one's orders. */
export async function readKept(performanceId: string): Promise<KeptOrder | null> {
  const id = keptOrder(performanceId);
  if (id === null) return null;
  const order = await readOrder(id).catch(() => null);
  return order === null ? null : { order, state: payState(order, serverNow()) };
}

/** Asked again when its time is up, and when the page is looked at again: it may have been paid in another window. */
export function useKept(performanceId: string, first: KeptOrder | null = null): KeptOrder | null {
  const [kept, setKept] = useState(first);
  const known = kept !== null;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      const fresh = await readKept(performanceId);
      if (ended) return;
      if (fresh !== null) setKept(fresh);
      const left = fresh?.state === "payable" ? fresh.order.payBy - serverNow() : 0;
      const changing = fresh === null ? known : passing.includes(fresh.state);
      if (changing) timer = setTimeout(() => void look(), Math.max(left, AGAIN_MS));
    };
    const seen = (): void => {
      if (document.visibilityState === "visible") void look();
    };
    if (keptOrder(performanceId) !== null) void look();
    document.addEventListener("visibilitychange", seen);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [performanceId, known]);
  return kept;
}

/** Whether its seats are still its buyer's, or may be. */
export const stands = ({ state }: KeptOrder): boolean => state !== "expired" && state !== "not-payable";

const saying = {
  payable: "unpaid",
  checking: "orderChecking",
  deposit: "orderDeposit",
  paid: "orderPaid",
  expired: "orderOver",
  "not-payable": "orderClosed",
} as const satisfies Record<PayState, Key>;

interface Props {
  readonly kept: KeptOrder;
  /** Whether the seats' sections are worth saying. */
  readonly several: boolean;
}

/** In a sentence: its seats and what became of them. */
export function KeptOrderNote({ kept: { order, state }, several }: Props): JSX.Element {
  const t = useStore(seatsText);
  const payable = state === "payable";
  const said = useRef(state);
  useEffect(() => {
    if (said.current !== state) speak(t[saying[state]]);
    said.current = state;
  });
  return (
    <div class="offer" data-kept-order={order.id} data-pay-state={state}>
      <p>
        <strong>{t[saying[state]]}</strong> {order.seats.map((seat) => shortName(seat, several)).join(", ")}
      </p>
      {payable && (
        <p>
          <Countdown to={order.payBy} label={t.unpaidEnds} spoken />
        </p>
      )}
      {payable ? (
        <a class="button wide" href={`/checkout?order=${encodeURIComponent(order.id)}`} data-action="pay-order">
          {t.order}
        </a>
      ) : (
        <a class="button quiet wide" href={`/order?id=${encodeURIComponent(order.id)}`} data-action="see-order">
          {t.toOrder}
        </a>
      )}
    </div>
  );
}
