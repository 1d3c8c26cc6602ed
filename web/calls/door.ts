/** The door of one date: figures, the list to take along, and checking in. */
import { ask } from "../api.ts";
import { fields, flag, listOf, nullable, number, oneOf, text, time } from "../decode.ts";
import type { SigningKey } from "./draw.ts";
import { type Page, pageOf } from "./performances.ts";

export interface Seat {
  readonly section: string;
  readonly row: string;
  readonly label: string;
  readonly grade: string;
}

const result = oneOf(
  "admitted",
  "already-used",
  "cancelled",
  "reissued",
  "other-performance",
  "other-date",
  "not-a-ticket",
  "scan-reused",
);
export type Result = ReturnType<typeof result>;

const seat = fields<Seat>({ section: text, row: text, label: text, grade: text });

export interface Conflict {
  readonly id: string;
  readonly at: number;
  readonly device: string;
  readonly result: Result;
  readonly seat: Seat | null;
}

export interface Door {
  readonly title: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly valid: number;
  readonly admitted: number;
  readonly conflicts: readonly Conflict[];
}

export interface Answer {
  readonly id: string;
  readonly result: Result;
  readonly letIn: boolean;
  readonly ticket: { readonly seat: Seat } | null;
  readonly firstUse: { readonly at: number; readonly device: string } | null;
}

/** As the API takes it. `at` and `letIn` only where the door decided by its list. */
export interface Scan {
  readonly id: string;
  readonly token?: string;
  readonly code?: string;
  readonly at?: string;
  readonly letIn?: boolean;
}

export interface Where {
  readonly performanceId: string;
  readonly scheduleId: string;
}

const door = fields<Door>({
  title: text,
  startsAt: time,
  hallName: text,
  timeZone: text,
  valid: number,
  admitted: number,
  conflicts: listOf(fields<Conflict>({ id: text, at: time, device: text, result, seat: nullable(seat) })),
});

const answer = fields<Answer>({
  id: text,
  result,
  letIn: flag,
  ticket: nullable(fields({ seat })),
  firstUse: nullable(fields({ at: time, device: text })),
});

const of = ({ performanceId, scheduleId }: Where): string =>
  `/api/door/performances/${encodeURIComponent(performanceId)}/schedules/${encodeURIComponent(scheduleId)}`;

export function readDoor(where: Where): Promise<Door> {
  return ask({ method: "GET", path: of(where), decode: door });
}

export async function readDoorList(where: Where): Promise<string> {
  return (await ask({ method: "GET", path: `${of(where)}/list`, decode: fields({ list: text }), timeoutMs: 30_000 }))
    .list;
}

/** Safe to repeat: every scan has its id. One try where a person stands and waits. */
export async function sendScans(
  where: Where,
  device: string,
  scans: readonly Scan[],
  patience: { readonly tries: number; readonly timeoutMs: number },
): Promise<readonly Answer[]> {
  const decode = fields({ items: listOf(answer) });
  const body = { device, scans };
  return (await ask({ method: "POST", path: `${of(where)}/scans`, body, repeatable: true, decode, ...patience })).items;
}

export async function readKeys(): Promise<readonly SigningKey[]> {
  const decode = fields({ keys: listOf(fields<SigningKey>({ kid: text, x: text })) });
  return (await ask({ method: "GET", path: "/.well-known/jwks.json", decode })).keys;
}

export interface OwnPerformance {
  readonly id: string;
  readonly title: string;
  readonly publishedAt: number | null;
}

export function listOwn(cursor: string | null): Promise<Page<OwnPerformance>> {
  const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const item = fields<OwnPerformance>({ id: text, title: text, publishedAt: nullable(time) });
  return ask({ method: "GET", path: `/api/organizer/performances?limit=50${query}`, decode: pageOf(item) });
}
