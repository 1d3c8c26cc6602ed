/** Frames between a browser and its lobby. What comes in is a stranger's: unknown until parsed. */
import type { SeatDelta, SeatSnapshot, StatusFrame } from "../performance/contract.ts";
import type { QueueState } from "./contract.ts";

export type ClientFrame = { readonly type: "here" } | { readonly type: "watch"; readonly scheduleId: string };

export type ServerFrame =
  | ({ readonly type: "state" } & QueueState)
  | { readonly type: "status"; readonly status: StatusFrame }
  | ({ readonly type: "seats" } & SeatDelta)
  | { readonly type: "closing"; readonly reason: string };

/** A delta of nothing, that says which version there is: whoever has an older one takes a snapshot. */
export function versionFrame({ scheduleId, chart, version }: SeatSnapshot): string {
  const frame: ServerFrame = { type: "seats", scheduleId, chart, from: version, to: version, changes: [], zones: [] };
  return JSON.stringify(frame);
}

const FRAME_LENGTH_MAX = 1_024;

/** A client's frame, or null for anything else. */
export function parseFrame(message: string | ArrayBuffer): ClientFrame | null {
  if (typeof message !== "string" || message.length > FRAME_LENGTH_MAX) return null;
  let frame: unknown;
  try {
    frame = JSON.parse(message);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
  if (frame.type === "here") return { type: "here" };
  if (frame.type !== "watch" || !("scheduleId" in frame) || typeof frame.scheduleId !== "string") return null;
  return /^[0-9a-f-]{36}$/.test(frame.scheduleId) ? { type: "watch", scheduleId: frame.scheduleId } : null;
}

/** What a socket carries through hibernation; read back as unknown, because an older deploy may have written it. */
export interface Attachment {
  readonly entry: string;
  readonly booking: boolean;
  readonly scheduleId: string | null;
  /** Last sign of life that was a message. */
  readonly seenAt: number;
}

export function parseAttachment(value: unknown): Attachment | null {
  if (typeof value !== "object" || value === null) return null;
  const { entry, booking, scheduleId, seenAt } = value as Record<string, unknown>;
  if (typeof entry !== "string" || typeof booking !== "boolean" || typeof seenAt !== "number") return null;
  return { entry, booking, scheduleId: typeof scheduleId === "string" ? scheduleId : null, seenAt };
}
