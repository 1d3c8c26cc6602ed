/**
 * Asks everything that has figures, at once. What does not answer in time is a figure of its own, not a failed scrape. The
 * list of sales is kept for an hour per isolate, because a sale goes on while Postgres is away, and so must its figures.
 */
import { METER, type Counts } from "../../../durable-objects/meter/contract.ts";
import { askObject, askPerformanceAgain } from "../../calls/objects.ts";
import type { Environment } from "../../environment.ts";
import { offeredProviders } from "../../payments/settings.ts";
import { isRecordsUnavailable, withRecords } from "../../records/database.ts";
import { keptMs } from "../../records/finished-sales.ts";
import { listWatchedPerformances, readRecordsFigures, type RecordsFigures } from "../../records/figures.ts";
import { StaleCache } from "../../edge/stale-cache.ts";
import type { SaleFigures, Sources } from "./family.ts";

/** So many sales are asked at most: each costs a request to its object, and each label value costs the scraper. */
const MOST_SALES = 50;
/** Whoever watches asks whatever the breaker says: to know is the point. */
const LOOKING = { deadlineMs: 3_000, regardless: true } as const;

const lists = new StaleCache<readonly string[]>({ freshMs: 15_000, staleMs: 3_600_000, entries: 1 });

export async function collect(env: Environment): Promise<Sources> {
  const [records, sales, meter] = await Promise.all([
    orNull(withRecords(env, (db) => readRecordsFigures(db, keptMs(env)), LOOKING)),
    salesOf(env),
    readMeter(env).catch(() => null),
  ]);
  return { records, ...sales, offered: offeredProviders(env), meter, now: Date.now() };
}

async function salesOf(env: Environment): Promise<Pick<Sources, "sales" | "silent">> {
  const load = () => withRecords(env, (db) => listWatchedPerformances(db, new Date(), MOST_SALES), LOOKING);
  const ids = (await orNull(lists.get("sales", load))) ?? [];
  const answers = await Promise.allSettled(
    ids.map((id) => askPerformanceAgain(env, id, (object) => object.figures(), LOOKING)),
  );
  const sales = answers.flatMap((answer, index): SaleFigures[] => {
    const id = ids[index];
    return answer.status === "fulfilled" && id !== undefined ? [{ id, figures: answer.value }] : [];
  });
  const answered = new Set(sales.map(({ id }) => id));
  return { sales, silent: ids.filter((id) => !answered.has(id)) };
}

async function orNull<T extends RecordsFigures | readonly string[]>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isRecordsUnavailable(error)) return null;
    throw error;
  }
}

/** The Meter's counts; any object would do to see whether objects answer, and this one is always there. */
export function readMeter(env: Environment, deadlineMs: number = LOOKING.deadlineMs): Promise<Counts> {
  return askObject(env, "meter", METER, () => env.METER.getByName(METER).read(), {
    deadlineMs,
    repeatable: true,
    regardless: true,
  });
}
