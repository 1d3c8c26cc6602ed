/** The code that opens kept seats to its owner: remembered in this tab alone, for one performance. */
const slotOf = (performanceId: string): string => `ticketping-seat-code:${performanceId}`;

/** As long as a hold takes it. */
export const SEAT_CODE_LENGTH_MAX = 64;

/** Empty: there is none. */
export function keptSeatCode(performanceId: string): string {
  try {
    return (sessionStorage.getItem(slotOf(performanceId)) ?? "").slice(0, SEAT_CODE_LENGTH_MAX);
  } catch {
    return "";
  }
}

export function keepSeatCode(performanceId: string, code: string): void {
  try {
    if (code === "") sessionStorage.removeItem(slotOf(performanceId));
    else sessionStorage.setItem(slotOf(performanceId), code);
  } catch {
    // Without storage a code lives as long as the page.
  }
}
