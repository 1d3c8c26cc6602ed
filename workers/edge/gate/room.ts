/** Finding a performance's lobbies from the edge, with facts that are fixed by its publication and so kept per isolate. */
import { entryOf, lobbyOf } from "../../../durable-objects/performance/admission/entry.ts";
import type { IdentityFacts, PerformanceFacts, Reply } from "../../../durable-objects/performance/contract.ts";
import { lobbyName } from "../../../durable-objects/lobby/contract.ts";
import type { Environment } from "../../environment.ts";
import { askPerformanceAgain } from "../../calls/objects.ts";
import { retryAfterSeconds } from "../answer-error.ts";
import { Problem, problemOfRefusal } from "../problem.ts";
import type { Trail } from "../trail.ts";
import { LobbyDoor } from "./lobby-door.ts";

const PERFORMANCE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FACTS_KEPT = 1_000;
const kept = new Map<string, { readonly facts: PerformanceFacts; readonly at: number }>();
/** An organiser may change the verifier and its secret at any time: everybody knows within seconds. */
const VERIFIER_KEPT_MS = 5_000;

/** All that is needed to find a room: also from a Worker that has nothing else. */
type Objects = Pick<Environment, "PERFORMANCE" | "LOBBY">;

export interface Room {
  readonly performanceId: string;
  /** The member's pseudonym in this performance. */
  readonly entry: string;
  readonly waiting: LobbyDoor;
  readonly booking: LobbyDoor;
}

/**
 * The lobbies where this member waits and books; a performance nobody published does not exist. `trail` is the request's:
 * what it commands carries its id.
 */
export async function roomOf(
  env: Objects,
  performanceId: string,
  member: string,
  trail: Trail | null = null,
): Promise<Room> {
  const { entryKey } = await factsOf(env, performanceId);
  return roomAt(env, performanceId, entryOf(entryKey, member), trail);
}

/** The same by pseudonym. */
export async function roomAt(
  env: Objects,
  performanceId: string,
  entry: string,
  trail: Trail | null = null,
): Promise<Room> {
  const facts = await factsOf(env, performanceId);
  const door = (role: "queue" | "booking", count: number): LobbyDoor =>
    new LobbyDoor(env, lobbyName(performanceId, role, lobbyOf(entry, count)), trail);
  if (trail !== null) trail.performanceId = performanceId;
  return {
    performanceId,
    entry,
    waiting: door("queue", facts.lobbies),
    booking: door("booking", facts.bookingLobbies),
  };
}

/** What joining takes there, and the key by which codes and answers are checked. */
export async function identitiesOf(
  env: Objects,
  performanceId: string,
): Promise<IdentityFacts & { readonly entryKey: string }> {
  const { identities, entryKey } = await factsOf(env, performanceId);
  return { ...identities, entryKey };
}

/** Any booking lobby, for what is the same for everybody. */
export async function anyBookingLobby(env: Environment, performanceId: string): Promise<Room["booking"]> {
  const facts = await factsOf(env, performanceId);
  const index = Math.floor(Math.random() * facts.bookingLobbies);
  return new LobbyDoor(env, lobbyName(performanceId, "booking", index), null);
}

/** Always the same lobby, for what must never seem to go back: two lobbies' copies differ by a moment. */
export async function firstBookingLobby(env: Environment, performanceId: string): Promise<Room["booking"]> {
  await factsOf(env, performanceId);
  return new LobbyDoor(env, lobbyName(performanceId, "booking", 0), null);
}

async function factsOf(env: Objects, performanceId: string): Promise<PerformanceFacts> {
  const known = kept.get(performanceId);
  if (known !== undefined) {
    const changes = known.facts.identities.by === "verifier";
    if (!changes || Date.now() - known.at < VERIFIER_KEPT_MS) return known.facts;
  }
  if (!PERFORMANCE_ID.test(performanceId)) throw new Problem("not-found");
  const facts = await askPerformanceAgain(env, performanceId, (object) => object.facts());
  if (!facts.published) throw new Problem("not-found");
  if (kept.size >= FACTS_KEPT) kept.clear();
  kept.set(performanceId, { facts, at: Date.now() });
  return facts;
}

/** The reply of a command, or the problem it stands for. No reply: the outcome is unknown, the client may ask again. */
export function granted<Kind extends Extract<Reply, { ok: true }>["kind"]>(
  reply: Reply | null,
  kind: Kind,
): Extract<Reply, { ok: true; kind: Kind }> {
  const some = answered(reply);
  if (some.kind !== kind) throw new Error(`expected ${kind}, got ${some.kind}`);
  return some as Extract<Reply, { ok: true; kind: Kind }>;
}

/** A reply that is not a refusal; anything else ends the request with its problem. */
export function answered(reply: Reply | null): Extract<Reply, { ok: true }> {
  if (reply === null) throw overloaded();
  if (!reply.ok) throw problemOfRefusal(reply.refusal);
  return reply;
}

export function overloaded(): Problem {
  return new Problem("overloaded", { retryAfterSeconds: retryAfterSeconds() });
}

/** The performance an order belongs to is written into its id: found without asking anybody. */
export function performanceOfOrder(orderId: string): string {
  const match = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{24}$/.exec(orderId);
  if (match === null) throw new Problem("order-not-found");
  return match.slice(1).join("-");
}
