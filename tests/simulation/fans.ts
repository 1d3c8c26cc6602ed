/**
 * What fans do, one command at a time: mostly sensible, sometimes not (somebody else's order or hold, a wrong amount, a pass
 * of an old wave). To add a deed, add it to the list: the world picks by weight, and `purposeful` picks by kind.
 */
import { entryBytes } from "../../durable-objects/performance/admission/entry.ts";
import { numberOf } from "../../durable-objects/performance/admission/standing.ts";
import type { Command, HoldWish } from "../../durable-objects/performance/contract.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import type { Bank } from "./bank.ts";
import { SCHEDULE_ID } from "./charts.ts";
import type { Random } from "./random.ts";

export interface Person {
  readonly member: string;
  readonly entry: string;
  readonly holdIds: string[];
  readonly orderIds: string[];
}

/** What somebody who is about to do something can know. */
export interface Scene {
  readonly random: Random;
  readonly state: PerformanceState;
  readonly people: readonly Person[];
  readonly bank: Pick<Bank, "account" | "chosen">;
  /** A fresh idempotency key of this person for this operation. */
  key(person: Person, operation: string): { id: string; hash: string };
}

interface Deed {
  readonly kind: Command["kind"];
  /** How often it comes to mind. */
  readonly weight: number;
  /** Null: it came to mind, and was not done. */
  command(scene: Scene, person: Person): Command | null;
}

const deeds: readonly Deed[] = [
  { kind: "join", weight: 2, command: (_, { entry }) => ({ kind: "join", entries: entryBytes(entry) }) },
  {
    kind: "leave",
    weight: 1,
    command: ({ random }, { entry }) => (random.chance(0.15) ? { kind: "leave", entry } : null),
  },
  { kind: "look", weight: 1, command: (_, { entry }) => ({ kind: "look", entry }) },
  { kind: "enter", weight: 2, command: (_, { entry, member }) => ({ kind: "enter", entry, member }) },
  {
    kind: "hold",
    weight: 2,
    command: (scene, person) => ({
      kind: "hold",
      epoch: epochOf(scene),
      entry: person.entry,
      member: person.member,
      scheduleId: SCHEDULE_ID,
      ...someWish(scene, person),
      key: scene.key(person, "hold"),
    }),
  },
  {
    kind: "release",
    weight: 1,
    command: (scene, person) => ({ kind: "release", member: person.member, holdId: someHold(scene, person) }),
  },
  {
    kind: "place-order",
    weight: 2,
    command: (scene, person) => ({
      kind: "place-order",
      epoch: epochOf(scene),
      entry: person.entry,
      member: person.member,
      holdId: someHold(scene, person),
      key: scene.key(person, "order"),
    }),
  },
  {
    kind: "begin-payment",
    weight: 2,
    command: (scene, person) =>
      onOrder(scene, person, (orderId) => ({
        kind: "begin-payment",
        member: person.member,
        orderId,
        provider: "toss",
        method: scene.bank.chosen() ? "VIRTUAL_ACCOUNT" : "CARD",
        key: scene.key(person, "pay"),
      })),
  },
  {
    kind: "confirm-payment",
    weight: 2,
    command: (scene, person) => onOrder(scene, person, (orderId) => confirmation(scene, person.member, orderId)),
  },
  {
    kind: "cancel-order",
    weight: 1,
    command: (scene, person) =>
      scene.random.chance(0.3)
        ? onOrder(scene, person, (orderId) => ({
            kind: "cancel-order",
            member: person.member,
            orderId,
            reason: "simulated",
            seats: someOf(scene, orderId),
            fee: null,
            ...scene.bank.account(),
          }))
        : null,
  },
];

/** All of an order's seats, or the first of them. */
function someOf({ random, state }: Scene, orderId: string): readonly string[] | null {
  const [hold] = state.openOrders.get(orderId)?.seats ?? [];
  if (random.chance(0.5)) return null;
  return [hold?.id ?? `r${1 + random.below(4)}s${1 + random.below(5)}`];
}

const byWeight = deeds.flatMap((deed) => Array.from({ length: deed.weight }, () => deed));

/** Whatever comes to mind, sensible or not. */
export function impulse(scene: Scene, person: Person): Command | null {
  return scene.random.pick(byWeight).command(scene, person);
}

function deed(scene: Scene, person: Person, kind: Command["kind"]): Command | null {
  return deeds.find((one) => one.kind === kind)?.command(scene, person) ?? null;
}

/** Somebody who may book goes one step further towards a paid order; if nobody may, somebody joins. */
export function purposeful(scene: Scene): { readonly person: Person; readonly command: Command | null } {
  const { state, random, people } = scene;
  const entries = new Set(Array.from(state.sessions.keys(), (number) => state.line.roster.entry(number)));
  const orders = new Map(Array.from(state.openOrders.values(), (order) => [order.member, order]));
  const busy = people.filter(({ entry, member }) => entries.has(entry) || orders.has(member));
  const person = random.pick(busy.length === 0 ? people : busy);
  if (busy.length === 0) return { person, command: deed(scene, person, "join") };
  const session = state.sessions.get(numberOf(state, person.entry));
  const status = orders.get(person.member)?.status;
  if (status === "pending") return { person, command: deed(scene, person, "begin-payment") };
  if (status === "paying") return { person, command: deed(scene, person, "confirm-payment") };
  if (session?.member === null) return { person, command: deed(scene, person, "enter") };
  const holds = state.holdsOfMember.get(person.member)?.size ?? 0;
  return { person, command: deed(scene, person, holds === 0 ? "hold" : "place-order") };
}

function confirmation(scene: Scene, member: string, orderId: string): Command {
  const amount = scene.random.chance(0.05) ? 1 : (scene.state.openOrders.get(orderId)?.amount ?? 0);
  return { kind: "confirm-payment", member, orderId, provider: "toss", paymentKey: `pk-${orderId}`, amount };
}

function onOrder(scene: Scene, person: Person, command: (orderId: string) => Command): Command | null {
  // Now and then somebody tries another person's order.
  const foreign = scene.random.chance(0.05) ? scene.random.pick(scene.people).orderIds.at(-1) : undefined;
  const orderId = foreign ?? person.orderIds.at(-1);
  return orderId === undefined ? null : command(orderId);
}

/** Mostly the epoch of a fresh pass, sometimes an old one. */
function epochOf({ random, state }: Scene): number {
  return random.chance(0.05) ? state.epoch - 1 : state.epoch;
}

/** Mostly one's own, sometimes a number that may be anybody's. */
function someHold({ random }: Scene, person: Person): string {
  return (random.chance(0.05) ? undefined : person.holdIds.at(-1)) ?? `h${random.below(20)}`;
}

/** One to three seats, mostly beside each other; now and then one that does not exist, or the same one twice. */
/** Mostly seats by name, sometimes the best there is, places to stand, or more for the hold at hand. */
function someWish(scene: Scene, person: Person): HoldWish {
  const { random } = scene;
  if (random.chance(0.1)) return { best: { count: 1 + random.below(3) } };
  if (random.chance(0.1)) return { zones: [{ zone: "floor", count: 1 + random.below(2) }] };
  const addTo = person.holdIds.at(-1);
  return addTo !== undefined && random.chance(0.1) ? { seats: someSeats(scene), addTo } : { seats: someSeats(scene) };
}

function someSeats({ random, state }: Scene): string[] {
  const board = state.boards.get(SCHEDULE_ID);
  if (board === undefined) return [];
  const { seats } = board.places;
  const first = random.below(seats);
  const count = 1 + random.below(3);
  if (random.chance(0.02)) return [board.seatId(first), random.chance(0.5) ? "r99s99" : board.seatId(first)];
  return Array.from({ length: count }, (_, index) => board.seatId((first + index) % seats));
}
