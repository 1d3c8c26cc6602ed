/** Asking payment providers from inside the object, through the Worker's payments entrypoint. */
import type { Guard } from "../guard.ts";
import { errorFields, log } from "../log.ts";
import type { Command } from "./contract.ts";
import type { PaymentsPort } from "./orders/provider.ts";
import type { Question } from "./orders/recovery.ts";

/** The payments entrypoint of this very Worker, reached by loopback so that a first deploy needs no second one. */
function paymentsOf(ctx: DurableObjectState): PaymentsPort {
  const { Payments } = ctx.exports as unknown as { Payments: PaymentsPort };
  return Payments;
}

/** The provider itself is given up long before. */
const PAYMENT_MS = 60_000;

/** A question, and the version of the order it is asked about. */
export interface AskedQuestion {
  readonly question: Question;
  readonly asked: number;
}

/** Asks a provider, and answers the command that writes down what it said. `cause`: the id of that command. */
async function answerTo(
  payments: PaymentsPort,
  { question: { ask, task }, asked }: AskedQuestion,
  cause: string,
): Promise<Command> {
  if (ask === "refund") {
    const outcome = await payments.refund(task, cause);
    return { kind: "settle-refund", orderId: task.orderId, refund: task.refund, outcome, cause };
  }
  const outcome = await payments[ask](task, cause);
  return { kind: "settle", orderId: task.orderId, attempt: task.attempt, outcome, cause, asked };
}

/** Id of a command the object gives itself, in the form of a request's. */
function ownCause(): string {
  return `${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}.1`;
}

/** All at once; one that cannot be asked is asked again later, and keeps none of the others from its answer. */
export async function askProviders(
  ctx: DurableObjectState,
  guard: Guard,
  questions: readonly AskedQuestion[],
  answered: (command: Command) => void,
): Promise<void> {
  const payments = paymentsOf(ctx);
  await Promise.all(
    questions.map(async (question) => {
      // Money whose fate is open is asked about whatever happened before; the providers' own breakers say so, too.
      const ask = (): Promise<Command> => answerTo(payments, question, ownCause());
      const answer = guard.ask("payments", PAYMENT_MS, ask, { regardless: true });
      const command = await answer.catch((error: unknown) =>
        log("error", "performance recovery", "failed", errorFields(error)),
      );
      if (command !== undefined) answered(command);
    }),
  );
}
