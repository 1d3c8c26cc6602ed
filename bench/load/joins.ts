/** Arrivals: packed joins in batches, a few in flight, every number checked to be given once. */
import { z } from "zod";
import { ENTRY_BYTES } from "../../durable-objects/performance/admission/entry.ts";
import type { PerformanceContract } from "../../durable-objects/performance/contract.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";
import { granted, inFlight, type DriverEnvironment } from "./environment.ts";

/** Open and full, and nobody's time ends meanwhile: everybody queues, which is what the busiest second looks like. */
export const JOIN_SETTINGS = {
  capacity: 100,
  ratePerMinute: 100,
  showUpSeconds: 600,
  lobbies: 100,
  bookingLobbies: 6,
} as const;

const Input = z.object({
  id: z.string(),
  object: z.enum(["performance", "stand-in"]),
  /** Entries of one batch; 0 sends batches without commands. */
  size: z.number(),
  inFlight: z.number(),
  /** Ends when so many batches are done or so much time has passed. */
  batches: z.number(),
  seconds: z.number(),
});

export async function join(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id, object: which, size, inFlight: lines, batches, seconds } = Input.parse(input);
  const object = which === "performance" ? env.PERFORMANCE.getByName(id) : env.STAND_IN.getByName(id);
  const before = which === "performance" ? await published(object, id) : 0;
  const seen = new Seen();
  const startedAt = Date.now();
  let sequence = 0;
  const one = async (): Promise<void> => {
    sequence += 1;
    const commands = size === 0 ? [] : ([{ kind: "join", entries: freshEntries(size) }] as const);
    const { replies } = await object.execute({ lobby: null, incarnation: 1, sequence, commands });
    if (size === 0 || which === "stand-in") return;
    for (const number of granted(replies[0], "joined").numbers) seen.note(number);
  };
  await inFlight(lines, () => (sequence < batches && Date.now() - startedAt < seconds * 1_000 ? one() : null));
  const milliseconds = Date.now() - startedAt;
  const joins = sequence * size;
  if (which === "performance") {
    const { joined } = (await object.figures()).status;
    if (joined !== before + joins) throw new Error(`${joins} joined ${before}, and the roster has ${joined}`);
    if (seen.distinct !== joins) throw new Error(`${joins} joins got ${seen.distinct} distinct numbers`);
  }
  return { batches: sequence, joins, milliseconds };
}

async function published(object: PerformanceContract, id: string): Promise<number> {
  const reply = await object.publish({ ...publishRequest(JOIN_SETTINGS), performanceId: id });
  if (!reply.ok) throw new Error(`not published: ${reply.refusal.code}`);
  return (await object.figures()).status.joined;
}

const Line = z.object({ id: z.string(), lobbies: z.number() });

/** A line to join through the edge: open, with one slot, so that everybody stays in it but the one who is in. */
export async function openLine(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id, lobbies } = Line.parse(input);
  const request = publishRequest({ ...JOIN_SETTINGS, capacity: 1, ratePerMinute: 100_000, lobbies, bookingLobbies: 1 });
  return env.PERFORMANCE.getByName(id).publish({ ...request, performanceId: id });
}

/** Batches the object has executed, which is what everybody's waiting costs it, and people who have joined. */
export async function callsSoFar(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id } = z.object({ id: z.string() }).parse(input);
  const { calls, status } = await env.PERFORMANCE.getByName(id).figures();
  return { calls, joined: status.joined };
}

/** Entries nobody has: as uniform as the HMACs they stand for. */
export function freshEntries(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count * ENTRY_BYTES));
}

/** Which numbers were given, a bit each. */
class Seen {
  distinct = 0;
  #bits = new Uint8Array(1 << 17);

  note(number: number): void {
    const at = number >> 3;
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    const bit = 1 << (number & 7);
    const byte = this.#bits[at] ?? 0;
    if ((byte & bit) === 0) this.distinct += 1;
    this.#bits[at] = byte | bit;
  }
}
