/** Stand where the objects stand and do nothing: what is left is the cost of calling and answering. */
import { DurableObject } from "cloudflare:workers";
import type { JoinReply } from "../../durable-objects/lobby/contract.ts";
import { queueStateOf } from "../../durable-objects/lobby/queue-state.ts";
import { ENTRY_BYTES } from "../../durable-objects/performance/admission/entry.ts";
import { statusOf } from "../../durable-objects/performance/admission/status.ts";
import type { Batch, BatchReply, PerformanceFacts, Reply } from "../../durable-objects/performance/contract.ts";
import { emptyState } from "../../durable-objects/performance/state.ts";

const STATUS = statusOf(emptyState(""), 0);
const WAITING = queueStateOf({ state: "waiting", number: 0, place: 0, lane: 0, until: null }, STATUS, 0);

/** A performance that answers at once. */
export class StandIn extends DurableObject {
  facts(): Promise<PerformanceFacts> {
    const performanceId = this.ctx.id.name ?? "";
    return Promise.resolve({
      performanceId,
      published: true,
      emptied: false,
      lobbies: 4,
      bookingLobbies: 1,
      lanes: [],
      identities: { by: null, verifier: null },
      entryKey: "00".repeat(32),
    });
  }

  execute(batch: Batch): Promise<BatchReply> {
    const replies = batch.commands.map((command): Reply => {
      if (command.kind !== "join") return { ok: true, kind: "done" };
      return {
        ok: true,
        kind: "joined",
        numbers: new Uint32Array(command.entries.length / ENTRY_BYTES),
        lanes: null,
        refused: [],
      };
    });
    return Promise.resolve({ incarnation: 0, replies, status: STATUS });
  }
}

/** A lobby that answers at once. */
export class StandInLobby extends DurableObject {
  join(): Promise<JoinReply> {
    return Promise.resolve({ ok: true, number: 0, state: WAITING, connectAfterMs: 0 });
  }
}
