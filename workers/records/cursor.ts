/**
 * Cursors of lists: where the last page ended, as (time, id) of its last row. They are opaque, not secret: a reader who
 * takes one apart finds what the page itself showed. Keyset paging, so that a page costs the same wherever it lies and
 * nothing is shown twice because something was added.
 */
import { Buffer } from "node:buffer";

/** A cursor that is none of the list's: the caller's mistake. */
export class MalformedCursor extends Error {
  constructor() {
    super("is not a cursor of this list");
    this.name = "MalformedCursor";
  }
}

export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TEXT = /^(\d{1,15}) ([A-Za-z0-9_.:-]{1,64})$/;
const LONGEST = 160;
/** The end of the year 9999: a later time has another text form, which Postgres does not read. */
const LAST_MOMENT = 253_402_300_799_999;

export function encodeCursor({ at, id }: Position): string {
  return Buffer.from(`${at.getTime()} ${id}`, "utf8").toString("base64url");
}

/** null for anything this module did not write. */
export function decodeCursor(cursor: string): Position | null {
  if (cursor.length > LONGEST || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  const [, at, id] = TEXT.exec(Buffer.from(cursor, "base64url").toString("utf8")) ?? [];
  if (at === undefined || id === undefined || Number(at) > LAST_MOMENT) return null;
  const position = { at: new Date(Number(at)), id };
  return encodeCursor(position) === cursor ? position : null;
}

/**
 * A cursor as it came in a query: absent means the first page. `isId` says what the list's ids look like, so that a
 * well-formed cursor of another list is refused here and not by Postgres.
 * @throws MalformedCursor for anything this module did not write.
 */
export function readCursor(cursor: string | undefined, isId: (id: string) => boolean = () => true): Position | null {
  if (cursor === undefined || cursor === "") return null;
  const position = decodeCursor(cursor);
  if (position === null || !isId(position.id)) {
    throw new MalformedCursor();
  }
  return position;
}

/** Cuts a page from `limit + 1` rows: the extra one only says that there is more. */
export function pageOf<T>(rows: readonly T[], limit: number, positionOf: (row: T) => Position): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(positionOf(last)) : null };
}

export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
