/** What must be true after a script, by the object's figures, by Postgres and by the sandbox's books: each as a sentence. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Outcome } from "../dev/demo/books.ts";
import type { Scene, ScriptName } from "./scenes.ts";
import type { Figures } from "./stage.ts";

/** What the script itself has counted. */
export interface Counted {
  readonly finished: number;
  readonly paid: number;
  /** Came when it was sold out already, and were given no number. */
  readonly atTheDoor: number;
}

export interface Evidence {
  readonly scene: Scene;
  readonly figures: Figures;
  readonly books: Outcome;
  readonly counted: Counted;
}

const summary = z.looseObject({
  metrics: z.record(z.string(), z.looseObject({ count: z.number().optional() })),
});

export function readCounted(file: string): Counted {
  const { metrics } = summary.parse(JSON.parse(readFileSync(file, "utf8")));
  const count = (name: string): number => metrics[name]?.count ?? 0;
  return { finished: count("fans_finished"), paid: count("orders_paid"), atTheDoor: count("sold_out_at_the_door") };
}

type Rule = readonly [holds: boolean, sentence: string];

/** The sentences that do not hold, as what was found instead. */
export function findFault(script: ScriptName, evidence: Evidence): readonly string[] {
  const rules = [...always(evidence), ...(script === "booking" ? sold(evidence) : notSold(evidence))];
  if (script === "onsale-rush") {
    const { figures, scene } = evidence;
    rules.push([figures.admittedTotal === scene.fans, `${figures.admittedTotal} of ${scene.fans} fans were admitted`]);
  }
  return rules.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

function always({ scene, figures, counted }: Evidence): Rule[] {
  const { joined, waiting, sessions } = figures.status;
  const numbers = scene.fans - counted.atTheDoor;
  const seats = Object.values(figures.seatsByStatus).reduce((sum, count) => sum + count, 0);
  return [
    [counted.finished === scene.fans, `${counted.finished} of ${scene.fans} fans came to an end`],
    [joined === numbers, `${numbers} fans joined, but the queue gave out ${joined} numbers`],
    [waiting === 0, `${waiting} people are still waiting although everybody has gone`],
    [sessions === 0, `${sessions} booking sessions are left although everybody has gone`],
    [seats === scene.seats, `the house has ${scene.seats} seats, but ${seats} are accounted for`],
  ];
}

function sold({ scene, figures, books, counted }: Evidence): Rule[] {
  const inObject = figures.seatsByStatus["sold"] ?? 0;
  return [
    [books.orders === counted.paid, `${counted.paid} fans paid, but Postgres has ${books.orders} paid orders`],
    [books.doubleSales === 0, `${books.doubleSales} seats were sold twice`],
    [books.seatsSold <= scene.seats, `${books.seatsSold} seats sold of ${scene.seats}`],
    [books.seatsSold === inObject, `${books.seatsSold} seats sold in Postgres, ${inObject} in the object`],
    [books.tickets === books.seatsSold, `${books.seatsSold} seats sold, but ${books.tickets} tickets`],
    [books.ledger === books.sandbox, `our ledger says ${books.ledger}, the provider's books ${books.sandbox}`],
    [books.ledgerBalance === 0, `the ledger does not balance: ${books.ledgerBalance}`],
  ];
}

function notSold({ scene, figures, books }: Evidence): Rule[] {
  const free = figures.seatsByStatus["free"] ?? 0;
  return [
    [free === scene.seats, `nobody bought, but only ${free} of ${scene.seats} seats are free`],
    [books.orders === 0 && books.sandbox === 0, `nobody bought, but there are ${books.orders} orders`],
  ];
}
