/**
 * What this tab held and ordered of a performance, so that whoever comes back finds it again, or is told what became of it:
 * a hold that ran out meanwhile is in no answer of the server's any more.
 */
const orderSlot = (performanceId: string): string => `ticketping-unpaid-order:${performanceId}`;
const holdSlot = (performanceId: string): string => `ticketping-hold:${performanceId}`;

export const keptOrder = (performanceId: string): string | null => read(orderSlot(performanceId));

/** From now on it is the order's: its seats are held no more. */
export function keepOrder(performanceId: string, orderId: string): void {
  write(orderSlot(performanceId), orderId);
  keepHold(performanceId, null);
}

export const keptHold = (performanceId: string): string | null => read(holdSlot(performanceId));

/** Null: nothing is held, and its owner knows. */
export function keepHold(performanceId: string, holdId: string | null): void {
  write(holdSlot(performanceId), holdId);
}

function read(slot: string): string | null {
  try {
    return sessionStorage.getItem(slot);
  } catch {
    return null;
  }
}

function write(slot: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(slot);
    else sessionStorage.setItem(slot, value);
  } catch {
    // Then an order is found under one's orders, and a hold among one's holds while it lasts.
  }
}
