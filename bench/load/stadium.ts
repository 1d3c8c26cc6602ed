/** A stadium of 50,000 seats: published, asked for, started again. */
import { z } from "zod";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { publishRequest, SCHEDULE_ID } from "../../tests/simulation/charts.ts";
import type { DriverEnvironment } from "./environment.ts";

export const Plan = z.object({ id: z.string(), sections: z.number(), rows: z.number(), seats: z.number() });
export type Plan = z.infer<typeof Plan>;

function chartOf({ sections, rows, seats }: Plan): Chart {
  return {
    version: 1,
    name: "stadium",
    sections: Array.from({ length: sections }, (_, section) => ({
      id: `s${section + 1}`,
      name: `${section + 1}구역`,
      rows: Array.from({ length: rows }, (_, row) => ({
        label: String(row + 1),
        seats: Array.from({ length: seats }, (_, seat) => ({
          id: seatId(section, row, seat),
          label: String(seat + 1),
          grade: row * 3 < rows ? "S" : row * 3 < rows * 2 ? "A" : "B",
          x: (section % 10) * (seats + 3) + seat,
          y: Math.floor(section / 10) * (rows + 3) + row,
        })),
      })),
    })),
  };
}

export function seatId(section: number, row: number, seat: number): string {
  return `s${section + 1}r${row + 1}n${seat + 1}`;
}

/** Everybody who joins is let in at once, and has time: what is measured is seats, not waiting. */
const BOOKING_SETTINGS = {
  capacity: 1_000_000,
  ratePerMinute: 1_000_000,
  showUpSeconds: 600,
  bookingSeconds: 3_600,
  holdSeconds: 3_600,
  lobbies: 2,
} as const;

const Published = Plan.extend({ bookingLobbies: z.number().default(1) });

/** From the publication to the first answer with every seat in it. */
export async function publish(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const plan = Published.parse(input);
  const { bookingLobbies } = plan;
  const request = { ...publishRequest({ ...BOOKING_SETTINGS, bookingLobbies }, chartOf(plan)), performanceId: plan.id };
  const object = env.PERFORMANCE.getByName(plan.id);
  await object.facts(); // the object is there, and empty
  const startedAt = Date.now();
  const reply = await object.publish(request);
  const snapshot = await object.seats(SCHEDULE_ID);
  const milliseconds = Date.now() - startedAt;
  const seats = snapshot?.sections.reduce((sum, section) => sum + section.statuses.length, 0);
  if (!reply.ok || seats !== reply.seats) throw new Error(`published ${JSON.stringify(reply)}, but has ${seats} seats`);
  return { milliseconds, seats };
}

const Id = z.object({ id: z.string() });

/** The first answer of an object that has to start from storage. */
export async function resume(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id } = Id.parse(input);
  const object = env.PERFORMANCE.getByName(id);
  const startedAt = Date.now();
  const { incarnation, status } = await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: [] });
  const milliseconds = Date.now() - startedAt;
  return { milliseconds, joined: status.joined, awake: incarnation < startedAt };
}

export async function snapshot(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id } = Id.parse(input);
  return { snapshot: JSON.stringify(await env.PERFORMANCE.getByName(id).seats(SCHEDULE_ID)) };
}

export async function seatsTaken(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id } = Id.parse(input);
  return (await env.PERFORMANCE.getByName(id).figures()).seatsByStatus;
}
