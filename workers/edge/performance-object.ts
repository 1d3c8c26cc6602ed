/** Calls of the Performance object from the edge, with its failures turned into problems a client can act on. */
import type {
  Command,
  OperatorAction,
  PerformanceContract,
  Reply,
} from "../../durable-objects/performance/contract.ts";
import type { Environment } from "../environment.ts";
import { isPassing } from "./answer-error.ts";
import { Problem, problemOfRefusal } from "./problem.ts";

const RETRY_AFTER_SECONDS = 2;

/**
 * Asks one performance's object. An object that is overloaded or just being moved is a 503 with a pause; anything else it
 * throws is a defect and stays an exception.
 */
export async function askPerformance<T>(
  env: Environment,
  performanceId: string,
  ask: (object: PerformanceContract) => Promise<T>,
): Promise<T> {
  try {
    return await ask(env.PERFORMANCE.getByName(performanceId));
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw new Problem("overloaded", { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}

/** One command outside of any lobby; the object accepts those in any order. A refusal becomes its problem. */
export async function commandPerformance(
  env: Environment,
  performanceId: string,
  command: Command,
): Promise<Extract<Reply, { ok: true }>> {
  const batch = { lobby: null, incarnation: 0, sequence: 0, commands: [command] };
  const { replies } = await askPerformance(env, performanceId, (object) => object.execute(batch));
  const reply = replies[0];
  if (reply === undefined) throw new Error("the object answered no command");
  if (!reply.ok) throw problemOfRefusal(reply.refusal);
  return reply;
}

export async function operate(
  env: Environment,
  performanceId: string,
  operator: string,
  action: OperatorAction,
): Promise<void> {
  await commandPerformance(env, performanceId, { kind: "operate", operator, action });
}
