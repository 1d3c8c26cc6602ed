/** English texts of the rehearsal. */
import type { Key } from "../ko/rehearsal.ts";

const english: Record<Key, string> = {
  title: "Rehearsal",
  lead: "Plays the whole sale with people who do not exist, on a copy of this performance. Nothing of it reaches the real sale, the list of shows or a payment.",
  badge: "Rehearsal · not a real sale",
  fans: "How many people",
  fansHint: "From 1 to 100,000. The more there are, the longer it takes.",
  fansError: "A whole number from 1 to 100,000, please.",
  start: "Begin the rehearsal",
  again: "Play it again",
  running: "Playing with {fans} people: {percent} %",
  progress: "Progress",
  cancel: "Stop the rehearsal",
  cancelled: "The rehearsal with {fans} people was stopped at {percent} %. It has no result.",
  interrupted: "The rehearsal was interrupted. Please begin again.",
  notReady: "Something is still missing, so it cannot be rehearsed. The last step of editing says what.",
  toCheck: "See what is missing",
  result: "With {fans} people",
  soldOut: "It was sold out {time} after the opening.",
  notSoldOut: "Of {seats} places, {sold} were sold.",
  waits:
    "Half of those let in waited no longer than {half}, nine in ten no longer than {most}, and the longest wait was {longest}.",
  admitted: "People let in: {admitted}. Orders: {orders}. Still waiting at the end: {left}.",
  capacityKept: "The limit of people booking at the same time was never exceeded.",
  capacityBroken: "The limit of people booking at the same time was exceeded.",
  rateKept: "The limit per minute was never exceeded.",
  rateBroken: "The limit per minute was exceeded.",
  soldOnceKept: "No seat was sold twice.",
  soldOnceBroken: "A seat was sold twice.",
  refusals: "Refused requests",
  noRefusals: "No request was refused.",
  chartPeople: "People waiting and booking",
  chartSold: "Seats sold",
  waiting: "Waiting",
  sessions: "Booking",
  sold: "Sold",
  seconds: "{n} s",
  minutes: "{n} min",
};

export default english;
