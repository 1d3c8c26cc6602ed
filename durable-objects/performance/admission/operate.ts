/** What an operator may do to a running performance. Every action is an event, so that the audit log has it. */
import type { Change } from "../changes.ts";
import type { OperatorAction, SeatAction } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { cancelByOrganiser } from "../orders/cancellation.ts";
import { changeDate } from "../orders/dates.ts";
import { operateIdentities } from "./claim.ts";
import { STANDING } from "./line.ts";
import { phaseByClock } from "./phases.ts";
import { operateSeats, viewBlock } from "../seats/blocks.ts";
import { changeChart } from "../seats/chart-change.ts";
import { lanesCounted, performanceChanged } from "./report.ts";
import { numberOf } from "./standing.ts";

const NOTICE_LENGTH_MAX = 500;

/** What an operator may do while a sale runs, and what of it is refused. Everything that is done is an event of the audit log. */
export function operate(context: RuleContext, operator: string, action: OperatorAction): Decision {
  const { state, now } = context;
  const settings = state.settings;
  if (settings === null) return refuse("not-published");
  const changes: Change[] = [];
  switch (action.do) {
    case "pause":
      if (state.phase === "closed") return refuse("performance-closed");
      if (state.phase === "open" || state.phase === "soldout")
        changes.push(performanceChanged(state, { phase: "paused" }, now), { kind: "phase", phase: "paused", at: now });
      else if (state.phase !== "paused") return refuse("not-open-yet", { phase: state.phase });
      break;
    case "resume":
      if (state.phase === "closed") return refuse("performance-closed");
      if (state.phase === "paused") {
        const phase = phaseByClock(settings, "open", now);
        changes.push({ kind: "graces-moved", by: now - (state.pausedAt ?? now) });
        changes.push(performanceChanged(state, { phase }, now), { kind: "phase", phase, at: now });
      }
      break;
    case "close":
      if (state.phase !== "closed") {
        changes.push(performanceChanged(state, { phase: "closed" }, now), ...lanesCounted(state, "closed", now), {
          kind: "phase",
          phase: "closed",
          at: now,
        });
      }
      break;
    case "limits": {
      const capacity = action.capacity ?? settings.capacity;
      const ratePerMinute = action.ratePerMinute ?? settings.ratePerMinute;
      if (!isCount(capacity) || !isCount(ratePerMinute)) return refuse("settings-invalid", { capacity, ratePerMinute });
      changes.push(performanceChanged(state, { capacity, ratePerMinute }, now), {
        kind: "limits",
        capacity,
        ratePerMinute,
      });
      break;
    }
    case "notice":
      if (action.text !== null && action.text.length > NOTICE_LENGTH_MAX) return refuse("settings-invalid");
      changes.push(performanceChanged(state, { notice: action.text }, now), { kind: "notice", text: action.text });
      break;
    case "revoke": {
      changes.push({ kind: "revoked", entry: action.entry });
      const number = numberOf(state, action.entry);
      if (state.sessions.has(number)) changes.push({ kind: "session-ended", number, reason: "revoked", at: now });
      else if (number >= 0) {
        const standing = state.line.standing(number);
        // A place in front of the front is given up, and stays so over a restart; one behind it is over.
        if (standing === STANDING.waiting) changes.push({ kind: "left", number });
        if (standing === STANDING.passedOver) changes.push({ kind: "lapsed", number });
      }
      break;
    }
    case "invite": {
      const lane = settings.lanes.findIndex(({ id }) => id === action.lane);
      if (lane < 0) return refuse("unknown-lane", { lanes: settings.lanes.map(({ id }) => id) });
      changes.push({ kind: "invited", entries: action.entries, lane });
      break;
    }
    case "revoke-all":
      changes.push({ kind: "epoch", epoch: state.epoch + 1 });
      for (const number of state.sessions.keys()) {
        changes.push({ kind: "session-ended", number, reason: "revoked", at: now });
      }
      break;
    case "make-codes":
    case "void-codes":
    case "set-verifier":
      return operateIdentities(context, operator, action);
    case "block":
    case "unblock":
    case "grant":
    case "release-accessible":
      return operateOnSeats(context, operator, action);
    case "change-chart":
      return changeChart(context, operator, action);
    case "cancel-order": {
      const decision = cancelByOrganiser(context, action.orderId, action.seats, action.reason);
      if (!decision.reply.ok) return decision;
      changes.push(...decision.changes);
      break;
    }
    case "cancel-date":
    case "move-date": {
      const decided = changeDate(context, action);
      if ("refused" in decided) return decided.refused;
      changes.push(...decided.changes);
      break;
    }
    default:
      action satisfies never;
  }
  const detail = detailOf(action);
  changes.push({ kind: "event", event: { type: "operator-acted", operator, action: action.do, detail }, at: now });
  return accept({ ok: true, kind: "done" }, ...changes);
}

function operateOnSeats({ state, now }: RuleContext, operator: string, action: SeatAction): Decision {
  const operated = operateSeats(state, action);
  if (!operated.ok) return refuse(operated.refusal.code, operated.refusal.evidence);
  const { block, changes } = operated;
  const detail = JSON.stringify(operated.detail);
  const event: Change = {
    kind: "event",
    event: { type: "operator-acted", operator, action: action.do, detail },
    at: now,
  };
  const logged = changes.length === 0 ? [] : [...changes, event];
  if (block === null) return accept({ ok: true, kind: "done" }, ...logged);
  return accept({ ok: true, kind: "block", block: viewBlock(state, block) }, ...logged);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= 1_000_000;
}

/** What the audit log is told: nothing that names a person. */
function detailOf(action: OperatorAction): string {
  if (action.do === "revoke") return "";
  if (action.do === "invite") return JSON.stringify({ lane: action.lane, people: action.entries.length });
  return JSON.stringify({ ...action, do: undefined });
}
