/**
 * Event queue and records in memory: messages get lost, doubled and out of order on their way; what arrives is parsed and
 * folded by the production code, and kept by the same guards the SQL has (a journal, versions that only grow).
 */
import type { Order } from "../../durable-objects/performance/contract.ts";
import type { EventEnvelope } from "../../durable-objects/performance/events.ts";
import { parseEvent } from "../../workers/records/events-input.ts";
import { fold, type LedgerRow } from "../../workers/records/fold.ts";
import type { Random } from "./random.ts";
import { must } from "./violation.ts";

export class SimulatedRecords {
  readonly applied = new Set<number>();
  readonly orders = new Map<string, Order>();
  readonly ledger = new Map<string, LedgerRow>();
  readonly met = { dropped: 0, doubled: 0, stale: 0, refused: 0 };
  calm = false;
  #onTheWay: EventEnvelope[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  send(events: readonly EventEnvelope[]): void {
    for (const event of events) {
      if (!this.calm && this.#random.chance(0.1)) {
        this.met.dropped += 1;
        continue;
      }
      const copies = !this.calm && this.#random.chance(0.1) ? 2 : 1;
      this.met.doubled += copies - 1;
      for (let copy = 0; copy < copies; copy++) {
        this.#onTheWay.splice(this.#random.below(this.#onTheWay.length + 1), 0, event);
      }
    }
  }

  /** While Postgres is away nothing arrives; what was on its way is put back. */
  away = false;

  /** Applies some of what is on the way; the numbers to report. */
  deliver(): readonly number[] {
    if (this.away && !this.calm) {
      this.met.refused += 1;
      return [];
    }
    const count = this.calm ? this.#onTheWay.length : this.#random.below(Math.min(20, this.#onTheWay.length + 1));
    const batch = this.#onTheWay.splice(0, count).map((event) => {
      // As it was read from the outbox: JSON already, and nobody else's.
      const parsed = parseEvent(event);
      if (!parsed.ok) throw new Error(`an event of our own is unreadable: ${parsed.reason}`);
      return parsed.envelope;
    });
    const rows = fold(batch);
    for (const { id, version, snapshot } of rows.orders) {
      const order = snapshot as Order;
      must(id === order.id && version === order.version, `order ${order.id} was folded into another`);
      const known = this.orders.get(order.id);
      if (known !== undefined && known.version >= order.version) this.met.stale += 1;
      else this.orders.set(order.id, order);
    }
    for (const row of rows.ledger) if (!this.ledger.has(row.id)) this.ledger.set(row.id, row);
    for (const { seq } of batch) this.applied.add(seq);
    return batch.map(({ seq }) => seq);
  }
}
