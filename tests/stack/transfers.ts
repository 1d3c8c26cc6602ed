/** Paying by bank transfer in tests: an account that is open, and what the buyer's bank does. */
import { Buyer, type Order } from "./buyer.ts";
import type { House, Show } from "./house.ts";

/** An order whose account is open. */
export async function openTransfer(
  house: House,
  show: Show,
  seats: readonly string[],
): Promise<{ buyer: Buyer; order: Order }> {
  const buyer = await Buyer.inside(house, show);
  const { id } = await buyer.hold(seats);
  return { buyer, order: await buyer.openAccount((await buyer.order(id)).id) };
}

/** What the buyer's bank does; the answer's status. */
export async function atTheBank(house: House, order: Order, action: "deposit" | "late" | "undo"): Promise<number> {
  const body = JSON.stringify({ orderId: `${order.id}-1`, action });
  return (await fetch(new URL("/sandbox/deposits", house.where.tossUrl), { method: "POST", body })).status;
}
