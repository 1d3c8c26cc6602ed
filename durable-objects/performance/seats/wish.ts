/** From what was asked for to places on the board, or to why not. Nothing here changes anything. */
import type { Alternative, BestReason, HoldWish, Refusal, RefusalCode } from "../contract.ts";
import type { Access } from "./access.ts";
import { bestAvailable, freeInZone, mostTogether, reasonFor, type Search } from "./best.ts";
import { SEAT } from "./board.ts";
import { singlesLeft } from "./singles.ts";

export type Chosen =
  | { readonly ok: true; readonly positions: readonly number[]; readonly why: BestReason | null }
  | { readonly ok: false; readonly refusal: Refusal };

/** An alternative is looked for where people choose for themselves: a group as large as this asks for the best. */
const ALTERNATIVE_PLACES_MAX = 10;

/** How many places are asked for. */
export function countOf({ seats = [], zones = [], best }: HoldWish): number {
  return zones.reduce((sum, { count }) => sum + count, seats.length) + (best?.count ?? 0);
}

export function choose(wish: HoldWish, access: Access, noSingleSeats: boolean): Chosen {
  if (wish.code !== undefined && !access.granted) return no("code-not-valid");
  if (wish.best !== undefined) return chooseBest(wish, access, noSingleSeats);
  const seats = namedSeats(wish.seats ?? [], access);
  if (!seats.ok) return seats;
  const zones = zonePlaces(wish.zones ?? [], access);
  if (!zones.ok) return zones;
  const { board } = access;
  if (noSingleSeats && seats.positions.length > 0) {
    const grades = new Set(seats.positions.map((position) => board.places.grade[position]));
    const eligible = (position: number): boolean => access.free(position) && grades.has(board.places.grade[position]);
    const left = singlesLeft(board.places.runs, access.free, new Set(seats.positions), eligible);
    if (left.length > 0) return no("single-seat-left", { seats: left.map((position) => board.seatId(position)) });
  }
  return { ok: true, positions: [...seats.positions, ...zones.positions], why: null };
}

function no(code: RefusalCode, evidence?: Refusal["evidence"]): Extract<Chosen, { ok: false }> {
  return { ok: false, refusal: evidence === undefined ? { code } : { code, evidence } };
}

function namedSeats(ids: readonly string[], access: Access): Chosen {
  const { board } = access;
  if (ids.length > 1 && new Set(ids).size !== ids.length) return no("duplicate-seat");
  const positions: number[] = [];
  const taken: string[] = [];
  const blocked: string[] = [];
  const pool: string[] = [];
  for (const id of ids) {
    const position = board.position(id);
    // Standing places are asked for by their number, not one by one: which ones is nobody's choice.
    if (position === null || position >= board.places.seats) return no("unknown-seat", { seat: id });
    positions.push(position);
    if (access.isOpen(position)) {
      if (access.isPool(position)) pool.push(id);
    } else (board.status[position] === SEAT.blocked ? blocked : taken).push(id);
  }
  if (blocked.length > 0) return no("seats-blocked", { seats: blocked });
  if (pool.length > 0) return no("seats-accessible-only", { seats: pool });
  if (taken.length > 0) return no("seats-taken", { seats: taken, alternative: alternativeTo(positions, access) });
  return { ok: true, positions, why: null };
}

/** As many seats together, nearest to those that were wanted: of the same grades, or if there are none, of any. */
function alternativeTo(wanted: readonly number[], access: Access): Alternative | null {
  const { board } = access;
  const { places } = board;
  if (wanted.length > ALTERNATIVE_PLACES_MAX) return null;
  let [x, y] = [0, 0];
  for (const position of wanted) {
    x += (places.x[position] ?? 0) / wanted.length;
    y += (places.y[position] ?? 0) / wanted.length;
  }
  const same = places.grades.map((_, grade) => wanted.some((position) => places.grade[position] === grade));
  for (const grades of [same, places.grades.map(() => true)]) {
    const search: Search = {
      board,
      count: wanted.length,
      free: access.free,
      grades,
      near: { x, y },
      noSingleSeats: false,
      wheelchair: false,
    };
    const found = bestAvailable(search);
    if (found === null || (found.positions[0] ?? 0) >= places.seats) continue;
    const seats = found.positions.map((position) => board.describe(position));
    const amount = seats.reduce((sum, seat) => sum + seat.price, 0);
    return { seats, amount, sameGrade: grades === same };
  }
  return null;
}

function zonePlaces(wishes: NonNullable<HoldWish["zones"]>, access: Access): Chosen {
  const { board } = access;
  const positions: number[] = [];
  if (new Set(wishes.map(({ zone }) => zone)).size !== wishes.length) return no("duplicate-seat");
  for (const { zone: id, count } of wishes) {
    const zone = board.places.zones[board.places.zone(id)];
    if (zone === undefined) return no("unknown-seat", { zone: id });
    const found = freeInZone(zone, count, access.free);
    if (found === null)
      return no("zone-full", { zone: id, ...roomIn(zone, access), alternative: otherZone(id, count, access) });
    positions.push(...found);
  }
  return { ok: true, positions, why: null };
}

function roomIn({ from, to }: { readonly from: number; readonly to: number }, { free }: Access): { free: number } {
  let room = 0;
  for (let position = from; position < to; position++) room += Number(free(position));
  return { free: room };
}

/** Another zone of the same grade with room for all. */
function otherZone(id: string, count: number, access: Access): { zone: string; count: number } | null {
  const { zones } = access.board.places;
  const grade = zones.find((zone) => zone.id === id)?.grade;
  const other = zones.find(
    (zone) => zone.id !== id && zone.grade === grade && freeInZone(zone, count, access.free) !== null,
  );
  return other === undefined ? null : { zone: other.id, count };
}

function chooseBest({ best, accessible = false }: HoldWish, access: Access, noSingleSeats: boolean): Chosen {
  const { board } = access;
  const { places } = board;
  if (best === undefined || best.count < 1) return no("no-seats");
  const { grade, minPrice = 0, maxPrice = Number.MAX_SAFE_INTEGER, count } = best;
  if (grade !== undefined && !places.grades.includes(grade))
    return no("unknown-grade", { grade, grades: places.grades });
  const grades = places.grades.map((name) => {
    const price = places.plan.prices[name] ?? 0;
    return (grade === undefined || name === grade) && price >= minPrice && price <= maxPrice;
  });
  const search: Search = {
    board,
    count,
    free: access.free,
    grades,
    near: places.focus,
    noSingleSeats,
    wheelchair: accessible,
  };
  const found = bestAvailable(search);
  if (found === null) return no("not-together", { count, ...mostTogether(search) });
  return { ok: true, positions: found.positions, why: reasonFor(search, found) };
}
