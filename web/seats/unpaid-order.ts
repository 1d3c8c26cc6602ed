/** The order that was placed from here and may not be paid yet: whoever comes back from the checkout finds it again. */
const slotOf = (performanceId: string): string => `ticketping-unpaid-order:${performanceId}`;

export function keptOrder(performanceId: string): string | null {
  try {
    return sessionStorage.getItem(slotOf(performanceId));
  } catch {
    return null;
  }
}

export function keepOrder(performanceId: string, orderId: string): void {
  try {
    sessionStorage.setItem(slotOf(performanceId), orderId);
  } catch {
    // Then it is found under one's orders.
  }
}
