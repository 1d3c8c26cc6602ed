/** Seats kept out of a sale: blocking them, freeing them, granting them to whoever has a code. */
import { ask } from "../api.ts";
import { fields, listOf, nullable, number, text } from "../decode.ts";
import { at } from "./organizer.ts";

export interface SeatBlock {
  readonly number: number;
  readonly reason: string;
  /** For whom, where there is a code. */
  readonly channel: string | null;
  /** So many of its places are held or sold. */
  readonly taken: number;
  readonly places: readonly {
    readonly id: string;
    readonly section: string;
    readonly row: string;
    readonly label: string;
  }[];
}

const block = fields<SeatBlock>({
  number,
  reason: text,
  channel: nullable(text),
  taken: number,
  places: listOf(fields({ id: text, section: text, row: text, label: text })),
});

export async function listBlocks(id: string, scheduleId: string): Promise<readonly SeatBlock[]> {
  const path = at(id, `/schedules/${encodeURIComponent(scheduleId)}/blocks`);
  return (await ask({ method: "GET", path, decode: fields({ items: listOf(block) }) })).items;
}

export interface Wanted {
  readonly scheduleId: string;
  readonly reason: string;
  readonly seats?: readonly string[];
  readonly zones?: readonly { readonly zone: string; readonly count: number }[];
}

/** All of these may be repeated: the same again is the same block. */
const change = (method: "POST" | "PUT", path: string, body: unknown): Promise<{ readonly block: SeatBlock }> =>
  ask({ method, path, body, decode: fields({ block }), repeatable: true });

export const blockSeats = (id: string, wanted: Wanted): Promise<unknown> => change("POST", at(id, "/blocks"), wanted);

/** `seats` null: all of them. */
export const releaseSeats = (id: string, block: number, seats: readonly string[] | null): Promise<unknown> =>
  change("POST", at(id, `/blocks/${block}/release`), seats === null ? {} : { seats });

/** Nulls: nobody has a code for it any more. */
export const grantBlock = (id: string, block: number, channel: string | null, code: string | null): Promise<unknown> =>
  change("PUT", at(id, `/blocks/${block}/grant`), { channel, code });
