/** A sale that runs: its figures as they are pushed, and what its organiser may do. */
import { ask } from "../api.ts";
import {
  type Decoder,
  fields,
  flag,
  listOf,
  nothing,
  nullable,
  number,
  recordOf,
  ShapeError,
  text,
  time,
} from "../decode.ts";
import { fallback } from "../decode-loosely.ts";
import { at } from "./organizer.ts";
import { type Page, pageOf } from "./performances.ts";

export interface GradeFigures {
  readonly grade: string;
  readonly total: number;
  readonly free: number;
  readonly sold: number;
  readonly value: number;
}

export interface Sample {
  readonly at: number;
  readonly phase: string;
  readonly joined: number;
  readonly waiting: number;
  readonly present: number;
  readonly absent: number;
  readonly returned: number;
  readonly front: number;
  readonly admitted: number;
  readonly sessions: number;
  readonly capacity: number;
  readonly ratePerMinute: number;
  readonly flowPerMinute: number;
  readonly drawn: number;
  readonly shownWait: readonly [from: number, to: number] | null;
  readonly grades: readonly GradeFigures[];
  readonly seats: Readonly<Record<string, number>>;
  readonly orders: Readonly<Record<string, number>>;
  readonly outbox: number;
  readonly outboxSeconds: number;
  readonly unknownPayments: number;
  readonly callsPerSecond: number;
  readonly answerMs: number;
}

const list = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new ShapeError("expected a list");
  return value;
};
const pair: Decoder<readonly [number, number]> = (value) => {
  const [from, to] = list(value);
  return [number(from), number(to)];
};
const grade: Decoder<GradeFigures> = (value) => {
  const [name, total, free, sold, worth] = list(value);
  return { grade: text(name), total: number(total), free: number(free), sold: number(sold), value: number(worth) };
};
const count = fallback(number, 0);

const sample = fields<Sample>({
  at: time,
  phase: text,
  joined: count,
  waiting: count,
  present: count,
  absent: count,
  returned: count,
  front: count,
  admitted: count,
  sessions: count,
  capacity: count,
  ratePerMinute: count,
  flowPerMinute: count,
  drawn: count,
  shownWait: nullable(pair),
  grades: fallback(listOf(grade), []),
  seats: fallback(recordOf(number), {}),
  orders: fallback(recordOf(number), {}),
  outbox: count,
  outboxSeconds: count,
  unknownPayments: count,
  callsPerSecond: count,
  answerMs: count,
});

export interface SeatPicture {
  readonly scheduleId: string;
  /** A digit a seat, section by section. */
  readonly sections: readonly { readonly statuses: string }[];
}

export type ControlFrame =
  | {
      readonly type: "history";
      readonly samples: readonly Sample[];
      readonly notice: string | null;
      readonly openAt: number;
      readonly closeAt: number;
    }
  | { readonly type: "sample"; readonly sample: Sample; readonly notice: string | null }
  | { readonly type: "seats"; readonly snapshot: SeatPicture }
  | { readonly type: "silent" }
  | { readonly type: "other" };

const tagged = fields({ type: text });
const history = fields({ samples: listOf(sample), notice: nullable(text), openAt: time, closeAt: time });
const newest = fields({ sample, notice: nullable(text) });
const seats = fields({
  snapshot: fields<SeatPicture>({ scheduleId: text, sections: listOf(fields({ statuses: text })) }),
});

export function readControlFrame(frame: unknown): ControlFrame {
  const { type } = tagged(frame);
  if (type === "history") return { type, ...history(frame) };
  if (type === "sample") return { type, ...newest(frame) };
  if (type === "seats") return { type, ...seats(frame) };
  return { type: type === "silent" ? "silent" : "other" };
}

export const watchPath = (id: string): string => at(id, "/watch");
export const exportPath = (id: string): string => at(id, "/export");
export const auditExportPath = (id: string): string => at(id, "/audit/export");

/** All of these are idempotent by state. */
const act = (id: string, what: string, body?: unknown): Promise<null> =>
  ask({
    method: "POST",
    path: at(id, `/${what}`),
    decode: nothing,
    repeatable: true,
    ...(body === undefined ? {} : { body }),
  });

export const pauseSale = (id: string): Promise<null> => act(id, "pause");
export const resumeSale = (id: string): Promise<null> => act(id, "resume");
export const closeSale = (id: string): Promise<null> => act(id, "close");
export const revokeAll = (id: string): Promise<null> => act(id, "revoke-all");
export const revokeMember = (id: string, memberId: string): Promise<null> => act(id, "revoke", { memberId });
export const postNotice = (id: string, words: string | null): Promise<null> => act(id, "notice", { text: words });

/** Without a fee. `seats` null: all that have not been given back. */
export const giveBack = (id: string, orderId: string, seats: readonly string[] | null, reason: string): Promise<null> =>
  act(id, `orders/${encodeURIComponent(orderId)}/cancel`, seats === null ? { reason } : { seats, reason });
export const cancelDate = (id: string, scheduleId: string, reason: string): Promise<null> =>
  act(id, `schedules/${encodeURIComponent(scheduleId)}/cancel`, { reason });

export function moveDate(id: string, scheduleId: string, startsAt: number, freeUntil: number): Promise<null> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const body = { startsAt: iso(startsAt), freeUntil: iso(freeUntil) };
  return act(id, `schedules/${encodeURIComponent(scheduleId)}/move`, body);
}

export function setLimits(id: string, body: { capacity: number; ratePerMinute: number }): Promise<null> {
  return ask({ method: "PATCH", path: at(id, "/settings"), body, decode: nothing, repeatable: true });
}

export interface Books {
  readonly currency: string;
  readonly captured: number;
  readonly refunded: number;
  readonly attempts: Readonly<Record<string, number>>;
}

export function readBooks(id: string): Promise<Books> {
  const decode = fields<Books>({ currency: text, captured: number, refunded: number, attempts: recordOf(number) });
  return ask({ method: "GET", path: at(id, "/money"), decode, tries: 1 });
}

export interface Purchase {
  readonly id: string;
  readonly number: string;
  readonly memberId: string;
  readonly email: string | null;
  readonly nickname: string | null;
  readonly status: string;
  readonly places: readonly PurchasedPlace[];
  readonly amount: number;
  readonly refunded: number;
  readonly currency: string;
  readonly placedAt: number;
}

export interface PurchasedPlace {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly givenBack: boolean;
}

const purchase = fields<Purchase>({
  id: text,
  number: fallback(text, ""),
  memberId: text,
  email: nullable(text),
  nickname: nullable(text),
  status: text,
  places: listOf(fields<PurchasedPlace>({ id: text, name: text, price: number, givenBack: flag })),
  amount: number,
  refunded: number,
  currency: text,
  placedAt: time,
});

export function searchOrders(id: string, words: string, cursor: string | null): Promise<Page<Purchase>> {
  const query = new URLSearchParams({ q: words, ...(cursor === null ? {} : { cursor }) });
  return ask({ method: "GET", path: at(id, `/orders?${query.toString()}`), decode: pageOf(purchase) });
}

export interface AuditEntry {
  readonly id: number;
  readonly actor: string;
  /** Null for a part of the system, and for a member who has left. */
  readonly actorName: string | null;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: number;
}

const entry = fields<AuditEntry>({
  id: number,
  actor: text,
  actorName: nullable(text),
  action: text,
  detail: recordOf((value) => value),
  at: time,
});

export function listAudit(id: string, cursor: string | null): Promise<Page<AuditEntry>> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  return ask({ method: "GET", path: at(id, `/audit${query}`), decode: pageOf(entry) });
}
