/** What may be asked of a Lobby object. It stores nothing that matters: a lost answer is repaired by asking again. */
import type {
  Batch,
  Command,
  DrawView,
  PersonalNews,
  Reply,
  ScheduleView,
  SeatDelta,
  SeatSnapshot,
  Standing,
  StatusFrame,
} from "../performance/contract.ts";

/** A person's view of the queue, as the API and the sockets show it. */
export interface QueueState {
  readonly state: Standing["state"];
  readonly number: number | null;
  readonly place: number | null;
  /** The lane's index; 0 is the general one. */
  readonly lane: number;
  readonly ahead: number | null;
  readonly until: string | null;
  /** Ended by the organiser, for good. */
  readonly revoked: boolean;
  readonly status: StatusFrame;
  readonly wait: { readonly fromSeconds: number; readonly toSeconds: number } | null;
  /** More people are ahead than seats are free: they will probably not reach this place. */
  readonly seatsUnlikely: boolean;
  readonly pollAfterSeconds: number;
  readonly serverTime: string;
}

/** `null` reply: the object could not be reached in time, the outcome is unknown, the same request may be sent again. */
export interface LobbyContract {
  /** One command, batched with others; at most one batch is in flight. */
  submit(command: Command): Promise<Reply | null>;
  join(entry: string): Promise<JoinReply | null>;
  /** Polling: the person's state, and a sign of life until the next poll. */
  look(entry: string): Promise<QueueState | null>;
  /** `chart`: the caller has heard of this version of the chart, and an older copy will not do. */
  schedule(scheduleId: string, chart?: number): Promise<ScheduleView | null>;
  /** The seats as of now (at most one call to the object a second), for a member with a live session. */
  seats(scheduleId: string, entry: string): Promise<SeatsReply | null>;
  /** Null: the object has been emptied, and the records know. */
  draw(): Promise<DrawView | null>;
  drawSegment(index: number): Promise<Uint8Array | null>;
  /** From the Performance object: people to be told at once. */
  news(list: readonly PersonalNews[]): Promise<void>;
  /** From the Performance object: seats that changed. */
  seatNews(deltas: readonly SeatDelta[]): Promise<void>;
  /** All is over: sockets are closed, and nothing is left that would wake it. */
  empty(): Promise<void>;
}

export interface JoinedQueue {
  readonly ok: true;
  readonly number: number;
  readonly state: QueueState;
  /** How long the page should wait before it opens its socket: nought unless many join at this moment. */
  readonly connectAfterMs: number;
}

export type JoinReply = JoinedQueue | Extract<Reply, { ok: false }>;

export type SeatsReply = { readonly ok: true; readonly snapshot: SeatSnapshot } | Extract<Reply, { ok: false }>;

/** Names of lobbies: the role and index an edge or an object needs to find one. */
export function lobbyName(performanceId: string, role: "queue" | "booking", index: number): string {
  return `${performanceId}/${role}/${index}`;
}

/** What a batch is called in logs; null: a call outside of any lobby. */
export function batchName({ lobby, incarnation, sequence }: Omit<Batch, "commands">): string | null {
  return lobby === null ? null : `${lobby.role}/${lobby.index}/${incarnation}/${sequence}`;
}

export function parseLobbyName(
  name: string,
): { performanceId: string; role: "queue" | "booking"; index: number } | null {
  const match = /^([0-9a-f-]{36})\/(queue|booking)\/(\d{1,3})$/.exec(name);
  if (match === null) return null;
  const [, performanceId = "", role = "", index = ""] = match;
  return { performanceId, role: role === "booking" ? "booking" : "queue", index: Number(index) };
}
