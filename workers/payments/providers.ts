/** The providers that are on, and those of them that are offered. What they are made of is kept per isolate and settings: an SDK is not built per request. */
import type { Environment } from "../environment.ts";
import { log } from "../../durable-objects/log.ts";
import { lineTo } from "./line.ts";
import type { Provider } from "./provider.ts";
import { paymentSettings } from "./settings.ts";
import { stripePayments } from "./stripe.ts";
import { tossPayments } from "./toss.ts";

interface Configured {
  readonly on: ReadonlyMap<string, Provider>;
  /** Without those that are switched off for the moment: what may be begun. */
  readonly offered: ReadonlyMap<string, Provider>;
  /** The same, asked although they have just failed (line.ts). */
  readonly regardless: ReadonlyMap<string, Provider>;
  readonly mode: "live" | "sandbox";
  readonly problems: readonly string[];
}

let kept: { readonly env: Environment; readonly configured: Configured } | null = null;

export function payments(env: Environment): Configured {
  if (kept?.env !== env) kept = { env, configured: configure(env) };
  return kept.configured;
}

export function providers(env: Environment): ReadonlyMap<string, Provider> {
  return payments(env).on;
}

function configure(env: Environment): Configured {
  const { toss, stripe, mode, problems, off } = paymentSettings(env);
  const made = (regardless: boolean): ReadonlyMap<string, Provider> => {
    const on = new Map<string, Provider>();
    if (toss !== null) on.set("toss", tossPayments(toss, lineTo(env, "toss", regardless)));
    if (stripe !== null) on.set("stripe", stripePayments(stripe, lineTo(env, "stripe", regardless)));
    return on;
  };
  for (const problem of problems) log("error", "payment settings", problem);
  const on = made(false);
  const offered = new Map(Array.from(on).filter(([name]) => !off.has(name)));
  return { on, offered, regardless: made(true), mode, problems };
}
