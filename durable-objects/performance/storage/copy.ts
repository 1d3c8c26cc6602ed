/** The object as the records keep it: read from storage, which is the truth. Orders and charts they have already. */
import type { KeptState, QueueSegment, SaleCopy, SegmentKind } from "../copy-contract.ts";
import { viewDraw } from "../admission/drawing.ts";
import type { DrawState, PerformanceState } from "../state.ts";
import { readEntryKey } from "./rest.ts";
import { bytes, integer, rows, text, type Sql } from "./sql.ts";

/** Of more people with a standing of their own the rest would wait again: they are absent, or say that they are there. */
const STANDINGS_MAX = 50_000;

/** Changes with every event, arrival, admission, hold, and end of a session: with all that the copy holds. */
function markOf(state: PerformanceState): string {
  const { line, sessions, nextEvent, nextHold, admittedTotal, phase, epoch } = state;
  const fronts = line.lanes.map(({ front }) => front).join(",");
  const people = [
    line.roster.size,
    line.waiting,
    line.passedOver.size,
    line.missed.size,
    sessions.size,
    state.identities.size,
  ].join(",");
  return [phase, epoch, nextEvent, nextHold, admittedTotal, fronts, people, state.returns.size].join("/");
}

/** Null: nothing has changed since the copy with that mark. */
export function takeCopy(sql: Sql, state: PerformanceState, known: string | null, now: number): SaleCopy | null {
  const mark = markOf(state);
  if (mark === known) return null;
  return {
    mark,
    takenAt: now,
    phase: state.phase,
    joined: state.line.roster.size,
    claimed: state.identities.size,
    kept: keptState(sql, state.draw),
    draw: viewDraw(state),
  };
}

function keptState(sql: Sql, draw: DrawState | null): KeptState {
  const row = rows(sql, "SELECT body FROM facts WHERE name = 'state'")[0];
  if (row === undefined) throw new Error("a published performance has no facts");
  const facts = JSON.parse(text(row, "body")) as Record<string, unknown>;
  // Before the draw the secret leaves the object by no way.
  const open = draw === null || draw.drawn !== null;
  return {
    facts: open ? facts : { ...facts, draw: { ...draw, secret: "" } },
    entryKey: readEntryKey(sql),
    standings: rows(sql, "SELECT number, standing, at FROM exceptions ORDER BY number LIMIT ?", STANDINGS_MAX).map(
      (one) => [integer(one, "number"), text(one, "standing"), integer(one, "at")] as const,
    ),
    sessions: rows(sql, "SELECT number FROM sessions ORDER BY number").map((one) => integer(one, "number")),
    revoked: rows(sql, "SELECT entry FROM revoked ORDER BY entry").map((one) => text(one, "entry")),
    invited: rows(sql, "SELECT entry, lane FROM invited ORDER BY entry").map(
      (one) => [text(one, "entry"), integer(one, "lane")] as const,
    ),
    blocks: rows(sql, "SELECT body FROM blocks ORDER BY number").map((one) => JSON.parse(text(one, "body")) as unknown),
    returns: rows(sql, "SELECT id, schedule_id, seats, published_at, at FROM returns").map((one) => ({
      id: text(one, "id"),
      scheduleId: text(one, "schedule_id"),
      seats: JSON.parse(text(one, "seats")) as number[],
      publishedAt: integer(one, "published_at"),
      at: integer(one, "at"),
    })),
  };
}

export function copySegment(sql: Sql, kind: SegmentKind, number: number): QueueSegment | null {
  if (kind === "claims") {
    const claims = rows(sql, "SELECT pairs FROM claims WHERE number = ?", number)[0];
    return claims === undefined ? null : { kind, number, entries: bytes(claims, "pairs"), lanes: null };
  }
  const row = rows(sql, "SELECT entries, lanes FROM segments WHERE number = ?", number)[0];
  if (row === undefined) return null;
  const lanes = row["lanes"] === null ? null : bytes(row, "lanes");
  return { kind, number, entries: bytes(row, "entries"), lanes };
}
