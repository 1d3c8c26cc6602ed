/** What must be true once faults have stopped and time has passed: nothing is stuck, and all the books agree. */
import type { Order } from "../../durable-objects/performance/contract.ts";
import { Violation } from "./invariants.ts";
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
    if (["pending", "paying", "cancelling"].includes(order.status)) {
      throw new Violation(`order ${order.id} is stuck ${order.status}`);
    }
    checkMoney(order, provider);
    const recorded = records.orders.get(order.id);
    if (recorded?.version !== order.version) {
      throw new Violation(
        `order ${order.id}: version ${recorded?.version} in the records, ${order.version} in the object`,
      );
    }
  }
  if (object.state.holds.size > 0) throw new Violation("a hold is stuck");
  if (object.outbox.depth !== 0) throw new Violation(`${object.outbox.depth} events were never applied`);
  for (let seq = 1; seq < object.state.nextEvent; seq++) {
    if (!records.applied.has(seq)) throw new Violation(`event ${seq} is missing`);
  }
  checkBooks(provider, records);
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
  const owed = order.status === "paid" ? order.amount : 0;
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
