/** The Worker's bindings and settings, as wrangler.toml and the secrets provide them. */
import type { ControlContract } from "../durable-objects/control/contract.ts";
import type { EventEnvelope } from "../durable-objects/performance/events.ts";
import type { LobbyContract } from "../durable-objects/lobby/contract.ts";
import type { MeterContract } from "../durable-objects/meter/contract.ts";
import type { PerformanceContract } from "../durable-objects/performance/contract.ts";
import type { RehearsalContract } from "../durable-objects/rehearsal/contract.ts";

/**
 * Objects as their contracts see them. Only plain data crosses, so that the contract's own types say more than those the
 * platform derives for remote stubs (which forget what a union was).
 */
export interface Objects<Contract> {
  getByName(name: string): Contract;
}

export interface Environment {
  /** `production` or `staging` in a deployment; without it a laptop. */
  readonly ENVIRONMENT?: string;
  readonly PERFORMANCE: Objects<PerformanceContract>;
  readonly LOBBY: Objects<LobbyContract & Pick<Fetcher, "fetch">>;
  readonly REHEARSAL: Objects<RehearsalContract>;
  readonly CONTROL: Objects<ControlContract & Pick<Fetcher, "fetch">>;
  /** Adds up what isolates count (metering.ts). */
  readonly METER: Objects<MeterContract>;
  /** Figures for Analytics Engine, where the account has it. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  readonly EVENTS: Queue<EventEnvelope>;
  /** What is to be told to whom, by the ids of the rows that say so. */
  readonly NOTICES: Queue<{ readonly notice: string }>;
  /** "1" on a laptop: webhooks may lead to this machine. */
  readonly LOCAL_WEBHOOKS?: string;
  readonly ASSETS: Fetcher;
  readonly RATE_SIGN_IN: RateLimit;
  readonly RATE_MEMBER: RateLimit;
  readonly RATE_ADDRESS: RateLimit;
  readonly RATE_ACCOUNT: RateLimit;
  /** Postgres of the records. */
  readonly DATABASE_URL: string;
  /** Only for a Postgres that is not Neon: an endpoint that speaks Neon's HTTP protocol in front of it. */
  readonly NEON_HTTP_ENDPOINT?: string;
  /** Private JWK sets (JSON, Ed25519). The first key signs, all verify. Sessions, passes and tickets never share a key. */
  readonly SESSION_KEYS: string;
  readonly PASS_KEYS: string;
  readonly TICKET_KEYS: string;
  readonly METRICS_TOKEN?: string;
  /** Where the Worker tells what cannot wait: a Discord webhook, or anything that takes JSON. */
  readonly ALERT_WEBHOOK_URL?: string;
  /** Comma-separated origins besides the Worker's own. */
  readonly ALLOWED_ORIGINS: string;
  /** Relays of the public randomness beacon, comma separated, and (only for a stand-in) the chain they serve as JSON. */
  readonly BEACON_URLS: string;
  readonly BEACON_CHAIN?: string;
  /** The mail service. Without all three mail is off. */
  readonly MAIL_API_URL?: string;
  readonly MAIL_API_KEY?: string;
  readonly MAIL_FROM?: string;
  /** Where links in mails lead, such as https://tickets.example.com. Without it: wherever the request came to. */
  readonly PUBLIC_ORIGIN?: string;
  /** So many days after its last date a sale that is over leaves its object (records/emptying.ts); 30 where it is not set. */
  readonly ARCHIVE_AFTER_DAYS?: string;
  /** "true": joining a queue takes a confirmed e-mail address. */
  readonly REQUIRE_VERIFIED_EMAIL?: string;
  /** `live` or `sandbox`: which kind of keys is meant (payments/settings.ts). */
  readonly PAYMENTS_MODE: string;
  /** Providers that are not offered for the moment, comma separated; what was begun with them goes on. "none" is none. */
  readonly PROVIDERS_OFF?: string;
  /** Where a person is asked for: "off", "signup", "join", or both with a comma. */
  readonly TURNSTILE_MODE?: string;
  readonly TURNSTILE_SITE_KEY?: string;
  readonly TURNSTILE_SECRET_KEY?: string;
  /** When Turnstile itself fails: "open" lets people through, "closed" does not. */
  readonly TURNSTILE_OUTAGE?: string;
  /** Only for a stand-in: its origin. */
  readonly TURNSTILE_URL?: string;
  readonly TOSS_API_URL: string;
  readonly TOSS_SDK_URL: string;
  readonly TOSS_CLIENT_KEY?: string;
  readonly TOSS_SECRET_KEY?: string;
  /** Only with test keys: every confirm is answered with this error code. */
  readonly TOSS_TEST_CODE?: string;
  readonly STRIPE_API_URL: string;
  readonly STRIPE_SDK_URL: string;
  readonly STRIPE_PUBLISHABLE_KEY?: string;
  readonly STRIPE_SECRET_KEY?: string;
  readonly STRIPE_WEBHOOK_SECRET?: string;
}
