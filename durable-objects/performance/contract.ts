/**
 * What may be asked of a Performance object, and what it answers: plain data only.
 * The edge, the lobbies and the records know the object through this file alone.
 *
 * Times are milliseconds since 1970 UTC, amounts integers in minor units (KRW has none smaller than one won).
 */
import type {
  EmptyReply,
  QueueSegment,
  RebuildReply,
  RebuildStep,
  RestoreReply,
  SaleCopy,
  SegmentKind,
} from "./copy-contract.ts";
import type { DateAction, IdempotencyKey, OrderCommand } from "./order-commands.ts";
import type { CancellationQuote, Order, OrderPage, ProviderTask, RefundTask } from "./order-contract.ts";
import type { CancellationPolicy } from "./order-policy.ts";
import type {
  LanePlan,
  DrawView,
  Phase,
  BeaconChain,
  PresenceReport,
  SessionView,
  Standing,
  StatusFrame,
} from "./queue-contract.ts";
import type {
  BestReason,
  BlockView,
  ChartAction,
  HoldView,
  HoldWish,
  ScheduleView,
  SeatAction,
  SeatSnapshot,
} from "./seat-contract.ts";
import type { IdentityAction, IdentityFacts, IdentityView, Verification } from "./identity-contract.ts";
import type { CallFigures, Figures, LobbyReport } from "./figures-contract.ts";
import type { Chart } from "./seats/chart.ts";

export type * from "./copy-contract.ts";
export type { DateAction, DepositProof, IdempotencyKey, OrderCommand, VerifiedHint } from "./order-commands.ts";
export type { CancellationPolicy, FeeRule } from "./order-policy.ts";
export type { CallFigures, Figures } from "./figures-contract.ts";
export type {
  CodeBatch,
  IdentityAction,
  IdentityFacts,
  IdentityView,
  Verification,
  Verifier,
} from "./identity-contract.ts";
export type {
  Alternative,
  BestReason,
  BestWish,
  Block,
  BlockView,
  ChartAction,
  HoldView,
  HoldWish,
  ScheduleView,
  SeatAction,
  SeatDelta,
  SeatSnapshot,
  ZoneWish,
} from "./seat-contract.ts";
export type {
  LanePlan,
  LaneStatus,
  BeaconChain,
  DrawView,
  Phase,
  PersonalNews,
  PresenceReport,
  SessionView,
  Standing,
  StatusFrame,
} from "./queue-contract.ts";
export type {
  Bank,
  Cancellation,
  CancellationQuote,
  Deposit,
  DepositAccount,
  Move,
  Order,
  OrderPage,
  OrderSeat,
  OrderStatus,
  PaymentAttempt,
  PaymentOutcome,
  ProviderBooks,
  ProviderRefund,
  ProviderTask,
  Refund,
  RefundOutcome,
  RefundTask,
} from "./order-contract.ts";

/** Settings the object owns from publication on (before that they are a draft in Postgres). */
export interface PerformanceSettings {
  readonly title: string;
  readonly currency: string;
  /** From here on people may join; null: joining starts at `openAt`, first come, first served. */
  readonly gatherAt: number | null;
  readonly openAt: number;
  readonly closeAt: number;
  /** The beacon round the draw waits for, named at publication; null: none, and the page says so. */
  readonly beacon: { readonly chain: BeaconChain; readonly round: number } | null;
  /** Live booking sessions at any time, at most. */
  readonly capacity: number;
  /** Admissions in any 60 seconds, at most. */
  readonly ratePerMinute: number;
  /** The general lane first. */
  readonly lanes: readonly LanePlan[];
  /** A fresh session lasts this long unless the member enters. */
  readonly showUpSeconds: number;
  /** A session lasts this long from the moment the member enters. */
  readonly bookingSeconds: number;
  readonly holdSeconds: number;
  /** Time to pay from the moment the order is placed; under the provider's ten minutes. */
  readonly paymentSeconds: number;
  /** Who pays by bank transfer has this long from choosing to, and never longer than until the show begins. */
  readonly depositMinutes: number;
  readonly maxSeatsPerMember: number;
  /** A hold must not leave a single free seat where there were more (seats/singles.ts). */
  readonly noSingleSeats: boolean;
  /** From here on accessible seats are seats like all others; null: only an operator frees them. */
  readonly accessibleReleaseAt: number | null;
  readonly cancellation: CancellationPolicy;
  /**
   * Seats that were sold and given back are free again at the next multiple of so many seconds after `openAt`, and up to so
   * many later, at random: never at a moment a machine could wait for. 0: at once.
   */
  readonly releaseEverySeconds: number;
  readonly releaseJitterSeconds: number;
  /** How long somebody who was passed over while absent keeps the place. */
  readonly absenceGraceSeconds: number;
  /** Whoever gave up a place and joined again gets one new number in this time; 0: as often as they like. */
  readonly rejoinSeconds: number;
  /** Joining is refused when this many times the unsold seats wait already; 0: never. */
  readonly queueLimitFactor: number;
  /** What a member must have shown to join (admission/claim.ts). Fixed by the first publication. */
  readonly verification: Verification;
  /** Lobbies for waiting (fixed by the first publication). */
  readonly lobbies: number;
  /** Lobbies for booking, 1 to 6 (fixed by the first publication). */
  readonly bookingLobbies: number;
}

/** One date and time, with the chart its seats come from and the frozen texts an order keeps. */
export interface SchedulePlan {
  readonly id: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly chart: Chart;
  /** Price per grade, minor units. */
  readonly prices: Readonly<Record<string, number>>;
}

export interface PublishRequest {
  readonly performanceId: string;
  readonly settings: PerformanceSettings;
  readonly schedules: readonly SchedulePlan[];
}

export type PublishReply =
  | { readonly ok: true; readonly phase: Phase; readonly schedules: number; readonly seats: number }
  | { readonly ok: false; readonly refusal: Refusal };

/** A command that was understood and declined. `code` is stable; `evidence` says what the decision rested on. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly evidence?: Readonly<Record<string, unknown>>;
}

export type RefusalCode =
  | "not-published"
  | "not-open-yet"
  | "performance-paused"
  | "performance-closed"
  | "queue-limit-reached"
  | "unknown-lane"
  /** Joining takes an identity here, and this entry has shown none. */
  | "verification-required"
  | "presale-code-invalid"
  /** This identity has opened a place for somebody else. */
  | "identity-taken"
  | "code-batch-not-found"
  /** One new number per cooldown; the evidence says when the next one. */
  | "rejoined-too-soon"
  | "sold-out"
  | "not-in-queue"
  | "not-admitted-yet"
  | "session-ended"
  | "member-revoked"
  | "unknown-schedule"
  | "unknown-seat"
  | "no-seats"
  | "duplicate-seat"
  | "seats-taken"
  | "seat-limit-reached"
  | "seats-blocked"
  | "seats-accessible-only"
  | "single-seat-left"
  | "zone-full"
  | "unknown-grade"
  | "not-together"
  | "code-not-valid"
  | "block-not-found"
  | "chart-touches-seats"
  | "hold-not-found"
  | "hold-expired"
  | "order-not-found"
  | "order-expired"
  | "order-not-payable"
  | "order-already-paid"
  | "order-not-cancellable"
  | "payment-in-progress"
  | "cancellation-closed"
  | "fee-changed"
  | "schedule-cancelled"
  | "payment-not-begun"
  | "deposit-too-late"
  | "refund-account-required"
  | "refund-account-not-needed"
  | "notification-not-verified"
  | "amount-mismatch"
  | "attempt-superseded"
  | "settings-invalid"
  | "published-differently"
  | "key-reused"
  /** A batch older than one that was executed already: whoever sent it has its answer, or will ask again. */
  | "stale-batch"
  | "internal-error";

/**
 * Commands. `member` is the verified member id, `entry` its 16-byte pseudonym in this performance as 32 hex digits
 * (HMAC of the member under the performance's key, see admission/entry.ts): the queue stores entries only.
 */
export type Command = Untraced & {
  /** The command's id, for whoever follows a purchase (docs/operations/tracing.md). Nothing is decided by it. */
  readonly cause?: string;
};

type Untraced =
  /** Packed: 16 bytes an entry. Idempotent by state. */
  | { readonly kind: "join"; readonly entries: Uint8Array }
  | { readonly kind: "leave"; readonly entry: string }
  | { readonly kind: "look"; readonly entry: string }
  /** An identity, 16 bytes as hex, as the edge has verified it; null only asks whether one was shown. */
  | { readonly kind: "claim"; readonly entry: string; readonly identity: string | null }
  | { readonly kind: "enter"; readonly entry: string; readonly member: string }
  | (HoldWish & {
      readonly kind: "hold";
      readonly entry: string;
      readonly member: string;
      /** The pass's epoch: one of an earlier wave no longer counts. */
      readonly epoch: number;
      readonly scheduleId: string;
      readonly key: IdempotencyKey;
    })
  | { readonly kind: "release"; readonly member: string; readonly holdId: string }
  | { readonly kind: "holds"; readonly member: string }
  | OrderCommand
  /** A round of the public beacon, from whoever has it: the signature decides. */
  | { readonly kind: "beacon"; readonly signature: string }
  | { readonly kind: "operate"; readonly operator: string; readonly action: OperatorAction };

export type OperatorAction =
  | { readonly do: "pause" }
  | { readonly do: "resume" }
  | { readonly do: "close" }
  | { readonly do: "limits"; readonly capacity?: number; readonly ratePerMinute?: number }
  | { readonly do: "notice"; readonly text: string | null }
  | { readonly do: "revoke"; readonly entry: string }
  /** People who will stand in this lane when they join; who has a place already stays where they are. */
  | { readonly do: "invite"; readonly lane: string; readonly entries: readonly string[] }
  /** A whole wave: every live session ends and every pass issued so far is worth nothing. */
  | { readonly do: "revoke-all" }
  | IdentityAction
  | SeatAction
  | ChartAction
  | DateAction;

export type RefusedJoin = readonly [
  index: number,
  code: "queue-limit-reached" | "member-revoked" | "rejoined-too-soon" | "verification-required",
  retryAfterSeconds?: number,
];

export type Reply =
  /** One number per entry, in order; `refused` names those that got none, by index. */
  | {
      readonly ok: true;
      readonly kind: "joined";
      readonly numbers: Uint32Array;
      /** The lane of each; null: all are in the general one. */
      readonly lanes: Uint8Array | null;
      readonly refused: readonly RefusedJoin[];
    }
  | { readonly ok: true; readonly kind: "standing"; readonly standing: Standing }
  | { readonly ok: true; readonly kind: "session"; readonly session: SessionView }
  /** `why` is there where best available was asked for. */
  | { readonly ok: true; readonly kind: "hold"; readonly hold: HoldView; readonly why: BestReason | null }
  | { readonly ok: true; readonly kind: "holds"; readonly holds: readonly HoldView[] }
  | { readonly ok: true; readonly kind: "order"; readonly order: Order }
  /** `task` null: settled at once, nobody has to be asked (free orders). */
  | { readonly ok: true; readonly kind: "attempt"; readonly order: Order; readonly task: ProviderTask | null }
  | { readonly ok: true; readonly kind: "confirm"; readonly order: Order; readonly task: ProviderTask }
  | { readonly ok: true; readonly kind: "refund"; readonly order: Order; readonly task: RefundTask | null }
  | { readonly ok: true; readonly kind: "quote"; readonly quote: CancellationQuote }
  | { readonly ok: true; readonly kind: "done" }
  | { readonly ok: true; readonly kind: "block"; readonly block: BlockView }
  /** The version of the chart that counts from now on, and how many places it has. */
  | { readonly ok: true; readonly kind: "chart"; readonly version: number; readonly places: number }
  | { readonly ok: true; readonly kind: "verified"; readonly verified: boolean }
  /** The batch of codes that was made or made void (or null), and the version of the verifier's secret (0: none). */
  | { readonly ok: true; readonly kind: "identities"; readonly batch: number | null; readonly version: number }
  /** `next` null: those were the last. */
  | { readonly ok: true; readonly kind: "reported"; readonly orders: number; readonly next: string | null }
  | { readonly ok: false; readonly refusal: Refusal };

/** An object that is being built again: it will be there. */
export const NOT_THERE = "the object is not there at the moment";

/** A lobby's call. `(incarnation, sequence)` orders a lobby's batches: an older one than the last seen is refused. */
export interface Batch {
  readonly lobby: LobbyAddress | null;
  readonly incarnation: number;
  readonly sequence: number;
  readonly commands: readonly Command[];
  /** Numbers whose people gave a sign of life, and until when each lease runs: reported at most once a tick. */
  readonly presence?: PresenceReport;
  readonly report?: LobbyReport;
}

export interface LobbyAddress {
  readonly role: "queue" | "booking";
  readonly index: number;
}

export interface BatchReply {
  /** Changes when the object starts again; presence, which is memory only, then has to be reported in full. */
  readonly incarnation: number;
  readonly replies: readonly Reply[];
  readonly status: StatusFrame;
}

/** What a lobby or the edge needs to know once: fixed by the first publication. */
export interface PerformanceFacts {
  readonly performanceId: string;
  readonly published: boolean;
  /** All is over: the records have everything, the object nothing. */
  readonly emptied: boolean;
  readonly lobbies: number;
  readonly bookingLobbies: number;
  readonly lanes: readonly LanePlan[];
  readonly identities: IdentityFacts;
  /** Key of the entries, 32 bytes as hex. Known to the Worker's own code only; never leaves it. */
  readonly entryKey: string;
}

/** The object's public methods (a TypeScript `private` method would be callable too: only `#private` is not). */
export interface PerformanceContract {
  publish(request: PublishRequest): Promise<PublishReply>;
  execute(batch: Batch): Promise<BatchReply>;
  facts(): Promise<PerformanceFacts>;
  schedule(scheduleId: string): Promise<ScheduleView | null>;
  seats(scheduleId: string): Promise<SeatSnapshot | null>;
  /** Blocks and allotments of a schedule; null: there is no such schedule. */
  blocks(scheduleId: string): Promise<readonly BlockView[] | null>;
  /** `calls`: how the asker's own calls of this object ended since it asked last. */
  figures(calls?: CallFigures): Promise<Figures>;
  /** The orders after an id, at most `limit`, in the order of their ids. */
  orders(after: string, limit: number): Promise<OrderPage>;
  /** What joining takes, for the organiser. */
  identities(): Promise<IdentityView>;
  draw(): Promise<DrawView | null>;
  /** One segment of the sealed list: 1,024 entries of 16 bytes, the last one shorter. Null before sealing and beyond. */
  drawSegment(index: number): Promise<Uint8Array | null>;
  /** Records report which outbox numbers are applied; those rows are deleted. */
  applied(numbers: readonly number[]): Promise<void>;
  /** Cron and lobby ticks: advance what is due, in case an alarm was lost. */
  poke(): Promise<void>;
  /** What a rebuild needs besides catalogue and orders; null: nothing has changed since the copy with that mark. */
  copy(mark: string | null): Promise<SaleCopy | null>;
  /** People of the line, or claims of identities, as storage has them; null beyond the last. */
  copySegment(kind: SegmentKind, number: number): Promise<QueueSegment | null>;
  /** Forgets everything, if no order can change any more (orders/emptying.ts). Not `really`: says whether it could. Idempotent. */
  empty(keepMs: number, really: boolean): Promise<EmptyReply>;
  rebuild(step: RebuildStep): Promise<RebuildReply>;
  /** When the object starts the next time, its storage is as it was at that moment or bookmark. */
  restore(to: { readonly at: number } | { readonly bookmark: string }): Promise<RestoreReply>;
}
