/** What an object finds when it starts: its life, and the state its storage says. */
import { errorFields, log } from "../../log.ts";
import { Outbox } from "../outbox/outbox.ts";
import { emptyState, type PerformanceState } from "../state.ts";
import { lifeOf, type Life } from "./life.ts";
import { load } from "./load.ts";
import { outboxDepth } from "./rest.ts";
import { migrateTables } from "./tables.ts";

export interface Woken {
  readonly life: Life;
  readonly state: PerformanceState;
  readonly outbox: Outbox;
}

/** An object nobody published stays empty: asking for one that does not exist writes nothing. */
export function wake({ storage, id: { name: id = "" } }: Pick<DurableObjectState, "storage" | "id">): Woken {
  const { sql } = storage;
  const life = lifeOf(sql);
  try {
    if (life === "live") upToDate(storage);
    const state = life === "live" ? load(sql, id, Date.now()) : emptyState(id);
    if (life === "emptied") state.phase = "closed";
    return { life, state, outbox: new Outbox(sql, life === "live" ? outboxDepth(sql) : 0, Math.random) };
  } catch (error) {
    // The platform's failure says nothing about what is stored: the object starts again.
    if (error instanceof NotCommitted) throw error.cause;
    // It answers nothing but the call that builds it again.
    log("error", "performance storage", "unreadable", { performanceId: id, ...errorFields(error) });
    return { life: "damaged", state: emptyState(id), outbox: new Outbox(sql, 0, Math.random) };
  }
}

/** The steps were fine, their transaction was not. */
class NotCommitted extends Error {}

function upToDate(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">): void {
  let damaged = false;
  try {
    storage.transactionSync(() => {
      try {
        migrateTables(storage.sql);
      } catch (error) {
        damaged = true;
        throw error;
      }
    });
  } catch (error) {
    throw damaged ? error : new NotCommitted("the tables' steps did not commit", { cause: error });
  }
}
