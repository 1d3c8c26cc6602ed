/** Asks for an order again and again, ever more slowly, until it is settled one way or the other. */
import { useEffect } from "preact/hooks";
import { type Order, readOrder } from "../calls/orders.ts";
import { jittered } from "../api.ts";

const unsettled = new Set<Order["status"]>(["paying", "awaiting-deposit", "cancelling"]);

export function useSettling(order: Order | null, active: boolean, onChange: (order: Order) => void): void {
  const id = order?.id ?? null;
  const waiting = active && order !== null && unsettled.has(order.status);
  useEffect(() => {
    if (!waiting || id === null) return;
    let pause = 1500;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const next = (): void => {
      timer = setTimeout(() => void look(), jittered(pause) + pause / 4);
      pause = Math.min(15_000, pause * 1.3);
    };
    const look = async (): Promise<void> => {
      try {
        const fresh = await readOrder(id);
        if (!ended) onChange(fresh);
      } catch {
        // Asked again below; the order is safe with the server.
      }
      if (!ended) next();
    };
    next();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [id, waiting, onChange]);
}
