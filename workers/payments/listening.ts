/** For whoever has to know that a provider owes an answer, where nobody else will ask again. */
import type { PaymentsPort } from "../../durable-objects/performance/orders/provider.ts";

/** The same port, and whether a provider did not say what became of a payment. */
export function listening(port: PaymentsPort): { readonly port: PaymentsPort; readonly unanswered: () => boolean } {
  let open = false;
  const heard = <Outcome extends { readonly result: string }>(outcome: Outcome): Outcome => {
    if (outcome.result === "unknown") open = true;
    return outcome;
  };
  return {
    port: {
      confirm: async (task, cause) => heard(await port.confirm(task, cause)),
      read: async (task, cause) => heard(await port.read(task, cause)),
      conclude: async (task, cause) => heard(await port.conclude(task, cause)),
      // A refund that was begun is written down: the minute's cron asks again.
      refund: (task, cause) => port.refund(task, cause),
    },
    unanswered: () => open,
  };
}
