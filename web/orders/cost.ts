/** What giving back some of the quoted seats costs: fees are the server's, seat by seat. */
import type { Quote } from "../calls/cancellations.ts";

export function costOf(quote: Quote, picked: ReadonlySet<string>): { readonly fee: number; readonly refund: number } {
  const chosen = quote.seats.filter(({ id }) => picked.has(id));
  const fee = chosen.reduce((sum, seat) => sum + seat.fee, 0);
  const price = chosen.reduce((sum, seat) => sum + seat.price, 0);
  return { fee, refund: quote.because === "unpaid" ? 0 : price - fee };
}
