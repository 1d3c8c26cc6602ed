/** Playing a sale through before it happens. */
import { ask } from "../api.ts";
import { type Decoder, fields, flag, listOf, nullable, number, oneOf, recordOf } from "../decode.ts";
import { at } from "./organizer.ts";

export interface RehearsalResult {
  readonly points: readonly {
    readonly second: number;
    readonly waiting: number;
    readonly sessions: number;
    readonly admitted: number;
    readonly sold: number;
  }[];
  readonly seats: number;
  readonly sold: number;
  readonly orders: number;
  readonly admitted: number;
  readonly soldOutAfter: number | null;
  readonly waits: { readonly half: number; readonly most: number; readonly longest: number } | null;
  readonly leftWaiting: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly checks: { readonly capacity: boolean; readonly rate: boolean; readonly soldOnce: boolean };
}

export interface Rehearsal {
  readonly state: "none" | "running" | "done" | "interrupted" | "cancelled";
  readonly fans: number;
  readonly progress: number;
  readonly result: RehearsalResult | null;
}

const result = fields<RehearsalResult>({
  points: listOf(fields({ second: number, waiting: number, sessions: number, admitted: number, sold: number })),
  seats: number,
  sold: number,
  orders: number,
  admitted: number,
  soldOutAfter: nullable(number),
  waits: nullable(fields({ half: number, most: number, longest: number })),
  leftWaiting: number,
  refusals: recordOf(number),
  checks: fields({ capacity: flag, rate: flag, soldOnce: flag }),
});

const rehearsal: Decoder<Rehearsal> = fields<Rehearsal>({
  state: oneOf("none", "running", "done", "interrupted", "cancelled"),
  fans: number,
  progress: number,
  result: nullable(result),
});

export function startRehearsal(id: string, fans: number): Promise<Rehearsal> {
  const question = { method: "POST", path: at(id, "/rehearsal"), body: { fans }, decode: rehearsal } as const;
  // Begun twice is begun once: one that is being played is answered as it stands.
  return ask({ ...question, repeatable: true, timeoutMs: 60_000 });
}

export function readRehearsal(id: string): Promise<Rehearsal> {
  return ask({ method: "GET", path: at(id, "/rehearsal"), decode: rehearsal });
}

export function cancelRehearsal(id: string): Promise<Rehearsal> {
  return ask({ method: "DELETE", path: at(id, "/rehearsal"), decode: rehearsal });
}
