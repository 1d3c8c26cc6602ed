/** What a campaign is there for, and how much of it must be met: a green run that never met a fault has shown nothing. */
import type { World } from "./world.ts";

/** At least this many of each per sale, on average. */
export const floors: Readonly<Record<string, number>> = {
  crashes: 5,
  "seat conflicts": 0.5,
  "orders placed": 0.5,
  "payments begun": 0.2,
  "refunds asked for": 0.01,
  "fees kept": 0.01,
  "seats that returned later": 0.01,
  "dates moved": 0.005,
  "answers lost after the charge": 0.05,
  "declined payments": 0.02,
  "confirms repeated": 0.05,
  "money nobody asked for": 0.05,
  "messages dropped": 0.5,
  "messages doubled": 0.5,
  "stale messages": 0.1,
  "deliveries while Postgres was away": 1,
  "clock steps back": 0.5,
  "holds expired before the order": 0.1,
};

export function metBy({ met, provider, records }: World): Readonly<Record<string, number>> {
  return {
    crashes: met.crashes,
    "seat conflicts": met.conflicts,
    "orders placed": met.accepted["place-order"] ?? 0,
    "payments begun": met.accepted["begin-payment"] ?? 0,
    "refunds asked for": met.accepted["settle-refund"] ?? 0,
    "fees kept": met.fees,
    "seats that returned later": met.returns,
    "dates moved": met.moves,
    "answers lost after the charge": provider.met.lostAfterCharge,
    "declined payments": provider.met.declined,
    "confirms repeated": provider.met.repeated,
    "money nobody asked for": provider.met.unasked,
    "messages dropped": records.met.dropped,
    "messages doubled": records.met.doubled,
    "stale messages": records.met.stale,
    "deliveries while Postgres was away": records.met.refused,
    "clock steps back": met.clockSteps,
    "holds expired before the order": met.refusals["hold-not-found"] ?? 0,
  };
}
