/** Whole purchases in an object without workerd, for tests of what comes after them. */
import { entryBytes, entryOf } from "../../durable-objects/performance/admission/entry.ts";
import type { Command, Reply } from "../../durable-objects/performance/contract.ts";
import { SCHEDULE_ID } from "../simulation/charts.ts";
import type { SimulatedObject } from "../simulation/object.ts";

const KEY = "ab".repeat(32);

/** One person, from joining to a ticket. The seats of a hall of five columns, in their order. */
export function sell(object: SimulatedObject, number: number, at: number): void {
  const member = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
  const entry = entryOf(KEY, member);
  const key = (what: string) => ({ id: `${member}|${what}`, hash: what });
  const ask = (command: Command): Extract<Reply, { ok: true }> => {
    const reply = object.ask(command);
    if (!reply.ok) throw new Error(`${command.kind} was refused: ${reply.refusal.code}`);
    return reply;
  };
  ask({ kind: "join", entries: entryBytes(entry) });
  ask({ kind: "enter", entry, member });
  const seats = [`r${Math.floor(number / 5) + 1}s${(number % 5) + 1}`];
  const held = ask({ kind: "hold", epoch: 0, entry, member, scheduleId: SCHEDULE_ID, seats, key: key("hold") });
  if (held.kind !== "hold") throw new Error("no hold");
  const placed = ask({ kind: "place-order", epoch: 0, entry, member, holdId: held.hold.id, key: key("order") });
  if (!("order" in placed)) throw new Error("no order");
  const { id: orderId, amount } = placed.order;
  ask({ kind: "begin-payment", member, orderId, provider: "toss", method: "CARD", key: key("pay") });
  ask({ kind: "confirm-payment", member, orderId, provider: "toss", paymentKey: "pk", amount });
  const outcome = {
    result: "approved",
    transaction: `t${number}`,
    amount,
    method: "카드",
    at,
    receiptUrl: null,
  } as const;
  ask({ kind: "settle", orderId, attempt: 1, outcome });
}
