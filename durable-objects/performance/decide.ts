/** One command, one decision: the table from commands to rules. */
import { claim } from "./admission/claim.ts";
import { takeBeacon } from "./admission/drawing.ts";
import { enter, join, leave, look } from "./admission/rules.ts";
import { operate } from "./admission/operate.ts";
import type { Command, IdempotencyKey } from "./contract.ts";
import { beginPayment, confirmPayment } from "./orders/payment.ts";
import { cancelOrder, quoteCancellation, settleRefund } from "./orders/cancellation.ts";
import { sweep } from "./orders/dates.ts";
import { recheck } from "./orders/recheck.ts";
import { noteRefund, reportOrder } from "./orders/reconciling.ts";
import { giveAccount } from "./orders/refund.ts";
import { reportAgain } from "./orders/report-again.ts";
import { placeOrder, readOwnOrder } from "./orders/rules.ts";
import { settle } from "./orders/settle.ts";
import type { Decision, RuleContext } from "./rule.ts";
import { hold, listHolds, release } from "./seats/rules.ts";

export function decide(context: RuleContext, command: Command): Decision {
  switch (command.kind) {
    case "join":
      return join(context, command.entries);
    case "leave":
      return leave(context, command.entry);
    case "look":
      return look(context, command.entry);
    case "claim":
      return claim(context, command.entry, command.identity);
    case "enter":
      return enter(context, command.entry, command.member);
    case "hold":
      return hold(context, command);
    case "release":
      return release(context, command.member, command.holdId);
    case "holds":
      return listHolds(context, command.member);
    case "place-order":
      return placeOrder(context, command);
    case "order":
      return readOwnOrder(context, command.member, command.orderId);
    case "begin-payment":
      return beginPayment(context, command);
    case "confirm-payment":
      return confirmPayment(context, command);
    case "settle":
      return settle(context, command.orderId, command.attempt, command.outcome, command.asked ?? null);
    case "cancel-order":
      return cancelOrder(context, command);
    case "quote-cancellation":
      return quoteCancellation(context, command);
    case "sweep":
      return sweep(context);
    case "report-orders":
      return reportAgain(context, command.scheduleId, command.after);
    case "settle-refund":
      return settleRefund(context, command.orderId, command.refund, command.outcome);
    case "refund-account":
      return giveAccount(context, command.member, command.orderId, command.account);
    case "recheck":
      return recheck(context, command.orderId, command.verified, command.proof ?? null);
    case "report-order":
      return reportOrder(context, command.orderId);
    case "note-refund":
      return noteRefund(context, command.orderId, command.attempt, command.refund);
    case "beacon":
      return takeBeacon(context, command.signature);
    case "operate":
      return operate(context, command.operator, command.action);
    default:
      return command satisfies never;
  }
}

/** The key of a command whose reply is kept, or null for those that are idempotent by state. */
export function keyOf(command: Command): IdempotencyKey | null {
  return "key" in command ? command.key : null;
}
