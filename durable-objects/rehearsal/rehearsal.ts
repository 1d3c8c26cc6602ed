/**
 * A Rehearsal object: plays a sale in slices of its own alarm, so that no slice takes long, whatever the size of the crowd.
 * The crowd lives in memory; that it runs and what came of it are stored. One that loses its memory says so, and is begun
 * again by whoever wants to know.
 */
import { errorFields, log } from "../log.ts";
import { DurableObject } from "cloudflare:workers";
import type { PublishRequest } from "../performance/contract.ts";
import { MOST_FANS, type RehearsalContract, type RehearsalResult, type RehearsalView } from "./contract.ts";
import { Play } from "./play.ts";

const COMMANDS_PER_SLICE = 2_000;
const POINTS_SHOWN = 400;
const NONE: RehearsalView = { state: "none", fans: 0, progress: 0, result: null };

export class Rehearsal extends DurableObject implements RehearsalContract {
  #play: Play | null = null;
  #view: RehearsalView = NONE;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    void ctx.blockConcurrencyWhile(async () => {
      const kept = parseView(await ctx.storage.get<unknown>("view"));
      this.#view = kept.state === "running" ? { ...kept, state: "interrupted" } : kept;
    });
  }

  async start(request: PublishRequest, fans: number, seed: number): Promise<RehearsalView> {
    if (this.#play !== null) return this.#view;
    if (!Number.isSafeInteger(fans) || fans < 1 || fans > MOST_FANS) throw new RangeError("a crowd has 1 to 100,000");
    this.#play = new Play(request, fans, seed);
    await this.#note({ state: "running", fans, progress: 0, result: null });
    await this.ctx.storage.setAlarm(Date.now());
    return this.#view;
  }

  view(): Promise<RehearsalView> {
    return Promise.resolve(this.#view);
  }

  async cancel(): Promise<{ readonly ended: boolean; readonly view: RehearsalView }> {
    if (this.#play === null) return { ended: false, view: this.#view };
    const { progress } = this.#play;
    this.#play = null;
    await this.ctx.storage.deleteAlarm();
    await this.#note({ ...this.#view, state: "cancelled", progress });
    return { ended: true, view: this.#view };
  }

  async empty(): Promise<void> {
    this.#play = null;
    this.#view = NONE;
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    const play = this.#play;
    if (play === null) return;
    let over: boolean;
    try {
      over = play.advance(COMMANDS_PER_SLICE);
    } catch (error) {
      log("error", "rehearsal", "failed", errorFields(error));
      this.#play = null;
      return this.#note({ ...this.#view, state: "interrupted" });
    }
    if (over) {
      this.#play = null;
      return this.#note({ ...this.#view, state: "done", progress: 1, result: shown(play.result()) });
    }
    this.#view = { ...this.#view, progress: play.progress };
    await this.ctx.storage.setAlarm(Date.now() + 1);
  }

  async #note(view: RehearsalView): Promise<void> {
    this.#view = view;
    await this.ctx.storage.put("view", view);
  }
}

/** Few enough points for a page, and always the last. */
function shown(result: RehearsalResult): RehearsalResult {
  const step = Math.ceil(result.points.length / POINTS_SHOWN);
  const points = result.points.filter((_, index) => index % step === 0 || index === result.points.length - 1);
  return { ...result, points };
}

/** Stored by this deploy or an older one: what does not look like a view is none. */
function parseView(value: unknown): RehearsalView {
  if (typeof value !== "object" || value === null || !("state" in value) || !("progress" in value)) return NONE;
  return ["running", "done", "interrupted", "cancelled"].includes(String(value.state))
    ? (value as RehearsalView)
    : NONE;
}
