/** English texts around every page. */
import type { Key } from "../ko/frame.ts";

const english: Record<Key, string> = {
  skip: "Skip to the content",
  brand: "TicketPing home",
  shows: "Shows",
  orders: "Orders",
  account: "My account",
  organizer: "Manage",
  login: "Sign in",
  logout: "Sign out",
  menu: "Main menu",
  promise: "Each seat is sold once. The order of the queue can be checked by anybody.",
  serverTime: "Server time",
  loading: "Loading…",
  again: "Try again",
  close: "Close",
  lostTitle: "This page does not exist",
  lostText: "The address has changed, or the page is gone.",
  home: "Go to the shows",
};

export default english;
