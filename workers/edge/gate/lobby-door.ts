/** A lobby as the edge asks it: every call with a deadline and a breaker of that lobby's own. */
import type { LobbyContract } from "../../../durable-objects/lobby/contract.ts";
import type { Command, DrawView, Reply, ScheduleView } from "../../../durable-objects/performance/contract.ts";
import { askObject } from "../../calls/objects.ts";
import type { Environment } from "../../environment.ts";
import type { Trail } from "../trail.ts";

type Lobby = ReturnType<Environment["LOBBY"]["getByName"]>;

/** Who only looks, or goes, changes no purchase: nobody follows them. */
const READS: ReadonlySet<Command["kind"]> = new Set(["look", "leave", "holds", "order", "quote-cancellation"]);

export class LobbyDoor {
  readonly #env: Pick<Environment, "LOBBY">;
  readonly #name: string;
  readonly #trail: Trail | null;

  constructor(env: Pick<Environment, "LOBBY">, name: string, trail: Trail | null) {
    this.#env = env;
    this.#name = name;
    this.#trail = trail;
  }

  /** Commands are idempotent, by state or by key: a lobby that was moved meanwhile is asked again. */
  submit(command: Command): Promise<Reply | null> {
    const traced =
      this.#trail === null || READS.has(command.kind) ? command : { cause: this.#trail.next(), ...command };
    return this.#ask((lobby) => lobby.submit(traced));
  }

  join(entry: string): ReturnType<LobbyContract["join"]> {
    return this.#ask((lobby) => lobby.join(entry));
  }

  look(entry: string): ReturnType<LobbyContract["look"]> {
    return this.#ask((lobby) => lobby.look(entry));
  }

  schedule(scheduleId: string, chart?: number): Promise<ScheduleView | null> {
    return this.#ask((lobby) => lobby.schedule(scheduleId, chart));
  }

  seats(scheduleId: string, entry: string): ReturnType<LobbyContract["seats"]> {
    return this.#ask((lobby) => lobby.seats(scheduleId, entry));
  }

  draw(): Promise<DrawView | null> {
    return this.#ask((lobby) => lobby.draw());
  }

  drawSegment(index: number): Promise<Uint8Array | null> {
    return this.#ask((lobby) => lobby.drawSegment(index));
  }

  /** A WebSocket. Its page opens another one by itself. */
  open(headers: Headers): Promise<Response> {
    return this.#ask((lobby) => lobby.fetch(new Request("https://lobby/live", { headers })), false);
  }

  #ask<T>(ask: (lobby: Lobby) => Promise<T>, repeatable = true): Promise<T> {
    // A stub that failed may be broken for good: each try has a new one.
    return askObject(this.#env, "lobby", this.#name, () => ask(this.#env.LOBBY.getByName(this.#name)), { repeatable });
  }
}
