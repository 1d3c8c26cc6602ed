/** Stands where the Performance object stands and does nothing: what is left is the cost of calling and answering. */
import { DurableObject } from "cloudflare:workers";
import { ENTRY_BYTES } from "../../durable-objects/performance/admission/entry.ts";
import type { Batch, BatchReply, Reply } from "../../durable-objects/performance/contract.ts";
import { statusOf } from "../../durable-objects/performance/admission/status.ts";
import { emptyState } from "../../durable-objects/performance/state.ts";

const STATUS = statusOf(emptyState(""), 0);

export class StandIn extends DurableObject {
  execute(batch: Batch): Promise<BatchReply> {
    const replies = batch.commands.map((command): Reply => {
      if (command.kind !== "join") return { ok: true, kind: "done" };
      return { ok: true, kind: "joined", numbers: new Uint32Array(command.entries.length / ENTRY_BYTES), refused: [] };
    });
    return Promise.resolve({ incarnation: 0, replies, status: STATUS });
  }
}
