/** Rows written per join, counted by the database itself: every cursor says how many rows its statement wrote. */
import { z } from "zod";
import { Performance, type PerformanceEnvironment } from "../../durable-objects/performance/performance.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";
import type { DriverEnvironment } from "./environment.ts";
import { freshEntries, JOIN_SETTINGS } from "./joins.ts";

const counter = { rows: 0, watching: false };

/** The real object; from its first start on, the statements of this isolate count what they write. */
export class CountedPerformance extends Performance {
  constructor(ctx: DurableObjectState, env: PerformanceEnvironment) {
    watch(Object.getPrototypeOf(ctx.storage.sql) as SqlStorage);
    super(ctx, env);
  }

  rowsWritten(): Promise<number> {
    const { rows } = counter;
    counter.rows = 0;
    return Promise.resolve(rows);
  }
}

function watch(statements: SqlStorage): void {
  if (counter.watching) return;
  counter.watching = true;
  const exec = Reflect.get(statements, "exec");
  const counted = function (this: SqlStorage, ...input: Parameters<SqlStorage["exec"]>): ReturnType<typeof exec> {
    const cursor = exec.apply(this, input);
    counter.rows += cursor.rowsWritten;
    return cursor;
  };
  Object.defineProperty(statements, "exec", { value: counted, configurable: true, writable: true });
}

const Input = z.object({ id: z.string(), batches: z.number(), size: z.number() });

export async function countedRows(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id, batches, size } = Input.parse(input);
  const object = env.COUNTED.getByName(id);
  await object.publish({ ...publishRequest(JOIN_SETTINGS), performanceId: id });
  await object.rowsWritten();
  for (let sequence = 1; sequence <= batches; sequence++) {
    const commands = [{ kind: "join", entries: freshEntries(size) }] as const;
    await object.execute({ lobby: null, incarnation: 1, sequence, commands });
  }
  return { rows: await object.rowsWritten(), joins: batches * size };
}

const ENTERING = 2_000;
const TOGETHER = 20;

/** People who are let in, enter, and are done, twenty at a time, as a busy sale's second has it. */
export async function countedEntering(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id } = z.object({ id: z.string() }).parse(input);
  const object = env.COUNTED.getByName(id);
  const settings = { ...JOIN_SETTINGS, capacity: TOGETHER, ratePerMinute: 1_000_000 };
  await object.publish({ ...publishRequest(settings), performanceId: id });
  const entries = freshEntries(ENTERING);
  await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: [{ kind: "join", entries }] });
  await object.rowsWritten();
  for (let from = 0; from < ENTERING; from += TOGETHER) {
    const some = Array.from({ length: TOGETHER }, (_, index) => hexAt(entries, from + index));
    const enter = some.map((entry) => ({ kind: "enter", entry, member: entry }) as const);
    const leave = some.map((entry) => ({ kind: "leave", entry }) as const);
    await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: enter });
    await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: leave });
  }
  const { admittedTotal } = await object.figures();
  if (admittedTotal !== ENTERING) throw new Error(`${admittedTotal} of ${ENTERING} were let in`);
  return { rows: await object.rowsWritten(), people: ENTERING };
}

function hexAt(entries: Uint8Array, index: number): string {
  return Buffer.from(entries.subarray(index * 16, index * 16 + 16)).toString("hex");
}
