/**
 * Everything about bank transfers that does not happen in the shop: buyers transfer in time, late or twice, banks take transfers
 * back, the provider's notifications are lost, doubled, forged and out of order, its answers take so long that they say what
 * was true before, and buyers give the accounts their money goes back to. Random numbers of its own, so that what else happens
 * in a seed stays as it is without it.
 */
import type { Command, Order, PaymentOutcome, Reply } from "../../durable-objects/performance/contract.ts";
import { taskOf } from "../../durable-objects/performance/orders/payment.ts";
import { owed, questionsAbout } from "../../durable-objects/performance/orders/recovery.ts";
import type { PerformanceState } from "../../durable-objects/performance/state.ts";
import { compareMoney, isSettled } from "../../workers/reconciler/compare-money.ts";
import type { SimulatedProvider } from "./provider.ts";
import type { Random } from "./random.ts";
import { must } from "./violation.ts";

export interface Shop {
  readonly provider: SimulatedProvider;
  readonly state: () => PerformanceState;
  readonly orders: () => Iterable<Order>;
  readonly now: () => number;
  readonly send: (command: Command) => Reply | null;
}

type Settle = Extract<Command, { kind: "settle" }>;

/** Accounts that are good, and one nobody can be paid back to. */
const ACCOUNTS = ["sealed-1", "sealed-2", "sealed-bad"] as const;

export class Bank {
  readonly met = {
    deposits: 0,
    lateDeposits: 0,
    undone: 0,
    lost: 0,
    reconciled: 0,
    givenUp: 0,
    forged: 0,
    staleAnswers: 0,
    accountsGiven: 0,
    waited: 0,
  };
  /** In a sale without them everybody pays by card. */
  readonly takesTransfers: boolean;
  readonly #random: Random;
  readonly #shop: Shop;
  /** Orders the provider has news of: told until it has been taken down. */
  readonly #untold: string[] = [];
  /** Answers that are still on their way. */
  readonly #answers: Settle[] = [];

  constructor(random: Random, shop: Shop) {
    this.#random = random;
    this.#shop = shop;
    this.takesTransfers = random.chance(0.6);
  }

  /** Pays this one by transfer? */
  chosen(): boolean {
    return this.takesTransfers && this.#random.chance(0.5);
  }

  /** What a buyer who gives seats back says about where the money goes. */
  account(): { readonly account?: string } {
    return this.takesTransfers && this.#random.chance(0.8) ? { account: this.#random.pick(ACCOUNTS) } : {};
  }

  step(): void {
    if (!this.takesTransfers) return;
    const dice = this.#random.next();
    if (dice < 0.04) this.#transfer();
    else if (dice < 0.045) this.#takeBack();
    else if (dice < 0.11) this.#notify();
    else if (dice < 0.14) this.#arrive();
    else if (dice < 0.17) this.#look();
    else if (dice < 0.2) this.#giveAccount();
    else if (dice < 0.203) this.#giveUp();
  }

  /** Nothing is lost any more, and everybody who is asked answers. */
  settle(): void {
    for (let left = this.#answers.length; left > 0; left--) this.#arrive();
    for (let left = this.#untold.length; left > 0; left--) this.#notify(true);
    for (const order of this.#shop.orders()) {
      // What nobody waits for the alarm does not ask about either.
      if (owed(order) || order.status === "awaiting-deposit") this.#ask(order, false);
      if (wantsAccount(order)) this.#give(order, "sealed-1");
      this.#reconcile(order);
    }
  }

  /** What the cron compares, and does about it: an answer that was overtaken by another may have left us with old news. */
  #reconcile(order: Order): void {
    const { provider, send, now } = this.#shop;
    if (!isSettled(order, now())) return;
    const books = new Map(order.attempts.map((attempt) => [attempt.number, provider.look(taskOf(order, attempt))]));
    for (const { remedy } of compareMoney(order, books)) {
      if (remedy === null) continue;
      this.met.reconciled += 1;
      const reply = send(remedy);
      if (remedy.kind === "recheck" && reply?.ok === true && reply.kind === "order") this.#ask(reply.order, true);
    }
  }

  #transfer(): void {
    const { provider, now } = this.#shop;
    const late = this.#random.chance(0.1);
    const open = provider.transfers.open(now(), late);
    if (open.length === 0) return;
    const chosen = this.#random.pick(open);
    if (!provider.deposit(chosen, now(), late)) return;
    this.met[late ? "lateDeposits" : "deposits"] += 1;
    this.#untold.push(chosen);
    // Both kinds of notification are sent for one deposit, and either may be sent again.
    if (this.#random.chance(0.5)) this.#untold.push(chosen);
  }

  #takeBack(): void {
    const paid = Array.from(this.#shop.orders()).flatMap(({ id, attempts, refunds }) =>
      attempts.flatMap(({ number, deposit }) =>
        deposit !== null ? [{ paid: `${id}-${number}`, goesBack: refunds.length > 0 }] : [],
      ),
    );
    if (paid.length === 0) return;
    // What is on its way back already is the rarer case.
    const rarer = this.#random.chance(0.5) ? paid.filter(({ goesBack }) => goesBack) : [];
    const { paid: chosen } = this.#random.pick(rarer.length > 0 ? rarer : paid);
    if (!this.#shop.provider.undo(chosen)) return;
    this.met.undone += 1;
    this.#untold.push(chosen);
  }

  /** A webhook: genuine ones carry the account's secret, forged ones another. */
  #notify(calm = false): void {
    const index = calm ? 0 : this.#random.below(this.#untold.length + 1);
    const providerOrderId = this.#untold[index];
    if (providerOrderId === undefined) return this.#forge();
    const [orderId, attempt] = [providerOrderId.replace(/-\d+$/, ""), Number(providerOrderId.split("-").at(-1))];
    const signed = this.#random.chance(0.5);
    const secretHash = this.#shop.provider.transfers.secretHash(providerOrderId);
    const proof = signed && secretHash !== null ? { proof: { attempt, secretHash } } : {};
    const reply = this.#shop.send({ kind: "recheck", orderId, verified: null, ...proof });
    if (reply?.ok !== true || reply.kind !== "order") return;
    if (this.#ask(reply.order, true)) this.#untold.splice(index, 1);
  }

  #forge(): void {
    for (const order of this.#shop.orders()) {
      const attempt = order.attempts.at(-1);
      if (attempt?.deposit?.account == null) continue;
      const proof = { attempt: attempt.number, secretHash: "0".repeat(64) };
      const reply = this.#shop.send({ kind: "recheck", orderId: order.id, verified: null, proof });
      if (reply?.ok === true) throw new Error("a forged notification was taken for a genuine one");
      this.met.forged += 1;
      return;
    }
  }

  /** The object's alarm: whatever is due to be asked about, and now and then what is not. */
  #look(): void {
    for (const order of this.#shop.state().openOrders.values()) if (this.#random.chance(0.5)) this.#ask(order, false);
  }

  /** True: every answer was taken down. */
  #ask(order: Order, hinted: boolean): boolean {
    const { provider, now, state } = this.#shop;
    if (order.status === "awaiting-deposit") this.met.waited += 1;
    const asked = { now: Math.max(now(), state().clock), tries: 1, hinted, accounts: new Map() };
    let known = true;
    for (const { ask, task } of questionsAbout(order, asked)) {
      if (ask !== "read" && !(ask === "conclude" && task.depositBy !== null)) continue;
      const outcome: PaymentOutcome = ask === "read" ? provider.read(task, now()) : provider.conclude(task, now());
      if (outcome.result === "unknown") known = false;
      const settle = {
        kind: "settle",
        orderId: order.id,
        attempt: task.attempt,
        outcome,
        asked: order.version,
      } as const;
      if (!provider.calm && this.#random.chance(0.15)) this.#answers.push(settle);
      else {
        const reply = this.#shop.send(settle);
        if (reply === null) known = false;
        else if (reply.ok && reply.kind === "order" && reply.order.version > order.version) this.#count(outcome, order);
      }
    }
    return known;
  }

  #count(outcome: PaymentOutcome, before: Order): void {
    if (outcome.result === "awaiting-deposit" && before.cancellations.length > 0) this.met.lost += 1;
  }

  #arrive(): void {
    const settle = this.#answers.shift();
    if (settle === undefined) return;
    this.met.staleAnswers += 1;
    this.#shop.send(settle);
    for (const order of this.#shop.orders()) if (order.id === settle.orderId) this.#check(order);
  }

  /** Nothing is believed to have arrived, or to have been taken back, that was not. */
  #check(order: Order): void {
    for (const { number, deposit } of order.attempts) {
      if (deposit === null) continue;
      const { deposits, undos } = this.#shop.provider.transfers.history(`${order.id}-${number}`);
      const undone = deposit.arrivals.filter(({ undoneAt }) => undoneAt !== null).length;
      must(
        deposit.arrivals.length <= deposits,
        `order ${order.id} was paid ${deposit.arrivals.length} times, not ${deposits}`,
      );
      must(undone <= undos, `order ${order.id} believes that ${undone} transfers were taken back, not ${undos}`);
    }
  }

  #giveAccount(): void {
    const waiting = Array.from(this.#shop.state().openOrders.values()).filter(wantsAccount);
    if (waiting.length > 0) this.#give(this.#random.pick(waiting), this.#random.pick(ACCOUNTS));
  }

  /** Somebody does not want to transfer any more. */
  #giveUp(): void {
    const waiting = Array.from(this.#shop.state().openOrders.values()).filter(
      ({ status }) => status === "awaiting-deposit",
    );
    if (waiting.length === 0) return;
    const { id, member } = this.#random.pick(waiting);
    const why = { reason: "no longer wanted", seats: null, fee: null };
    if (this.#shop.send({ kind: "cancel-order", member, orderId: id, ...why })?.ok === true) this.met.givenUp += 1;
  }

  #give(order: Order, account: string): void {
    const { provider, now, send } = this.#shop;
    this.met.accountsGiven += 1;
    const reply = send({ kind: "refund-account", member: order.member, orderId: order.id, account });
    if (reply?.ok !== true || reply.kind !== "refund" || reply.task === null) return;
    const outcome = provider.refund(reply.task, now());
    if (outcome.result === "unknown") return;
    send({ kind: "settle-refund", orderId: order.id, refund: reply.task.refund, outcome });
  }
}

function wantsAccount({ refunds }: Order): boolean {
  return refunds.some(
    ({ account, status }) => status === "requested" && (account === "needed" || account === "refused"),
  );
}
