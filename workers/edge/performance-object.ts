/** Calls of the Performance object from the edge, with its failures turned into problems a client can act on. */
import type {
  Command,
  OperatorAction,
  PerformanceContract,
  Reply,
} from "../../durable-objects/performance/contract.ts";
import type { Environment } from "../environment.ts";
import type { AppContext } from "./context.ts";
import { askObject, isObjectUnavailable } from "../calls/objects.ts";
import { problemOfObject } from "./answer-error.ts";
import { problemOfRefusal } from "./problem.ts";

/**
 * Asks one performance's object. One that is overloaded, being moved, or silent is a 503 or 504 with a pause; anything else
 * it throws is a defect and stays an exception.
 * @param asking `repeatable`: what is asked changes nothing the second time. `deadlineMs`: for what takes its time.
 */
export async function askPerformance<T>(
  env: Environment,
  performanceId: string,
  ask: (object: PerformanceContract) => Promise<T>,
  asking: { readonly repeatable?: boolean; readonly deadlineMs?: number } = {},
): Promise<T> {
  try {
    const call = (): Promise<T> => ask(env.PERFORMANCE.getByName(performanceId));
    return await askObject(env, "performance", performanceId, call, asking);
  } catch (error) {
    throw isObjectUnavailable(error) ? problemOfObject(error) : error;
  }
}

/** An operator may change a chart of 60,000 places, or a date with as many orders. */
const OPERATING_MS = 30_000;

/** One command outside of any lobby; the object accepts those in any order. A refusal becomes its problem. */
export async function commandPerformance(
  c: AppContext,
  performanceId: string,
  command: Command,
): Promise<Extract<Reply, { ok: true }>> {
  const batch = { lobby: null, incarnation: 0, sequence: 0, commands: [{ ...command, cause: c.var.trail.next() }] };
  c.var.trail.performanceId = performanceId;
  const { replies } = await askPerformance(c.env, performanceId, (object) => object.execute(batch), {
    deadlineMs: OPERATING_MS,
  });
  const reply = replies[0];
  if (reply === undefined) throw new Error("the object answered no command");
  if (!reply.ok) throw problemOfRefusal(reply.refusal);
  return reply;
}

export async function operate(
  c: AppContext,
  performanceId: string,
  operator: string,
  action: OperatorAction,
): Promise<void> {
  await commandPerformance(c, performanceId, { kind: "operate", operator, action });
}
