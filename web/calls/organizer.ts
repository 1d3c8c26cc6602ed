/** What an organiser writes: performances, dates, halls, posters, publication. */
import { ask } from "../api.ts";
import { type Decoder, fields, listOf, nothing, nullable, number, recordOf, text, time } from "../decode.ts";
import { type Page, pageOf } from "./performances.ts";

export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly description: string;
  readonly descriptionEn: string | null;
  readonly posterUrl: string | null;
  readonly runTimeMinutes: number | null;
  readonly ageRating: string | null;
  readonly hallId: string | null;
  readonly currency: string | null;
  readonly prices: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly publishedAt: number | null;
  readonly phase: string;
  readonly updatedAt: number;
}

export interface DraftDate {
  readonly id: string;
  readonly hallId: string;
  readonly startsAt: number;
  readonly publishedAt: number | null;
  readonly cancelledAt: number | null;
}

export interface Hall {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  readonly seats: number;
  readonly grades: readonly string[];
}

export interface Missing {
  readonly field: string;
  readonly message: string;
}

export interface Whole {
  readonly performance: Draft;
  readonly schedules: readonly DraftDate[];
}

const setting: Decoder<string | number | boolean | null> = (value) => {
  if (["string", "number", "boolean"].includes(typeof value)) return value as string;
  return null; // one that these pages do not show, such as what cancelling costs
};

const draft = fields<Draft>({
  id: text,
  title: text,
  titleEn: nullable(text),
  description: text,
  descriptionEn: nullable(text),
  posterUrl: nullable(text),
  runTimeMinutes: nullable(number),
  ageRating: nullable(text),
  hallId: nullable(text),
  currency: nullable(text),
  prices: recordOf(number),
  settings: recordOf(setting),
  publishedAt: nullable(time),
  phase: text,
  updatedAt: time,
});

const date = fields<DraftDate>({
  id: text,
  hallId: text,
  startsAt: time,
  publishedAt: nullable(time),
  cancelledAt: nullable(time),
});
const hall = fields<Hall>({
  id: text,
  name: text,
  address: text,
  timeZone: text,
  seats: number,
  grades: listOf(text),
});
const performanceAnswer = fields({ performance: draft });

const base = "/api/organizer/performances";
export const at = (id: string, rest = ""): string => `${base}/${encodeURIComponent(id)}${rest}`;

export function listDrafts(cursor: string | null): Promise<Page<Draft>> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  return ask({ method: "GET", path: `${base}${query}`, decode: pageOf(draft) });
}

export async function createDraft(title: string): Promise<string> {
  const { performance } = await ask({ method: "POST", path: base, body: { title }, decode: performanceAnswer });
  return performance.id;
}

export function readDraft(id: string): Promise<Whole> {
  const decode = fields<Whole>({ performance: draft, schedules: listOf(date) });
  return ask({ method: "GET", path: at(id), decode });
}

/** A change of a draft is idempotent: the same again is the same. */
export async function changeDraft(id: string, body: unknown): Promise<Draft> {
  const question = {
    method: "PATCH",
    path: at(id),
    body,
    decode: performanceAnswer,
    repeatable: true,
    tries: 1,
  } as const;
  return (await ask(question)).performance;
}

export function discardDraft(id: string): Promise<null> {
  return ask({ method: "DELETE", path: at(id), decode: nothing });
}

export async function uploadPoster(id: string, file: Blob): Promise<string> {
  const decode = fields({ posterUrl: text });
  const question = { method: "PUT", path: at(id, "/poster"), file, decode, timeoutMs: 60_000 } as const;
  return (await ask(question)).posterUrl;
}

export async function addDate(id: string, startsAt: number): Promise<DraftDate> {
  const body = { startsAt: new Date(startsAt).toISOString() };
  const decode = fields({ schedule: date });
  return (await ask({ method: "POST", path: at(id, "/schedules"), body, decode })).schedule;
}

export function removeDate(id: string, scheduleId: string): Promise<null> {
  return ask({ method: "DELETE", path: at(id, `/schedules/${encodeURIComponent(scheduleId)}`), decode: nothing });
}

export async function readMissing(id: string): Promise<readonly Missing[]> {
  const decode = fields({ missing: listOf(fields<Missing>({ field: text, message: text })) });
  return (await ask({ method: "GET", path: at(id, "/readiness"), decode })).missing;
}

/** Repeating it changes nothing, so a lost answer may be asked for again. */
export function publish(id: string): Promise<{ readonly phase: string; readonly seats: number }> {
  const decode = fields({ phase: text, seats: number });
  return ask({ method: "POST", path: at(id, "/publish"), decode, repeatable: true, timeoutMs: 60_000 });
}

export async function listHalls(): Promise<readonly Hall[]> {
  const { items } = await ask({ method: "GET", path: "/api/organizer/halls?limit=100", decode: pageOf(hall) });
  return items;
}
