/** The steps of making a performance, and which of them a missing thing belongs to. */
export const steps = ["basics", "venue", "dates", "prices", "sale", "check"] as const;
export type Step = (typeof steps)[number];

export function stepOf(hash: string): Step {
  return steps.find((step) => `#${step}` === hash) ?? "basics";
}

export function stepLacking(field: string): Step {
  if (field.startsWith("settings.")) return "sale";
  if (field.startsWith("prices") || field === "currency") return "prices";
  if (field.startsWith("schedules")) return "dates";
  return field === "hallId" ? "venue" : "basics";
}
