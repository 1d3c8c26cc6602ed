/** The object's rules without its storage, under a clock that is set: what a crowd of any size meets, in minutes. */
import { publish } from "../../durable-objects/performance/admission/publish.ts";
import { statusOf } from "../../durable-objects/performance/admission/status.ts";
import { nextDue } from "../../durable-objects/performance/advance.ts";
import { apply } from "../../durable-objects/performance/apply.ts";
import { runBatch } from "../../durable-objects/performance/batch.ts";
import type { Change } from "../../durable-objects/performance/changes.ts";
import type {
  Command,
  PerformanceSettings,
  PresenceReport,
  Reply,
  StatusFrame,
} from "../../durable-objects/performance/contract.ts";
import { emptyState, type PerformanceState } from "../../durable-objects/performance/state.ts";
import { PERFORMANCE_ID, publishRequest } from "../../tests/simulation/charts.ts";

export interface Commit {
  readonly replies: readonly Reply[];
  readonly changes: readonly Change[];
}

export class LineUnderTest {
  readonly state: PerformanceState = emptyState(PERFORMANCE_ID);

  constructor(settings: Partial<PerformanceSettings>, now: number) {
    const { changes, reply } = publish(this.state, publishRequest(settings), now, () => "00".repeat(32));
    if (!reply.ok) throw new Error(`not published: ${reply.refusal.code}`);
    for (const change of changes) apply(this.state, change);
  }

  commit(now: number, commands: readonly Command[], presence: PresenceReport | null = null): Commit {
    return runBatch(this.state, commands, presence, {
      now,
      newId: () => "0".repeat(24),
      readOrder: () => null,
      ordersAfter: () => [],
      keptReplies: () => new Map(),
      report: (_command, error) => {
        throw error;
      },
    });
  }

  status(now: number): StatusFrame {
    return statusOf(this.state, now);
  }

  /** When the object would set its alarm. */
  due(now: number): number | null {
    return nextDue(this.state, now);
  }
}
