/** Which secrets a deployment needs, by name. Values are never read: wrangler lists names only. */
export interface SecretCheck {
  /** Without these nothing works. */
  readonly missing: readonly string[];
  /** Halves of a pair, and what is off without it. */
  readonly warnings: readonly string[];
}

export const required = ["DATABASE_URL", "SESSION_KEYS", "PASS_KEYS", "TICKET_KEYS", "METRICS_TOKEN"] as const;

const groups: readonly (readonly [names: readonly string[], without: string])[] = [
  [["TOSS_CLIENT_KEY", "TOSS_SECRET_KEY"], "Toss Payments is off"],
  [["STRIPE_PUBLISHABLE_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"], "Stripe is off"],
  [["MAIL_API_KEY"], "mail is off: no address can be confirmed and no password reset"],
  [["ALERT_WEBHOOK_URL"], "the Worker tells nobody of what cannot wait"],
];

export function checkSecrets(set: ReadonlySet<string>): SecretCheck {
  const warnings = groups.flatMap(([names, without]) => {
    const absent = names.filter((name) => !set.has(name));
    if (absent.length === 0) return [];
    const partly = absent.length < names.length ? `only part of it is set, ${absent.join(", ")} is missing: ` : "";
    return [`${partly}${without} (${names.join(", ")})`];
  });
  return { missing: required.filter((name) => !set.has(name)), warnings };
}
