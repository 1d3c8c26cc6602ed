/** Work that goes on after the answer has left: what the asker need not wait for, or must not be able to time. */
import { errorFields, log } from "../../durable-objects/log.ts";
import type { AppContext } from "./context.ts";

/** The platform lets it run for up to 30 s. A failure is logged, for nobody is left to be told. */
export function afterAnswer(c: AppContext, at: string, work: Promise<unknown>): void {
  c.executionCtx.waitUntil(
    work.catch((error: unknown) => {
      const { requestId } = c.var.trail;
      log("error", at, "failed after the answer", { requestId, ...errorFields(error) });
    }),
  );
}
