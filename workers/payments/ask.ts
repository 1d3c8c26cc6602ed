/** Asking a provider about money, with a line in the log: who asked, about what, what was said, how long it took. */
import type {
  PaymentOutcome,
  ProviderTask,
  RefundOutcome,
  RefundTask,
} from "../../durable-objects/performance/contract.ts";
import { log } from "../../durable-objects/log.ts";
import type { Provider } from "./provider.ts";

/** `cause`: id of the command that will write the answer down. */
export function confirm(provider: Provider, task: ProviderTask, cause: string): Promise<PaymentOutcome> {
  return asked("confirm", task, cause, () => provider.confirm(task));
}

export function conclude(provider: Provider, task: ProviderTask, cause: string): Promise<PaymentOutcome> {
  return asked("conclude", task, cause, () => provider.conclude(task));
}

export function read(provider: Provider, task: ProviderTask, cause: string): Promise<PaymentOutcome> {
  return asked("read", task, cause, () => provider.read(task));
}

export function refund(provider: Provider, task: RefundTask, cause: string): Promise<RefundOutcome> {
  return asked("refund", task, cause, () => provider.refund(task));
}

async function asked<Outcome extends PaymentOutcome | RefundOutcome>(
  kind: string,
  { orderId, attempt, provider }: ProviderTask,
  cause: string,
  ask: () => Promise<Outcome>,
): Promise<Outcome> {
  const startedAt = Date.now();
  const outcome = await ask();
  const ms = Math.max(0, Date.now() - startedAt);
  const reason = "reason" in outcome ? outcome.reason : "code" in outcome ? outcome.code : undefined;
  log("info", "payments", "answered", {
    ...{ commandIds: [cause], orderId, attempt, provider, kind, outcome: outcome.result, reason, ms },
  });
  return outcome;
}
