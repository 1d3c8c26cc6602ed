/** What a script is told: where to go, what is on sale there, and who its fans are. A JSON file, named by K6_PLAN. */
export interface Plan {
  readonly origin: string;
  readonly performanceId: string;
  readonly scheduleId: string;
  /** The sandbox's payment window; null where money is real, and then nobody pays. */
  readonly tossUrl: string | null;
  /** The fans arrive within this time. */
  readonly arriveWithinSeconds: number;
  /** Nobody stays longer than this. */
  readonly seconds: number;
  /** Access tokens, one for each fan. */
  readonly tokens: readonly string[];
}
