/**
 * Bugs on purpose: each is a small change of the sources that brings a known mistake back, and a campaign has to notice.
 * `bug` is a row of the table of bugs other systems had, `flaw` an id of docs/predecessor-flaws.md.
 */
export interface Mutant {
  readonly name: string;
  readonly from: { readonly bug: string } | { readonly flaw: string };
  /** What the changed code does. */
  readonly does: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}

const P = "durable-objects/performance";

export const mutants: readonly Mutant[] = [
  {
    name: "lock-only-near-expiry",
    from: { bug: "eventyay #1359: the lock is skipped unless something is about to expire" },
    does: "looks whether a seat is taken only when the session is nearly over",
    file: `${P}/seats/access.ts`,
    find: "if (status === SEAT.free) return true;",
    replace: "if (status === SEAT.free || (status === SEAT.held && position % 3 === 0)) return true;",
  },
  {
    name: "checkouts-in-progress-uncounted",
    from: { bug: "WordCamp PR 2016: only what is paid or pending counts as taken" },
    does: "lets seats be held that somebody else holds",
    file: `${P}/seats/access.ts`,
    find: "if (status === SEAT.free) return true;",
    replace: "if (status !== SEAT.paying && status !== SEAT.sold) return true;",
  },
  {
    name: "dedupe-for-an-hour",
    from: { bug: "Hi.Events: repetitions are told by a cache of 60 minutes" },
    does: "forgets after an hour what a key was answered",
    file: `${P}/batch.ts`,
    find: "const REPLY_KEPT_MS = 24 * 60 * 60 * 1_000;",
    replace: "const REPLY_KEPT_MS = 60 * 60 * 1_000;",
  },
  {
    name: "told-before-written",
    from: { bug: "Hi.Events: the webhook is acknowledged before it is stored, and the worker dies" },
    does: "asks the provider for the money without having written down that it will",
    file: `${P}/orders/payment.ts`,
    find: `    { ok: true, kind: "confirm", order: changed, task: taskOf(changed, confirming) },
    ...orderChanges(changed, order, now),`,
    replace: `    { ok: true, kind: "confirm", order: changed, task: taskOf(changed, confirming) },`,
  },
  {
    name: "refund-rolled-back",
    from: { bug: "Hi.Events: a refund inside a transaction that is rolled back" },
    does: "sends the money back and forgets that it did",
    file: `${P}/orders/cancellation.ts`,
    find: `    { ok: true, kind: "refund", order: changed, task },
    ...orderChanges(changed, order, context.now),`,
    replace: `    { ok: true, kind: "refund", order: changed, task },`,
  },
  {
    name: "capacity-freed-twice",
    from: { bug: "Hi.Events #218: cancelling attendee and order both free the capacity" },
    does: "counts the seats of an order that ended twice",
    file: `${P}/apply.ts`,
    find: "addSeatsOf(state, order.member, -heldCount(before));",
    replace: "addSeatsOf(state, order.member, (isOpen(order) ? -1 : -2) * heldCount(before));",
  },
  {
    name: "cancel-frees-nothing",
    from: { bug: "Hi.Events #466, #790: cancelling frees nothing" },
    does: "leaves the seats of a cancelled order sold",
    file: `${P}/orders/machine.ts`,
    find: `    case "paid":
    case "cancelling":
      return SEAT.sold;`,
    replace: `    case "paid":
    case "cancelling":
    case "cancelled":
      return SEAT.sold;`,
  },
  {
    name: "expired-without-asking",
    from: { bug: "alf.io: an expired reservation is deleted without asking the provider" },
    does: "expires an order while the provider may be taking the money",
    file: `${P}/advance.ts`,
    find: `  if (order.attempts.at(-1)?.status === "confirming") return;\n`,
    replace: "",
  },
  {
    name: "one-key-for-every-confirm",
    from: { bug: "Toss Payments: one constant idempotency key for every confirm" },
    does: "gives every payment the same idempotency key",
    file: `${P}/orders/payment.ts`,
    find: "idempotencyKey: `${order.id}:${attempt.number}:confirm`,",
    replace: "idempotencyKey: `${order.performanceId}:confirm`,",
  },
  {
    name: "timer-from-the-page",
    from: { bug: "seats.io's default: the time of a hold starts when the page opens" },
    does: "counts the time of a hold from the admission",
    file: `${P}/seats/rules.ts`,
    find: "deadlineOf(state, request.member, now + settings.holdSeconds * 1_000)",
    replace: "deadlineOf(state, request.member, session.admittedAt + settings.holdSeconds * 1_000)",
  },
  {
    name: "slot-lost",
    from: { flaw: "F-Q1" },
    does: "never ends a session by time",
    file: `${P}/advance.ts`,
    find: "if (session === undefined || session.until > now) return;",
    replace: "if (session === undefined || session.member !== null || session.until > now) return;",
  },
  {
    name: "selling-out-unnoticed",
    from: { flaw: "F-Q2" },
    does: "goes on admitting when everything is sold",
    file: `${P}/advance.ts`,
    find: 'const phase = freeSeats(state) === 0 && allSold(state) ? "soldout" : "open";',
    replace: "const phase = state.phase;",
  },
  {
    name: "one-too-many",
    from: { flaw: "F-Q3" },
    does: "admits one person more than there are slots",
    file: `${P}/advance.ts`,
    find: "Math.min(settings.capacity - state.sessions.size,",
    replace: "Math.min(settings.capacity + 1 - state.sessions.size,",
  },
  {
    name: "rate-by-the-calendar",
    from: { flaw: "F-Q3" },
    does: "counts the rate by whole minutes instead of any sixty seconds",
    file: `${P}/admission/limits.ts`,
    find: "const first = this.#counts.findIndex((entry) => entry.at > now - WINDOW_MS);",
    replace: "const first = this.#counts.findIndex((entry) => entry.at >= now - (now % WINDOW_MS));",
  },
  {
    name: "newcomer-first",
    from: { flaw: "F-Q4" },
    does: "admits who joined last",
    file: `${P}/advance.ts`,
    find: "const candidate = line.numberAt(front);",
    replace: "const candidate = line.numberAt(line.roster.size - 1 - front + line.front);",
  },
  {
    name: "back-of-the-line",
    from: { flaw: "F-Q6" },
    does: "gives who joins again a second number",
    file: `${P}/admission/rules.ts`,
    find: "      standing === null ||\n",
    replace: "      standing === null ||\n      standing === STANDING.passedOver ||\n",
  },
  {
    name: "prolonged-for-ever",
    from: { flaw: "F-Q9" },
    does: "gives the booking time anew whenever somebody enters again",
    file: `${P}/admission/rules.ts`,
    find: "if (session.member !== null) {",
    replace: "if (session.member !== null && session.until - now > 60_000) {",
  },
  {
    name: "lost-between-two-steps",
    from: { flaw: "F-Q10" },
    does: "does not store an admission",
    file: `${P}/storage/save.ts`,
    find: `      dirty.admissions.add(change.at);
      dirty.facts = true;`,
    replace: "      dirty.admissions.add(change.at);",
  },
  {
    name: "absent-unnoticed",
    from: { flaw: "F-Q11" },
    does: "takes everybody who ever came for present",
    file: `${P}/admission/line.ts`,
    find: "if (until > now) return true;",
    replace: "if (until > 0) return true;",
  },
  {
    name: "pause-lets-in",
    from: { flaw: "F-Q17" },
    does: "goes on admitting while the sale is paused",
    file: `${P}/advance.ts`,
    find: 'if (settings === null || state.phase !== "open" || state.presenceUnknownUntil > now) return;\n  let slots',
    replace:
      'if (settings === null || (state.phase !== "open" && state.phase !== "paused") || state.presenceUnknownUntil > now) return;\n  let slots',
  },
  {
    name: "another-draw",
    from: { flaw: "F-Q14" },
    does: "orders the line by something else than the published seed",
    file: `${P}/apply.ts`,
    find: "state.line.draw(drawOrder(change.seed, draw.sealed?.n ?? 0));",
    replace: "state.line.draw(drawOrder(draw.secret, draw.sealed?.n ?? 0));",
  },
  {
    name: "old-pass-opens",
    from: { flaw: "F-S3" },
    does: "lets a pass of a revoked wave hold seats",
    file: `${P}/admission/standing.ts`,
    find: "return pass.epoch === state.epoch ? liveSession(state, pass.entry, now) : null;",
    replace: "return pass.epoch <= state.epoch ? liveSession(state, pass.entry, now) : null;",
  },
  {
    name: "the-browser-names-the-price",
    from: { flaw: "F-S4" },
    does: "asks the provider for whatever amount the browser says",
    file: `${P}/orders/payment.ts`,
    find: `  if (request.amount !== attempt.amount) return refuse("amount-mismatch", { amount: attempt.amount });\n`,
    replace: "",
  },
  {
    name: "anybody-confirms",
    from: { flaw: "F-S5" },
    does: "finds orders by their id alone",
    file: `${P}/orders/rules.ts`,
    find: "return order !== null && order.member === member ? order : null;",
    replace: 'return order !== null && member !== "" ? order : null;',
  },
  {
    name: "money-never-back",
    from: { flaw: "F-O2" },
    does: "cancels a paid order without giving the money back",
    file: `${P}/orders/cancellation.ts`,
    find: "const refund = back > 0 ? order.refunds.length + 1 : null;",
    replace: "const refund = back < 0 ? order.refunds.length + 1 : null;",
  },
  {
    name: "charged-and-forgotten",
    from: { flaw: "F-O3" },
    does: "never asks about a payment again once it has been sent",
    file: `${P}/orders/payment.ts`,
    find: 'if (attempt?.status === "confirming" && (attempt.confirmingAt ?? 0) <= since)',
    replace: 'if (attempt?.status === "confirming" && (attempt.confirmingAt ?? 0) === since)',
  },
  {
    name: "paid-and-free",
    from: { flaw: "F-O4" },
    does: "forgets to mark the seats of a paid order",
    file: `${P}/apply.ts`,
    find: "if (board.holder[position] === order.holdNumber) {",
    replace: 'if (board.holder[position] === order.holdNumber && order.status !== "paid") {',
  },
  {
    name: "late-failure-wins",
    from: { flaw: "F-O5" },
    does: "lets an older event replace a newer one in the records",
    file: "workers/records/fold.ts",
    find: "if (known === undefined || known.version < event.order.version) orders.set(event.order.id, event.order);",
    replace: "if (known === undefined || known.version > event.order.version) orders.set(event.order.id, event.order);",
  },
  {
    name: "strangers-hold",
    from: { flaw: "F-O7" },
    does: "makes an order of a hold that is somebody else's",
    file: `${P}/seats/rules.ts`,
    find: "return fact !== undefined && fact.member === member ? fact : null;",
    replace: 'return fact !== undefined && member !== "" ? fact : null;',
  },
  {
    name: "held-for-ever",
    from: { flaw: "F-O8" },
    does: "waits for somebody to say that a hold is over",
    file: `${P}/advance.ts`,
    find: 'if (hold !== undefined && hold.expiresAt <= now) work.add(holdEnded(hold, "expired"));',
    replace: 'if (hold !== undefined && hold.expiresAt < now - 1_000) work.add(holdEnded(hold, "expired"));',
  },
  {
    name: "two-orders-for-a-hold",
    from: { flaw: "F-O10" },
    does: "leaves the hold alive when it becomes an order",
    file: `${P}/orders/rules.ts`,
    find: 'return accept({ ok: true, kind: "order", order }, holdEnded(hold, "ordered"), ...orderChanges(order, null, now));',
    replace: 'return accept({ ok: true, kind: "order", order }, ...orderChanges(order, null, now));',
  },
  {
    name: "late-transfer-kept",
    from: { flaw: "F-O2" },
    does: "keeps a bank transfer that comes after the order has ended",
    file: `${P}/orders/settle.ts`,
    find: 'if (attempt.status === "declined" && outcome.result === "declined") return same;',
    replace: 'if (attempt.status === "declined") return same;',
  },
  {
    name: "account-left-open",
    from: { flaw: "F-O19" },
    does: "leaves the account open that an order given up was to be paid into",
    file: `${P}/orders/rules.ts`,
    find: 'if (attempt.status === "awaiting-deposit") return { ...attempt, status: "closing" };',
    replace: 'if (attempt.status === "awaiting-deposit") return { ...attempt, status: "abandoned", settledAt: now };',
  },
  {
    name: "old-answer-believed",
    from: { flaw: "F-O5" },
    does: "takes an answer that was long on its way for the provider's word now",
    file: `${P}/orders/deposit.ts`,
    find: "asked !== order.version || order.cancellations.length > 0",
    replace: "order.cancellations.length > 0",
  },
  {
    name: "whole-house",
    from: { flaw: "F-O11" },
    does: "counts only what is held in this request against the limit",
    file: `${P}/seats/rules.ts`,
    find: "const already = state.seatsOfMember.get(request.member) ?? 0;",
    replace: "const already = 0;",
  },
  {
    name: "holds-forgotten",
    from: { flaw: "F-O12" },
    does: "does not store holds",
    file: `${P}/storage/save.ts`,
    find: "      dirty.holds.set(change.hold.number, change.hold);\n      dirty.facts = true;\n",
    replace: "      dirty.facts = true;\n",
  },
  {
    name: "late-release",
    from: { flaw: "F-O15" },
    does: "frees the seats an order once had, whoever has them now",
    file: `${P}/apply.ts`,
    find: "if (board.holder[position] === order.holdNumber) {",
    replace: "if (board.holder[position] === order.holdNumber || status === SEAT.free) {",
  },
  {
    name: "change-without-event",
    from: { flaw: "F-O16" },
    does: "stores an order and not the event that reports it",
    file: `${P}/storage/save.ts`,
    find: 'insertMany(sql, "outbox (seq, at, body)", ["seq", "at", "body"], outbox);',
    replace: 'insertMany(sql, "outbox (seq, at, body)", ["seq", "at", "body"], outbox.slice(1));',
  },
  {
    name: "sent-is-done",
    from: { flaw: "F-O9" },
    does: "takes an event that was sent for one that arrived",
    file: `${P}/outbox/outbox.ts`,
    find: "for (const event of events) this.#noteSent(event.seq, now);",
    replace:
      "for (const event of events) this.#noteSent(event.seq, now);\n    this.applied(events.map((event) => event.seq));",
  },
];

/** Bugs of the table whose feature there is not. */
export const without: readonly { readonly bug: string; readonly reason: string }[] = [
  {
    bug: "pretix #1163: the voucher of a waiting list is armed again on cancelling",
    reason: "There is no waiting list for returned tickets, and there are no vouchers.",
  },
  { bug: "pretix PR 6396: a voucher's budget is read, checked and written", reason: "There are no vouchers." },
  {
    bug: "Revel: the offer is locked before the event's row",
    reason: "There are no offers, and an object does one thing at a time: there is no lock to take.",
  },
];
