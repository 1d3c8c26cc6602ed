/**
 * The same crowd on the same machine, one after the other: our object, PostgreSQL, Redis. Each stands where the seats are
 * decided, asked by clients of its own kind as fast as it answers; what is in front of it (a lobby and an edge here, a service
 * with a pool of connections there) is in none of the figures.
 */
import { z } from "zod";
import { seeded } from "../../tests/simulation/random.ts";
import { findRedis, versionOf } from "../rivals/find-redis.ts";
import { CONNECTIONS as POSTGRES_CONNECTIONS, withPostgresRival } from "../rivals/postgres.ts";
import {
  CONNECTIONS as REDIS_CONNECTIONS,
  IN_FLIGHT as REDIS_IN_FLIGHT,
  withRedisRival,
  type Fsync,
} from "../rivals/redis.ts";
import type { Attempt, Outcome, Rival } from "../rivals/rival.ts";
import { shown, type Measured } from "../report.ts";
import { performanceId, withBench, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const SEATS = 1_000;
const ATTEMPTS = 100_000;
const HALL = { sections: 4, rows: 5, seats: 50 } as const;
/** Batches of 200 in flight at the object. */
const IN_FLIGHT = 4;
/** Without rivals: two neighbours each, nobody wants what somebody else has. */
const QUIET_HALL = { sections: 8, rows: 25, seats: 50 } as const;
const QUIET_SEATS = QUIET_HALL.sections * QUIET_HALL.rows * QUIET_HALL.seats;

interface Rates {
  /** Attempts answered in a second while a hundred want each seat. */
  readonly contended: number;
  /** Holds of two in a second while nobody is in the way. */
  readonly quiet: number;
}

const Answered = z.record(z.string(), z.number());
const Contended = z.object({ attempts: z.number(), answered: Answered, milliseconds: z.number() });
const Held = z.object({ holds: z.number(), milliseconds: z.number() });
const anything = z.unknown();

interface Ours extends Rates {
  readonly held: number;
  readonly taken: number;
}

async function measureOurs(bench: Bench): Promise<Ours> {
  const [id, quiet] = [performanceId(1), performanceId(2)];
  await bench.ask("publish", { id, ...HALL }, anything);
  await bench.ask("populate", { id, members: ATTEMPTS }, anything);
  const rivals = ATTEMPTS / SEATS;
  const { attempts, answered, milliseconds } = await bench.ask(
    "contention",
    { id, ...HALL, inFlight: IN_FLIGHT, rivals },
    Contended,
  );
  const { held: granted = 0, "seats-taken": taken = 0 } = answered;
  const held = (await bench.ask("seats", { id }, Answered))["held"] ?? 0;
  // More than there are would be as wrong as fewer: the figure is exact or it is an error.
  if (attempts !== ATTEMPTS || held !== SEATS || granted !== SEATS || granted + taken !== attempts) {
    throw new Error(`${attempts} attempts, ${held} seats held, answers ${JSON.stringify(answered)}`);
  }
  await bench.ask("publish", { id: quiet, ...QUIET_HALL }, anything);
  await bench.ask("populate", { id: quiet, members: QUIET_SEATS / 2 }, anything);
  const plan = { id: quiet, ...QUIET_HALL, inFlight: IN_FLIGHT, order: "scattered", share: 1 };
  const alone = await bench.ask("holds", plan, Held);
  return {
    contended: (attempts * 1_000) / milliseconds,
    quiet: (alone.holds * 1_000) / alone.milliseconds,
    held,
    taken,
  };
}

async function measureRival(rival: Rival): Promise<Rates> {
  const crowd = shuffled(
    Array.from({ length: ATTEMPTS }, (_, member): Attempt => ({ member, seats: [member % SEATS] })),
  );
  const pairs = shuffled(
    Array.from({ length: QUIET_SEATS / 2 }, (_, member): Attempt => ({ member, seats: [member * 2, member * 2 + 1] })),
  );
  // The server's caches and our code are warm afterwards, as ours are after everybody has come in.
  await rival.reset(QUIET_SEATS);
  await rival.run(pairs.slice(0, 1_000));
  await rival.reset(SEATS);
  const contended = await checked(rival, crowd, SEATS, SEATS);
  await rival.reset(QUIET_SEATS);
  const quiet = await checked(rival, pairs, pairs.length, QUIET_SEATS);
  return {
    contended: (crowd.length * 1_000) / contended.milliseconds,
    quiet: (pairs.length * 1_000) / quiet.milliseconds,
  };
}

async function checked(rival: Rival, attempts: readonly Attempt[], granted: number, held: number): Promise<Outcome> {
  const outcome = await rival.run(attempts);
  const found = await rival.held();
  if (outcome.granted !== granted || found !== held) {
    throw new Error(
      `${granted} of ${attempts.length} attempts should be granted: ${JSON.stringify(outcome)}, ${found} seats held`,
    );
  }
  return outcome;
}

export const contention: Study = {
  figures: [{ name: "contention_sold", unit: "seats", target: SEATS, better: "higher" }],
  measure(lab) {
    lab.say(`${ATTEMPTS} attempts on ${SEATS} seats`);
    return withBench(async (bench) => {
      const { held, taken, contended } = await measureOurs(bench);
      const note =
        `${ATTEMPTS.toLocaleString("en-US")} members want one of ${SEATS.toLocaleString("en-US")} seats each; the other ` +
        `${taken.toLocaleString("en-US")} were refused as taken, with an alternative while there was one; ${shown(contended)} answers /s`;
      return { contention_sold: { value: held, note } };
    });
  },
};

interface Theirs extends Rates {
  readonly name: string;
  /** How they were asked. */
  readonly what: string;
}

/** Ours and theirs right after each other, so that both meet the same machine. */
async function ratio(lab: Lab, theirs: () => Promise<readonly Theirs[]>): Promise<Measured> {
  lab.say("our object");
  const ours = await withBench(measureOurs);
  const [first, ...more] = await theirs();
  if (first === undefined) throw new Error("nothing to compare with");
  const against = (rates: Theirs): string =>
    `${rates.what}: ${shown(rates.contended)} answers /s (ratio ${shown(ours.contended / rates.contended)}), without rivals ` +
    `${shown(rates.quiet)} holds of two /s (ratio ${shown(ours.quiet / rates.quiet)})`;
  return {
    value: ours.contended / first.contended,
    note:
      `${ATTEMPTS.toLocaleString("en-US")} attempts on ${SEATS.toLocaleString("en-US")} seats, all durable before they are answered; the object, in ` +
      `batches of 200, ${IN_FLIGHT} in flight: ${shown(ours.contended)} answers /s, without rivals ${shown(ours.quiet)} holds of two /s; ` +
      [first, ...more].map(against).join("; "),
    detail: Object.fromEntries(
      [first, ...more].flatMap(({ name, contended, quiet }) => [
        [`${name}, a hundred on each seat`, ours.contended / contended],
        [`${name}, undisputed`, ours.quiet / quiet],
      ]),
    ),
  };
}

export const againstPostgres: Study = {
  figures: [{ name: "holds_ratio_to_postgres", unit: "×", target: null, better: "higher" }],
  async measure(lab) {
    const measured = await ratio(lab, async () => {
      lab.say("PostgreSQL");
      const rates = await withPostgresRival(measureRival);
      return [
        {
          ...rates,
          name: "PostgreSQL 18",
          what: `PostgreSQL 18, SELECT … FOR UPDATE SKIP LOCKED in one statement, ${POSTGRES_CONNECTIONS} connections`,
        },
      ];
    });
    return { holds_ratio_to_postgres: measured };
  },
};

export const againstRedis: Study = {
  figures: [{ name: "holds_ratio_to_redis", unit: "×", target: null, better: "higher" }],
  async measure(lab) {
    // Before anything is measured that there would be nothing to compare with.
    const version = versionOf(findRedis());
    const measured = await ratio(lab, async () => {
      const rates = async (fsync: Fsync) => {
        lab.say(`Redis, appendfsync ${fsync}`);
        const name = `Redis, appendfsync ${fsync}`;
        return { ...(await withRedisRival(fsync, measureRival)), name, what: `Redis ${version}, appendfsync ${fsync}` };
      };
      const always = await rates("always");
      const what = `${always.what}, one Lua script a hold, ${REDIS_IN_FLIGHT} in flight on each of ${REDIS_CONNECTIONS} connections`;
      return [{ ...always, what }, await rates("everysec")];
    });
    return { holds_ratio_to_redis: measured };
  },
};

function shuffled(attempts: Attempt[]): Attempt[] {
  const random = seeded(1);
  for (let last = attempts.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [attempts[last], attempts[other]];
    if (a !== undefined && b !== undefined) [attempts[last], attempts[other]] = [b, a];
  }
  return attempts;
}
