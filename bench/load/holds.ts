/** Seats: holds of two by members who were let in before, and a crowd that wants the same ones. */
import { z } from "zod";
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import type { Command } from "../../durable-objects/performance/contract.ts";
import { SCHEDULE_ID } from "../../tests/simulation/charts.ts";
import { seeded } from "../../tests/simulation/random.ts";
import { inFlight, type DriverEnvironment } from "./environment.ts";
import { Plan, seatId } from "./stadium.ts";

const BATCH = 200;

const Crowd = z.object({ id: z.string(), members: z.number() });

/** Lets so many members in and has them enter. */
export async function populate(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const { id, members } = Crowd.parse(input);
  const object = env.PERFORMANCE.getByName(id);
  for (let from = 0; from < members; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, members - from) }, (_, index) => from + index);
    const entries = new Uint8Array(some.flatMap((member) => Array.from(entryBytes(entryOf(member)))));
    const enter = some.map((member): Command => ({ kind: "enter", entry: entryOf(member), member: memberId(member) }));
    // Admission happens at the end of a batch, so that entering takes the next one.
    await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: [{ kind: "join", entries }] });
    const { replies } = await object.execute({ lobby: null, incarnation: 1, sequence: 1, commands: enter });
    const refused = replies.find((reply) => !reply.ok);
    if (refused !== undefined) throw new Error(`not entered: ${JSON.stringify(refused)}`);
  }
  return { members };
}

const Holds = Plan.extend({ inFlight: z.number(), order: z.enum(["scattered", "by-section"]), share: z.number() });

/** Every member holds two neighbours, all of them different, until such a share of the pairs is taken. */
export async function hold(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const plan = Holds.parse(input);
  const all = pairsOf(plan);
  if (plan.order === "scattered") shuffle(all);
  const pairs = all.slice(0, Math.round(all.length * plan.share));
  const { answered, milliseconds } = await storm(
    env,
    plan,
    pairs.map((seats, member) => ({ member, seats })),
  );
  if (answered.held !== pairs.length) throw new Error(`${pairs.length} holds, answers: ${JSON.stringify(answered)}`);
  return { holds: pairs.length, milliseconds };
}

const Contention = Plan.extend({ inFlight: z.number(), rivals: z.number() });

/** So many rivals for every seat, in no order: how many holds were granted, and with which words the others refused. */
export async function contend(env: DriverEnvironment, input: unknown): Promise<unknown> {
  const plan = Contention.parse(input);
  const seats = pairsOf(plan).flat();
  const attempts = Array.from({ length: seats.length * plan.rivals }, (_, member) => ({
    member,
    seats: [seats[member % seats.length] ?? ""],
  }));
  shuffle(attempts);
  const { answered, milliseconds } = await storm(env, plan, attempts);
  return { attempts: attempts.length, answered, milliseconds };
}

interface Attempt {
  readonly member: number;
  readonly seats: readonly string[];
}

/** Sends the attempts in batches and counts the answers; making the commands is not part of the time. */
async function storm(
  env: DriverEnvironment,
  { id, inFlight: lines }: { readonly id: string; readonly inFlight: number },
  attempts: readonly Attempt[],
): Promise<{ readonly answered: Readonly<Record<string, number>>; readonly milliseconds: number }> {
  const object = env.PERFORMANCE.getByName(id);
  const batches: Command[][] = [];
  for (let from = 0; from < attempts.length; from += BATCH) {
    batches.push(attempts.slice(from, from + BATCH).map(holdCommand));
  }
  const answered: Record<string, number> = {};
  const startedAt = Date.now();
  await inFlight(lines, () => {
    const commands = batches.pop();
    if (commands === undefined) return null;
    return object.execute({ lobby: null, incarnation: 1, sequence: 1, commands }).then(({ replies }) => {
      for (const reply of replies) {
        const word = reply.ok ? (reply.kind === "hold" ? "held" : reply.kind) : reply.refusal.code;
        answered[word] = (answered[word] ?? 0) + 1;
      }
    });
  });
  return { answered, milliseconds: Date.now() - startedAt };
}

function holdCommand({ member, seats }: Attempt): Command {
  const name = memberId(member);
  const key = { id: `${name}|hold|${seats.join(",")}`, hash: entryOf(member) };
  return { kind: "hold", epoch: 0, entry: entryOf(member), member: name, scheduleId: SCHEDULE_ID, seats, key };
}

function pairsOf({ sections, rows, seats }: Plan): string[][] {
  const pairs: string[][] = [];
  for (let section = 0; section < sections; section++) {
    for (let row = 0; row < rows; row++) {
      for (let seat = 0; seat + 1 < seats; seat += 2) {
        pairs.push([seatId(section, row, seat), seatId(section, row, seat + 1)]);
      }
    }
  }
  return pairs;
}

function memberId(member: number): string {
  return `00000000-0000-4000-8000-${member.toString(16).padStart(12, "0")}`;
}

/** Spread over the whole range, as the HMACs are that it stands for. */
function entryOf(member: number): string {
  return seeded(member).hex(32);
}

function shuffle(list: unknown[]): void {
  const random = seeded(1);
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
}
