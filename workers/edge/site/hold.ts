/** Whether a visitor may pass: their place in the performance's queue, and with an admission the next pass. */
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";
import { granted, overloaded, roomOf } from "../gate/room.ts";
import { Problem, problemOfRefusal } from "../problem.ts";
import type { Site, SiteEnvironment } from "./settings.ts";
import { signSitePass } from "./tokens.ts";

export type Turn =
  | { readonly may: "pass"; readonly token: string; readonly until: number }
  | { readonly may: "wait"; readonly state: QueueState };

const BEFORE_OPENING = new Set(["scheduled", "gathering", "sealed"]);

/**
 * Joins (again: the same number), and enters when it is the visitor's turn. Entering again prolongs nothing and is refused
 * when the session has ended or was revoked, so a pass is only ever followed by another while the session lives.
 * @throws Problem of the queue (sold out, revoked …), or of an object that cannot be reached.
 */
export async function turnOf(env: SiteEnvironment, site: Site, guest: string): Promise<Turn> {
  const room = await roomOf(env, site.performance, guest);
  if (!site.guestsInDraw) {
    const seen = await room.waiting.look(room.entry);
    if (seen === null) throw overloaded();
    if (seen.state === "none" && BEFORE_OPENING.has(seen.status.phase)) return { may: "wait", state: seen };
  }
  const joined = await room.waiting.join(room.entry);
  if (joined === null) throw overloaded();
  if (!joined.ok) throw problemOfRefusal(joined.refusal);
  const { state } = joined;
  if (state.state !== "admitted" && state.state !== "entered") return { may: "wait", state };
  const command = { kind: "enter", entry: room.entry, member: guest } as const;
  const { session } = granted(await room.booking.submit(command), "session");
  return { may: "pass", token: await signSitePass(env, site, { guest, ...session }), until: session.until };
}

/** Gives the slot to the next person at once. Repeating it changes nothing. */
export async function release(env: SiteEnvironment, site: Site, guest: string): Promise<void> {
  const room = await roomOf(env, site.performance, guest);
  const reply = await room.waiting.submit({ kind: "leave", entry: room.entry });
  if (reply === null) throw overloaded();
  if (!reply.ok && reply.refusal.code !== "not-in-queue") throw problemOfRefusal(reply.refusal);
}

/** Whether it is TicketPing that failed, and not the queue that said no. */
export function isFailure(error: unknown): boolean {
  return !(error instanceof Problem) || error.status >= 500 || error.code === "not-found";
}
