/** Asking payment providers from inside the object, through the Worker's payments entrypoint. */
import type { Command } from "./contract.ts";
import type { PaymentsPort } from "./orders/provider.ts";
import type { Question } from "./orders/recovery.ts";

/** The payments entrypoint of this very Worker, reached by loopback so that a first deploy needs no second one. */
export function paymentsOf(ctx: DurableObjectState): PaymentsPort {
  const { Payments } = ctx.exports as unknown as { Payments: PaymentsPort };
  return Payments;
}

/**
 * Asks a provider, and answers the command that writes down what it said. `cause`: the id of that command; `asked`: the version
 * of the order it is asked about.
 */
export async function answerTo(
  payments: PaymentsPort,
  { ask, task }: Question,
  { cause, asked }: { readonly cause: string; readonly asked: number },
): Promise<Command> {
  if (ask === "refund") {
    const outcome = await payments.refund(task, cause);
    return { kind: "settle-refund", orderId: task.orderId, refund: task.refund, outcome, cause };
  }
  const outcome = await payments[ask](task, cause);
  return { kind: "settle", orderId: task.orderId, attempt: task.attempt, outcome, cause, asked };
}

/** Id of a command the object gives itself, in the form of a request's. */
export function ownCause(): string {
  return `${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}.1`;
}
