/** The signed receipt of joining, kept in this browser so that the draw's page can find one's own place in the list. */
export const receiptSlot = (id: string): string => `ticketping-receipt:${id}`;

export function keepReceipt(id: string, receipt: string): void {
  try {
    localStorage.setItem(receiptSlot(id), receipt);
  } catch {
    // The order can be checked without it, only not one's own place in it.
  }
}
