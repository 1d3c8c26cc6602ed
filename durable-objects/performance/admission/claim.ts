/**
 * Showing an identity, and what the organiser does about it. An identity is given to the first entry that shows it, for
 * good: not to a second member, not after leaving, not after a restart. Joining then asks only whether an entry has one.
 */
import type { Change } from "../changes.ts";
import type { IdentityAction } from "../contract.ts";
import { accept, refuse, type Decision, type RuleContext } from "../rule.ts";
import { entryBytes } from "./entry.ts";
import { BATCHES_MAX, CODES_PER_BATCH_MAX } from "./identity.ts";

const LABEL_LENGTH_MAX = 100;
const URL_LENGTH_MAX = 500;

/**
 * `identity` null only asks. Whoever has shown one needs no other, so that nobody spends two; idempotent by state.
 * That a code is genuine, or an answer signed, the edge has checked; which codes there are is known here.
 */
export function claim({ state }: RuleContext, entry: string, identity: string | null): Decision {
  if (state.settings === null) return refuse("not-published");
  const by = state.settings.verification;
  const shown = by === null || state.identities.has(entryBytes(entry));
  if (shown || identity === null) return accept({ ok: true, kind: "verified", verified: shown });
  if (state.phase === "closed") return refuse("performance-closed");
  if (state.revoked.has(entry)) return refuse("member-revoked");
  if (by === "codes" && !state.identities.isGood(identity)) return refuse("presale-code-invalid");
  if (state.identities.isTaken(identity)) return refuse("identity-taken");
  return accept({ ok: true, kind: "verified", verified: true }, { kind: "claimed", identity, entry });
}

/** Codes and verifier are the organiser's, at any time; what was shown before stays good. */
export function operateIdentities({ state, now }: RuleContext, operator: string, action: IdentityAction): Decision {
  if (state.settings === null) return refuse("not-published");
  const by = state.settings.verification;
  if (by !== (action.do === "set-verifier" ? "verifier" : "codes")) {
    return refuse("settings-invalid", { setting: "verification" });
  }
  const changes: Change[] = [];
  let batchNumber: number | null = null;
  let version = state.identities.verifier?.version ?? 0;
  let detail: Readonly<Record<string, unknown>>;
  if (action.do === "make-codes") {
    const { count, label } = action;
    const number = state.identities.batches.size + 1;
    if (!Number.isSafeInteger(count) || count < 1 || count > CODES_PER_BATCH_MAX || number > BATCHES_MAX) {
      return refuse("settings-invalid", { setting: "count" });
    }
    if (label.length > LABEL_LENGTH_MAX) return refuse("settings-invalid", { setting: "label" });
    batchNumber = number;
    changes.push({ kind: "code-batch", batch: { number, count, label, madeAt: now, voidedAt: null } });
    detail = { batch: number, count, label };
  } else if (action.do === "void-codes") {
    const batch = state.identities.batches.get(action.batch);
    if (batch === undefined) return refuse("code-batch-not-found");
    batchNumber = action.batch;
    if (batch.voidedAt === null) changes.push({ kind: "code-batch", batch: { ...batch, voidedAt: now } });
    detail = { batch: action.batch };
  } else {
    if (action.url.length > URL_LENGTH_MAX) return refuse("settings-invalid", { setting: "url" });
    version += 1;
    changes.push({ kind: "verifier", verifier: { url: action.url, version, since: now } });
    detail = { url: action.url, version };
  }
  const event = { type: "operator-acted", operator, action: action.do, detail: JSON.stringify(detail) } as const;
  if (changes.length > 0) changes.push({ kind: "event", event, at: now });
  return accept({ ok: true, kind: "identities", batch: batchNumber, version }, ...changes);
}
