/**
 * Everything we ask that may be slow, gone or overloaded, and how long we wait for it. What callers are told then:
 * docs/architecture.md, "When something fails". Milliseconds, for all tries of one call together.
 */
export const dependencies = {
  /** Everything one call of `withRecords` asks; Neon wakes from sleep in well under a second. */
  postgres: 5_000,
  /** One request. Toss gives up on a bank after about a minute; we ask again under the same key instead of waiting. */
  toss: 10_000,
  stripe: 10_000,
  /** One request to the mail service. */
  mail: 5_000,
  /** Handing over a batch of messages. */
  "event-queue": 15_000,
  /** A page's visitor waits for this one. */
  turnstile: 4_000,
  /** Relays of the randomness beacon, to see whether they answer: the draw itself asks them from its object. */
  beacon: 3_000,
  /** An organiser's server, of which we know nothing. */
  "organiser-webhook": 10_000,
  "alert-webhook": 5_000,
  /** Before a page gives up by itself (15 s): then it is told when to come again. */
  lobby: 12_000,
  performance: 10_000,
  control: 5_000,
  rehearsal: 10_000,
  meter: 3_000,
} as const satisfies Readonly<Record<string, number>>;

export type Dependency = keyof typeof dependencies;
