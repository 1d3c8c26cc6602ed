/** English texts of the ticket page. */
import type { Key } from "../ko/ticket.ts";

const english: Record<Key, string> = {
  title: "Tickets",
  back: "Order",
  print: "Print",
  missing: "The address does not name an order.",
  none: "There are no tickets yet. Please look again in a moment.",
  when: "Date",
  where: "Venue",
  grade: "Grade",
  orderNumber: "Order number",
  seatLine: "Row {row} seat {seat}",
  qr: "QR code for the door",
  code: "Code",
  hint: "Show this QR code at the door. It lets one person in, once: keep it to yourself.",
  cancelled: "This ticket has been cancelled.",
  reissue: "Issue it again",
  reissued: "The ticket has been issued again.",
  reissueTitle: "Issue this ticket again?",
  reissueText: "The QR code you have now, and anything printed with it, will open no door any more.",
  keep: "Keep it",
};

export default english;
