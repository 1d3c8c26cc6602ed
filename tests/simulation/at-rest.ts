/** What must be true once faults have stopped and time has passed: nothing is stuck, and all the books agree. */
import { segmentOf, viewDraw } from "../../durable-objects/performance/admission/drawing.ts";
import {
  commitmentOf,
  drawOrder,
  drawSeed,
  listRoot,
  placesOf,
} from "../../durable-objects/performance/admission/draw.ts";
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import { keptSeats, paidAttempt } from "../../durable-objects/performance/order-seats.ts";
import { boardsOnSale, type PerformanceState } from "../../durable-objects/performance/state.ts";
import type { Order } from "../../durable-objects/performance/contract.ts";
import { must, Violation } from "./violation.ts";
import type { SimulatedObject } from "./object.ts";
import type { SimulatedProvider } from "./provider.ts";
import type { SimulatedRecords } from "./records.ts";

export function checkAtRest(
  object: SimulatedObject,
  provider: SimulatedProvider,
  records: SimulatedRecords,
  orders: readonly Order[],
): void {
  for (const order of orders) {
    if (["pending", "paying", "awaiting-deposit", "cancelling"].includes(order.status)) {
      throw new Violation(`order ${order.id} is stuck ${order.status}`);
    }
    if (order.attempts.some(({ status }) => status === "closing")) {
      throw new Violation(`an account of order ${order.id} was never closed`);
    }
    if (order.refunds.some(({ status }) => status === "requested")) {
      throw new Violation(`a refund of order ${order.id} is stuck`);
    }
    checkMoney(order, provider);
    const recorded = records.orders.get(order.id);
    if (recorded?.version !== order.version) {
      throw new Violation(
        `order ${order.id}: version ${recorded?.version} in the records, ${order.version} in the object`,
      );
    }
  }
  if (object.state.sessions.size > 0) throw new Violation("a session is stuck");
  if (object.state.returns.size > 0) throw new Violation("a seat that was given back never returned");
  const [open] = provider.transfers.waiting();
  if (open !== undefined) throw new Violation(`the account of ${open} was never closed`);
  if (object.state.refundAccounts.size > 0) throw new Violation("a bank account is kept longer than it is needed");
  if (object.state.holds.size > 0) throw new Violation("a hold is stuck");
  if (object.outbox.depth !== 0) throw new Violation(`${object.outbox.depth} events were never applied`);
  for (let seq = 1; seq < object.state.nextEvent; seq++) {
    if (!records.applied.has(seq)) throw new Violation(`event ${seq} is missing`);
  }
  checkBooks(provider, records);
  checkDraw(object.state);
}

/** Every seat that is not sold can be held by somebody who was never here before. */
export function proveFreeSeats(object: SimulatedObject, entry: string): void {
  const member = "99999999-0000-4000-8000-000000000000";
  const sold = new Set(
    Array.from(object.orders.values()).flatMap((order) =>
      order.status === "paid" ? keptSeats(order).map((seat) => `${order.scheduleId}/${seat.id}`) : [],
    ),
  );
  const free = boardsOnSale(object.state).flatMap((board) =>
    Array.from({ length: board.size }, (_, position) => board.seatId(position))
      .filter((seat) => !sold.has(`${board.plan.id}/${seat}`))
      .map((seat) => ({ scheduleId: board.plan.id, seat })),
  );
  if (free.length === 0) return;
  const operator = "operator";
  object.ask({ kind: "operate", operator, action: { do: "limits", capacity: 1_000, ratePerMinute: 1_000 } });
  object.ask({ kind: "operate", operator, action: { do: "resume" } });
  for (const block of object.state.blocks.keys())
    object.ask({ kind: "operate", operator, action: { do: "unblock", block } });
  object.ask({ kind: "join", entries: entryBytes(entry) });
  const entered = object.ask({ kind: "enter", entry, member });
  must(entered.ok, "at rest, with free seats, a newcomer is not admitted");
  for (const { scheduleId, seat } of free) {
    const { epoch } = object.state;
    const key = { id: `prover|${seat}`, hash: "h" };
    const zone = object.state.boards.get(scheduleId)?.places.zones.find(({ id }) => seat.startsWith(`${id}.`));
    const wish = zone === undefined ? { seats: [seat] } : { zones: [{ zone: zone.id, count: 1 }] };
    const reply = object.ask({ kind: "hold", entry, member, epoch, scheduleId, ...wish, key });
    must(reply.ok && reply.kind === "hold", `at rest seat ${seat} is not sold, and nobody can have it`);
    object.ask({ kind: "release", member, holdId: reply.hold.id });
  }
}

/** The order of those who gathered is what anybody computes from what is public. */
function checkDraw(state: PerformanceState): void {
  const view = viewDraw(state);
  if (view.drawn === null || view.sealed === null) return;
  const { secret, randomness: beacon, seed } = view.drawn;
  const { n, segments } = view.sealed;
  const list = Array.from({ length: segments }, (_, index) => segmentOf(state, index) ?? new Uint8Array());
  const root = listRoot(state.performanceId, list);
  must(root === view.sealed.root, "the sealed list is not the one that was published");
  must(commitmentOf(secret) === view.commitment, "the secret is not the one that was committed to");
  must(drawSeed({ performanceId: state.performanceId, secret, beacon, root, n }) === seed, "the seed is another");
  const places = placesOf(drawOrder(seed, n));
  for (const [number, place] of places.entries())
    must(state.line.placeOf(number) === place, `number ${number} has another place than the draw gave it`);
}

/** Captured money is seats sold or money back, never both; nothing is captured twice. */
function checkMoney(order: Order, provider: SimulatedProvider): void {
  let kept = 0;
  for (const attempt of order.attempts) {
    const account = provider.accounts.get(`${order.id}-${attempt.number}`);
    if (account === undefined) continue;
    if (account.captures > 1) throw new Violation(`order ${order.id} was charged twice for one attempt`);
    kept += account.captured - account.refunded;
  }
  // Of a paid order: the price of the seats it still has, and the fees of those it gave back.
  const given = order.cancellations.reduce((sum, one) => sum + one.amount, 0);
  // Nothing is kept of what the bank has taken back.
  const fees = paidAttempt(order) === null ? 0 : order.cancellations.reduce((sum, one) => sum + one.fee, 0);
  const owed = order.status === "paid" ? order.amount - given + fees : order.status === "cancelled" ? fees : 0;
  if (kept !== owed)
    throw new Violation(`order ${order.id} is ${order.status}: the provider keeps ${kept}, owed is ${owed}`);
}

function checkBooks(provider: SimulatedProvider, records: SimulatedRecords): void {
  let ledger = 0;
  let balance = 0;
  for (const row of records.ledger.values()) {
    balance += row.debit - row.credit;
    if (row.account.startsWith("provider:")) ledger += row.debit - row.credit;
  }
  let books = 0;
  for (const { captured, refunded } of provider.accounts.values()) books += captured - refunded;
  if (balance !== 0) throw new Violation(`the ledger does not balance: ${balance}`);
  if (ledger !== books) throw new Violation(`our ledger says ${ledger}, the provider's books ${books}`);
}
