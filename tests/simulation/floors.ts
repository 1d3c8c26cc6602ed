/** What a campaign is there for, and how much of it must be met: a green run that never met a fault has shown nothing. */
import type { House } from "./house/house.ts";
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
  "transfers waited for": 0.3,
  "transfers that arrived": 0.05,
  "transfers that came too late": 0.005,
  "transfers taken back": 0.002,
  "forged notifications": 0.05,
  "answers that were old": 0.02,
  "accounts given to be paid back": 0.01,
  "messages dropped": 0.5,
  "messages doubled": 0.5,
  "stale messages": 0.1,
  "deliveries while Postgres was away": 1,
  "clock steps back": 0.5,
  "holds expired before the order": 0.1,
};

/** The same for whole houses. */
export const houseFloors: Readonly<Record<string, number>> = {
  "house: requests": 300,
  "house: admissions": 5,
  "house: holds": 3,
  "house: payments": 1,
  "house: cancellations": 0.2,
  "house: seat conflicts": 5,
  "house: requests sent twice": 3,
  "house: mischief refused": 0.5,
  "house: objects crashed": 1,
  "house: lobbies crashed": 0.5,
  "house: evictions": 2,
  "house: starts that did not commit": 0.2,
  "house: calls lost": 2,
  "house: answers lost": 2,
  "house: calls late": 0.3,
  "house: alarms lost": 0.05,
  "house: alarms twice": 2,
  "house: clock steps back": 0.3,
  "house: provider's answers lost": 0.3,
};

export function metInHouse({ met, promises, platform, provider }: House): Readonly<Record<string, number>> {
  const { counts } = promises;
  return {
    houses: 1,
    "house: requests": met.requests,
    "house: admissions": counts["admissions"] ?? 0,
    "house: holds": counts["holds"] ?? 0,
    "house: payments": counts["payments"] ?? 0,
    "house: cancellations": counts["cancellations"] ?? 0,
    "house: seat conflicts": counts["seat conflicts"] ?? 0,
    "house: requests sent twice": counts["requests sent twice"] ?? 0,
    "house: mischief refused": counts["mischief refused"] ?? 0,
    "house: objects crashed": platform.met.objectCrashes,
    "house: lobbies crashed": platform.met.lobbyCrashes,
    "house: evictions": platform.met.evictions,
    "house: starts that did not commit": platform.met.startsFailed,
    "house: calls lost": platform.met.callsLost,
    "house: answers lost": platform.met.answersLost,
    "house: calls late": platform.met.callsLate,
    "house: alarms lost": platform.met.alarmsLost,
    "house: alarms twice": platform.met.alarmsTwice,
    "house: clock steps back": met.clockSteps,
    "house: provider's answers lost": provider.met.lostAfter,
  };
}

export function metBy({ met, provider, records, bank }: World): Readonly<Record<string, number>> {
  return {
    sales: 1,
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
    "transfers waited for": bank.met.waited,
    "transfers that arrived": bank.met.deposits,
    "transfers that came too late": bank.met.lateDeposits,
    "transfers taken back": bank.met.undone,
    "forged notifications": bank.met.forged,
    "answers that were old": bank.met.staleAnswers,
    "accounts given to be paid back": bank.met.accountsGiven,
    "messages dropped": records.met.dropped,
    "messages doubled": records.met.doubled,
    "stale messages": records.met.stale,
    "deliveries while Postgres was away": records.met.refused,
    "clock steps back": met.clockSteps,
    "holds expired before the order": met.refusals["hold-not-found"] ?? 0,
  };
}
