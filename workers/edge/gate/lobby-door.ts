/** A lobby as the edge asks it: every call with a deadline and a breaker of that lobby's own. */
import type { LobbyContract } from "../../../durable-objects/lobby/contract.ts";
import type { Command, DrawView, Reply, ScheduleView } from "../../../durable-objects/performance/contract.ts";
import { askObject } from "../../calls/objects.ts";
import type { Environment } from "../../environment.ts";

type Lobby = ReturnType<Environment["LOBBY"]["getByName"]>;

export class LobbyDoor {
  readonly #env: Pick<Environment, "LOBBY">;
  readonly #name: string;

  constructor(env: Pick<Environment, "LOBBY">, name: string) {
    this.#env = env;
    this.#name = name;
  }

  /** Commands are idempotent, by state or by key: a lobby that was moved meanwhile is asked again. */
  submit(command: Command): Promise<Reply | null> {
    return this.#ask((lobby) => lobby.submit(command));
  }

  join(entry: string): ReturnType<LobbyContract["join"]> {
    return this.#ask((lobby) => lobby.join(entry));
  }

  look(entry: string): ReturnType<LobbyContract["look"]> {
    return this.#ask((lobby) => lobby.look(entry));
  }

  schedule(scheduleId: string): Promise<ScheduleView | null> {
    return this.#ask((lobby) => lobby.schedule(scheduleId));
  }

  seats(scheduleId: string, entry: string): ReturnType<LobbyContract["seats"]> {
    return this.#ask((lobby) => lobby.seats(scheduleId, entry));
  }

  draw(): Promise<DrawView> {
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
