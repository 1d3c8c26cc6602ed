/** Asking the providers, for the object: by which way, and which command writes the answer down. */
import type { Command } from "./contract.ts";
import type { PaymentsPort } from "./orders/provider.ts";
import type { Question } from "./orders/recovery.ts";

/** The payments entrypoint of this very Worker, reached by loopback so that a first deploy needs no second one. */
export function paymentsOf(ctx: DurableObjectState): PaymentsPort {
  const { Payments } = ctx.exports as unknown as { Payments: PaymentsPort };
  return Payments;
}

/** Asks a provider, and answers the command that writes down what it said. */
export async function answerTo(payments: PaymentsPort, { ask, task }: Question): Promise<Command> {
  if (ask === "refund") {
    return { kind: "settle-refund", orderId: task.orderId, refund: task.refund, outcome: await payments.refund(task) };
  }
  const outcome = await payments[ask](task);
  return { kind: "settle", orderId: task.orderId, attempt: task.attempt, outcome };
}
