/**
 * The key of what a person means to do. It is kept until the outcome is known, also over a reload, so that pressing the
 * same button again after a lost answer asks for the same thing instead of a second one.
 */
const slotOf = (operation: string): string => `ticketping-intent:${operation}`;

interface Kept {
  readonly content: string;
  readonly key: string;
}

/** Same operation, same content: same key. Other content: a new intent. */
export function intentKey(operation: string, content: unknown): string {
  const wanted = JSON.stringify(content);
  const kept = read(operation);
  if (kept !== null && kept.content === wanted) return kept.key;
  const key = crypto.randomUUID();
  try {
    sessionStorage.setItem(slotOf(operation), JSON.stringify({ content: wanted, key }));
  } catch {
    // Without storage a key lives as long as the request that carries it.
  }
  return key;
}

export function intentSettled(operation: string): void {
  try {
    sessionStorage.removeItem(slotOf(operation));
  } catch {
    // Nothing was kept.
  }
}

function read(operation: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(slotOf(operation)) ?? "null");
    if (typeof kept !== "object" || kept === null || !("content" in kept) || !("key" in kept)) return null;
    return { content: String(kept.content), key: String(kept.key) };
  } catch {
    return null;
  }
}
