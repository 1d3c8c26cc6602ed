/**
 * Best available: so many places together, the ones nearest to a point. Pure and deterministic: the same board, the same
 * answer. A window of neighbours is better than another when
 *   1. it leaves no new single seat (where the performance has that rule),
 *   2. it has fewer seats with a restricted view,
 *   3. the sum of the distances of its seats to the point is smaller (in whole thousandths of a seat width),
 *   4. it comes first in the chart.
 * A standing zone with room counts as one window, as far away as its middle.
 */
import type { BestReason } from "../contract.ts";
import { SEAT, type Board } from "./board.ts";
import { ACCESSIBLE, TRAIT, type Places } from "./places.ts";

export interface Search {
  readonly board: Board;
  readonly count: number;
  /** May this buyer have the place: free, or of a block the buyer has the code of, and not kept for others. */
  readonly free: (position: number) => boolean;
  /** By grade, as an index: is it asked for? */
  readonly grades: readonly boolean[];
  readonly near: { readonly x: number; readonly y: number };
  /** Windows that leave no single seat come first. */
  readonly noSingleSeats: boolean;
  /** Only windows with a wheelchair space. */
  readonly wheelchair: boolean;
}

export interface Found {
  readonly positions: readonly number[];
  readonly singles: number;
  readonly restricted: number;
  /** Sum over the places, in thousandths of a seat width. */
  readonly distance: number;
}

/** A zone nobody has drawn lies behind everything that is drawn. */
const UNDRAWN = 1_000_000_000;

export function bestAvailable(search: Search): Found | null {
  const { board, near, count } = search;
  const { places } = board;
  if (count < 1) return null;
  let best: Found | null = null;
  for (const { section, distance } of sectionsBy(places, near)) {
    // Nothing in here or behind it can be nearer than what is found already.
    if (best !== null && best.singles === 0 && best.restricted === 0 && distance * count > best.distance) break;
    if (board.openIn(section) < count) continue;
    for (let run = places.runsFrom[section] ?? 0; run < (places.runsFrom[section + 1] ?? 0); run++) {
      best = better(best, bestInRun(search, run, best));
    }
  }
  for (const zone of places.zones.keys()) best = better(best, inZone(search, zone));
  return best;
}

function better(a: Found | null, b: Found | null): Found | null {
  if (a === null || b === null) return a ?? b;
  const order =
    a.singles - b.singles ||
    a.restricted - b.restricted ||
    a.distance - b.distance ||
    (a.positions[0] ?? 0) - (b.positions[0] ?? 0);
  return order <= 0 ? a : b;
}

/** Distance of a place to a point, in thousandths of a seat width. */
export function distanceTo(places: Places, position: number, { x, y }: Search["near"]): number {
  return Math.round(Math.hypot((places.x[position] ?? 0) - x, (places.y[position] ?? 0) - y) * 1_000);
}

/** The best window of one run, if it is better than what is known. */
function bestInRun(search: Search, index: number, known: Found | null): Found | null {
  const { board, count, near } = search;
  const { places } = board;
  const run = places.runs[index];
  if (run === undefined || run.to - run.from < count) return null;
  let best = known;
  let length = 0;
  let distance = 0;
  let restricted = 0;
  let wheelchairs = 0;
  for (let position = run.from; position < run.to; position++) {
    if (search.grades[places.grade[position] ?? 0] !== true || !search.free(position)) {
      length = distance = restricted = wheelchairs = 0;
      continue;
    }
    const traits = places.traits[position] ?? 0;
    length += 1;
    distance += distanceTo(places, position, near);
    restricted += Number((traits & TRAIT.restrictedView) !== 0);
    wheelchairs += Number((traits & TRAIT.wheelchair) !== 0);
    if (length > count) {
      const gone = places.traits[position - count] ?? 0;
      length = count;
      distance -= distanceTo(places, position - count, near);
      restricted -= Number((gone & TRAIT.restrictedView) !== 0);
      wheelchairs -= Number((gone & TRAIT.wheelchair) !== 0);
    }
    if (length < count || (search.wheelchair && wheelchairs === 0)) continue;
    const first = position - count + 1;
    const singles = search.noSingleSeats ? singlesBeside(search, run, first, position) : 0;
    const found = { positions: [first], singles, restricted, distance };
    if (better(best, found) === found) best = found;
  }
  if (best === known || best === null) return null;
  const first = best.positions[0] ?? 0;
  return { ...best, positions: Array.from({ length: count }, (_, n) => first + n) };
}

/** New single seats on either side of a window, as singles.ts counts them. */
function singlesBeside({ free }: Search, run: { from: number; to: number }, first: number, last: number): number {
  const open = (position: number): boolean => position >= run.from && position < run.to && free(position);
  return Number(open(first - 1) && !open(first - 2)) + Number(open(last + 1) && !open(last + 2));
}

function inZone({ board, count, free, grades, near, wheelchair }: Search, index: number): Found | null {
  const zone = board.places.zones[index];
  if (zone === undefined || wheelchair || grades[zone.grade] !== true) return null;
  const positions = freeInZone(zone, count, free);
  if (positions === null) return null;
  const away =
    zone.middle === null ? UNDRAWN : Math.round(Math.hypot(zone.middle.x - near.x, zone.middle.y - near.y) * 1_000);
  return { positions, singles: 0, restricted: 0, distance: away * count };
}

/** The first `count` places of a zone that may be had, or null when there are not so many. */
export function freeInZone(
  { from, to }: { readonly from: number; readonly to: number },
  count: number,
  free: (position: number) => boolean,
): number[] | null {
  const positions: number[] = [];
  for (let position = from; position < to && positions.length < count; position++) {
    if (free(position)) positions.push(position);
  }
  return positions.length === count ? positions : null;
}

interface SectionAway {
  readonly section: number;
  /** No seat of the section is nearer, in thousandths of a seat width. */
  readonly distance: number;
}

const boxes = new WeakMap<Places, readonly { left: number; top: number; right: number; bottom: number }[]>();

/** Sections of the chart from the nearest on: by the nearest corner or side of the box their seats lie in. */
function sectionsBy(places: Places, { x, y }: Search["near"]): readonly SectionAway[] {
  let known = boxes.get(places);
  if (known === undefined) boxes.set(places, (known = boxesOf(places)));
  return known
    .map(({ left, top, right, bottom }, section) => {
      const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
      // A seat's own distance is rounded, this one is a bound: one thousandth less is on the safe side.
      return { section, distance: Math.floor(away * 1_000) - 1 };
    })
    .toSorted((a, b) => a.distance - b.distance || a.section - b.section);
}

function boxesOf(places: Places): { left: number; top: number; right: number; bottom: number }[] {
  return places.sections.slice(0, places.seatSections).map(({ from, to }) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let position = from; position < to; position++) {
      const [x, y] = [places.x[position] ?? 0, places.y[position] ?? 0];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    return { left, top, right, bottom };
  });
}

/** Why these: where they are, and what became of the seats of the same grades that are nearer. */
export function reasonFor(search: Search, found: Found): BestReason {
  const { board, near, grades, free } = search;
  const { places } = board;
  const first = found.positions[0] ?? 0;
  const zone = places.zoneOf(first);
  const mean = found.distance / found.positions.length;
  const chosen = new Set(found.positions);
  const nearer = { taken: 0, withheld: 0, accessible: 0, notTogether: 0 };
  if (zone === null) {
    for (const { section, distance } of sectionsBy(places, near)) {
      const range = places.sections[section];
      if (range === undefined || distance >= mean) break;
      for (let position = range.from; position < range.to; position++) {
        if (grades[places.grade[position] ?? 0] !== true || chosen.has(position)) continue;
        if (distanceTo(places, position, near) >= mean) continue;
        if (free(position)) nearer.notTogether += 1;
        else if (board.status[position] === SEAT.blocked) nearer.withheld += 1;
        else if (board.status[position] !== SEAT.free) nearer.taken += 1;
        else if (((places.traits[position] ?? 0) & ACCESSIBLE) !== 0) nearer.accessible += 1;
      }
    }
  }
  return {
    section: board.describe(first).section,
    row: zone === null ? places.rowOf(first) : null,
    distance: mean >= UNDRAWN ? null : Math.round(mean / 100) / 10,
    restrictedView: found.restricted > 0,
    nearer,
  };
}

/** The most places together that could be had instead: what to say when there are not as many as asked for. */
export function mostTogether({ board, free, grades }: Search): { readonly together: number; readonly free: number } {
  const { places } = board;
  let [most, total] = [0, 0];
  for (const run of places.runs) {
    let length = 0;
    for (let position = run.from; position < run.to; position++) {
      const may = grades[places.grade[position] ?? 0] === true && free(position);
      length = may ? length + 1 : 0;
      total += Number(may);
      most = Math.max(most, length);
    }
  }
  for (const zone of places.zones) {
    if (grades[zone.grade] !== true) continue;
    let room = 0;
    for (let position = zone.from; position < zone.to; position++) room += Number(free(position));
    most = Math.max(most, room);
    total += room;
  }
  return { together: most, free: total };
}
