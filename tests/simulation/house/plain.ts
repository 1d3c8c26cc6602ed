/** What the platform carries from one isolate to another: plain data, copied, so that nobody shares what they were sent. */

/**
 * As `structuredClone` for what is sent here (values, lists, records, bytes), which takes six times as long: calls were a tenth
 * of a house's processor time. Anything else it is asked itself, and it refuses what the platform refuses.
 */
export function plainCopy<Value>(value: Value): Value {
  return copied(value) as Value;
}

function copied(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return structuredClone(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) copy[name] = copied(one);
  return copy;
}
