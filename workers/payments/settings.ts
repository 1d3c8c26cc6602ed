/**
 * Which providers are on is configuration. A provider without any key is off; one with half its keys, or with keys of the
 * wrong kind, is off too and says so: in the log, at /healthz and to whoever tries to pay. `PAYMENTS_MODE` says which kind is
 * meant, so that production never takes play money and a laptop never moves real money.
 */
import type { Environment } from "../environment.ts";
import type { StripeSettings } from "./stripe.ts";
import type { TossSettings } from "./toss.ts";

export interface PaymentSettings {
  readonly mode: "live" | "sandbox";
  readonly toss: TossSettings | null;
  readonly stripe: StripeSettings | null;
  /** Not offered for the moment: what was begun with them is asked about, confirmed and given back as ever. */
  readonly off: ReadonlySet<string>;
  /** What is wrong, as sentences that name settings and never their values. */
  readonly problems: readonly string[];
}

interface Kind {
  readonly live: RegExp;
  readonly sandbox: RegExp;
}

const TOSS_CLIENT: Kind = { live: /^live_g?ck_/, sandbox: /^test_g?ck_/ };
const TOSS_SECRET: Kind = { live: /^live_g?sk_/, sandbox: /^test_g?sk_/ };
const STRIPE_PUBLISHABLE: Kind = { live: /^pk_live_/, sandbox: /^pk_test_/ };
const STRIPE_SECRET: Kind = { live: /^[rs]k_live_/, sandbox: /^[rs]k_test_/ };
const STRIPE_WEBHOOK: Kind = { live: /^whsec_\S{8}/, sandbox: /^whsec_\S{8}/ };
/** Where real money is moved: nothing else may be given a live key. */
const TOSS_HOSTS = /^(api|js)\.tosspayments\.com$/;
const STRIPE_HOSTS = /^(api|js)\.stripe\.com$/;

type Keys = Pick<
  Environment,
  | "PAYMENTS_MODE"
  | "PROVIDERS_OFF"
  | "TOSS_API_URL"
  | "TOSS_SDK_URL"
  | "TOSS_CLIENT_KEY"
  | "TOSS_SECRET_KEY"
  | "TOSS_TEST_CODE"
  | "STRIPE_API_URL"
  | "STRIPE_SDK_URL"
  | "STRIPE_PUBLISHABLE_KEY"
  | "STRIPE_SECRET_KEY"
  | "STRIPE_WEBHOOK_SECRET"
>;

export function paymentSettings(env: Keys): PaymentSettings {
  const problems: string[] = [];
  const mode = env.PAYMENTS_MODE === "sandbox" ? "sandbox" : "live";
  if (env.PAYMENTS_MODE !== "live" && env.PAYMENTS_MODE !== "sandbox") {
    problems.push('PAYMENTS_MODE must be "live" or "sandbox".');
  }
  const toss = complete(
    problems,
    mode,
    { TOSS_CLIENT_KEY: TOSS_CLIENT, TOSS_SECRET_KEY: TOSS_SECRET },
    { TOSS_API_URL: TOSS_HOSTS, TOSS_SDK_URL: TOSS_HOSTS },
    env,
  );
  const testCode = namesIn(env.TOSS_TEST_CODE)[0] ?? null;
  const misplaced = testCode !== null && mode === "live";
  if (misplaced) problems.push('TOSS_TEST_CODE is set, although PAYMENTS_MODE is "live": nobody could pay.');
  const stripe = complete(
    problems,
    mode,
    {
      STRIPE_PUBLISHABLE_KEY: STRIPE_PUBLISHABLE,
      STRIPE_SECRET_KEY: STRIPE_SECRET,
      STRIPE_WEBHOOK_SECRET: STRIPE_WEBHOOK,
    },
    { STRIPE_API_URL: STRIPE_HOSTS, STRIPE_SDK_URL: STRIPE_HOSTS },
    env,
  );
  const off = new Set(namesIn(env.PROVIDERS_OFF));
  for (const name of off) {
    if (name !== "toss" && name !== "stripe") problems.push(`PROVIDERS_OFF names ${name}, which is no provider.`);
  }
  return {
    ...{ mode, problems, off },
    toss:
      toss && !misplaced
        ? {
            apiUrl: env.TOSS_API_URL,
            sdkUrl: env.TOSS_SDK_URL,
            clientKey: env.TOSS_CLIENT_KEY ?? "",
            secretKey: env.TOSS_SECRET_KEY ?? "",
            testCode,
          }
        : null,
    stripe: stripe && {
      apiUrl: env.STRIPE_API_URL,
      sdkUrl: env.STRIPE_SDK_URL,
      publishableKey: env.STRIPE_PUBLISHABLE_KEY ?? "",
      secretKey: env.STRIPE_SECRET_KEY ?? "",
      webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? "",
    },
  };
}

/** Of every provider whose keys are set, whether it is offered; false: somebody has switched it off for the moment. */
export function offeredProviders(env: Keys): Readonly<Record<string, boolean>> {
  const { toss, stripe, off } = paymentSettings(env);
  const set = Object.entries({ toss, stripe }).flatMap(([name, settings]) => (settings === null ? [] : [name]));
  return Object.fromEntries(set.map((name) => [name, !off.has(name)]));
}

/** A secret cannot be empty: "none" is a name for nobody. */
function namesIn(list = ""): readonly string[] {
  return list.split(",").flatMap((name) => (name.trim() === "" || name.trim() === "none" ? [] : [name.trim()]));
}

/** Whether a provider may be used; what stands against it is added to the problems. */
function complete(
  problems: string[],
  mode: "live" | "sandbox",
  keys: Readonly<Record<string, Kind>>,
  urls: Readonly<Record<string, RegExp>>,
  env: Keys,
): true | null {
  const value = (name: string): string => String(Reflect.get(env, name) ?? "");
  const names = Object.keys(keys);
  const missing = names.filter((name) => value(name) === "");
  if (missing.length === names.length) return null;
  const before = problems.length;
  for (const name of missing) problems.push(`${name} is missing, although ${names.join(" and ")} belong together.`);
  for (const [name, kind] of Object.entries(keys)) {
    if (value(name) !== "" && !kind[mode].test(value(name))) {
      problems.push(`${name} is not a ${mode} key, although PAYMENTS_MODE is "${mode}".`);
    }
  }
  for (const [name, hosts] of Object.entries(urls)) {
    const url = URL.parse(value(name));
    if (url === null) problems.push(`${name} is not a URL.`);
    else if (mode === "live" && (url.protocol !== "https:" || !hosts.test(url.host))) {
      problems.push(`${name} is not the provider's own address, although PAYMENTS_MODE is "live".`);
    }
  }
  return problems.length === before ? true : null;
}
