/** English texts of a performance's page. */
import type { Key } from "../ko/performance.ts";

const english: Record<Key, string> = {
  back: "All shows",
  venue: "Venue",
  period: "Dates",
  runTime: "Running time",
  minutes: "{n} min",
  age: "Age rating",
  limit: "Limit",
  seats: "{n} per person",
  about: "About",
  prices: "Grades and prices",
  schedules: "Schedules",
  allDates: "Show all dates",
  noSchedules: "No schedules yet.",
  seatCount: "{n} seats",
  join: "Join the queue",
  soldoutHint: "Sold out. If seats come back, those in the queue are told in their order.",
  free: "Free",
  dateCancelled: "Cancelled",
  joinHint: "One place per person: more tabs do not help.",
  joinSoon: "The queue opens at {time}. Come in now and you will be entered when it does.",
  ended: "Sales for this show have ended.",
  how: "How is the order decided?",
  codeNeeded: "Joining takes a pre-sale code.",
  verifierNeeded: "Before joining you will be verified by the organiser.",
  loginFirst: "You will be asked to sign in first.",
  missing: "The address does not name a show.",
};

export default english;
