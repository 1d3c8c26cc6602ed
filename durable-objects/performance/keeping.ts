/**
 * What becomes of an object as a whole: emptied when all is over, built again when it was lost, taken back to an earlier
 * moment. The object starts again from its storage after each of them.
 */
import { NOT_THERE, type Command, type Reply } from "./contract.ts";
import type { EmptyReply, RebuildReply, RebuildStep, RestoreReply } from "./copy-contract.ts";
import { obstaclesToEmptying } from "./orders/emptying.ts";
import { SEAT } from "./seats/board.ts";
import { emptiedAt, lifeOf, writeEmptied, type Life } from "./storage/life.ts";
import {
  addDate,
  addOrders,
  addSegments,
  beginFromNothing,
  beginFromStorage,
  behindRecords,
  finish,
} from "./storage/rebuild.ts";
import type { PerformanceState } from "./state.ts";

/** 32 random bytes as hex: the secret of a draw. It leaves the object by no method and no log before the draw. */
export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
}

/** Forgets everything, if nothing stands in the way and it is meant so. What was emptied before stays as it is. */
export async function emptyIfOver(
  storage: DurableObjectStorage,
  state: PerformanceState,
  outboxDepth: number,
  { keepMs, really }: { readonly keepMs: number; readonly really: boolean },
): Promise<EmptyReply> {
  const before = emptiedAt(storage.sql);
  if (before !== null) return { ok: true, at: before };
  const now = Math.max(Date.now(), state.clock);
  const obstacles = obstaclesToEmptying(state, outboxDepth, now, keepMs);
  if (obstacles.length > 0) return { ok: false, obstacles };
  if (!really) return { ok: true, at: null };
  const gone = storage.deleteAll();
  // In the same turn: there is no moment at which somebody could find nothing at all.
  writeEmptied(storage.sql, now);
  await gone; // the alarm is gone with it
  return { ok: true, at: now };
}

/** What a command is told by an object that was never published, or is over for good. */
export function replyWithout(life: "none" | "emptied", command: Command): Reply {
  if (life === "none") return { ok: false, refusal: { code: "not-published" } };
  switch (command.kind) {
    case "look":
      return {
        ok: true,
        kind: "standing",
        standing: { state: "none", number: null, place: null, lane: 0, until: null },
      };
    case "leave":
      return { ok: true, kind: "done" };
    case "order":
    case "begin-payment":
    case "confirm-payment":
    case "settle":
    case "settle-refund":
    case "recheck":
    case "refund-account":
      return { ok: false, refusal: { code: "order-not-found" } };
    case "cancel-order":
    case "quote-cancellation":
      return { ok: false, refusal: { code: "cancellation-closed" } };
    default:
      return { ok: false, refusal: { code: "performance-closed" } };
  }
}

/**
 * An object that is being built again, or cannot read its storage, is as one that cannot be reached: nobody is told that
 * there is nothing, and whoever asks again later is answered.
 */
export function requireThere(life: Life): asserts life is "none" | "live" | "emptied" {
  if (life === "rebuilding" || life === "damaged") throw new Error(NOT_THERE);
}

export function takeStep(
  storage: DurableObjectStorage,
  state: PerformanceState,
  step: RebuildStep,
  now: number,
  secret: () => string,
): RebuildReply {
  const { sql } = storage;
  const { performanceId } = state;
  if (step.do === "compare") {
    const behind = lifeOf(sql) === "live" ? behindRecords(sql, state, step) : "it is not whole";
    return { ok: true, phase: state.phase, joined: state.line.roster.size, sold: soldSeats(state), behind };
  }
  if (step.do === "begin") return begin(storage, step, now, secret);
  if (lifeOf(sql) !== "rebuilding") return declined("not-rebuilding", "a rebuild begins with `begin`");
  if (step.do === "date") storage.transactionSync(() => addDate(sql, step.schedule, now));
  if (step.do === "segments") storage.transactionSync(() => addSegments(sql, step.segments));
  if (step.do === "orders") storage.transactionSync(() => addOrders(sql, step.orders, now));
  if (step.do !== "finish") return { ok: true, phase: "unpublished", joined: 0, sold: 0 };
  let why = "";
  try {
    const state = storage.transactionSync(() => {
      const finished = finish(sql, performanceId, now);
      if ("why" in finished) throw new Error((why = finished.why));
      return finished;
    });
    return { ok: true, phase: state.phase, joined: state.line.roster.size, sold: soldSeats(state) };
  } catch (error) {
    if (why === "") throw error;
    return declined("rebuild-impossible", why);
  }
}

function begin(
  storage: DurableObjectStorage,
  step: Extract<RebuildStep, { do: "begin" }>,
  now: number,
  secret: () => string,
): RebuildReply {
  const { sql } = storage;
  const life = lifeOf(sql);
  if (step.from === "storage") {
    if (life !== "live" && life !== "rebuilding") {
      return declined("rebuild-impossible", "there is no storage to go on from");
    }
    storage.transactionSync(() => beginFromStorage(sql, step.nextEvent, now));
  } else {
    if (life === "live" && !step.replace) return declined("object-alive", "the object has its storage");
    if (life !== "none") void storage.deleteAll();
    storage.transactionSync(() => beginFromNothing(sql, step.kept, step.nextEvent, now, secret()));
  }
  return { ok: true, phase: "unpublished", joined: 0, sold: 0 };
}

/** The platform's own history of an object's storage, thirty days of it; the local runtime has none. */
export async function planRestore(
  storage: DurableObjectStorage,
  to: { readonly at: number } | { readonly bookmark: string },
): Promise<RestoreReply> {
  try {
    const undo = await storage.getCurrentBookmark();
    const bookmark = "bookmark" in to ? to.bookmark : await storage.getBookmarkForTime(to.at);
    await storage.onNextSessionRestoreBookmark(bookmark);
    return { ok: true, bookmark, undo };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 200) : "unknown" };
  }
}

function soldSeats(state: PerformanceState): number {
  let sold = 0;
  for (const board of state.boards.values()) for (const status of board.status) if (status === SEAT.sold) sold += 1;
  return sold;
}

function declined(code: Extract<RebuildReply, { ok: false }>["code"], why: string): RebuildReply {
  return { ok: false, code, why };
}
