/**
 * The log: one JSON document a line. What a line may say is a list of names, so that nobody's address, name, token or
 * words get into it by the way: ids of our own making, counts, codes, and what an error is called.
 */
export interface LogFields {
  /** Of the request at the edge; also in the answer's `x-request-id` and in problem documents. */
  readonly requestId?: string | undefined;
  /** Of commands: the request's id and a number (docs/operations/tracing.md). */
  readonly commandIds?: readonly string[] | undefined;
  readonly performanceId?: string | null | undefined;
  readonly orderId?: string | undefined;
  /** What commands came to: `kind` or `kind refusal-code`, in the order of `commandIds`. */
  readonly outcomes?: readonly string[] | undefined;
  /** A lobby's batch: role/index, its incarnation, its sequence. */
  readonly batch?: string | undefined;
  /** Numbers of events, or of one. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly seq?: number | null | undefined;
  readonly events?: number | undefined;
  readonly count?: number | undefined;
  readonly counts?: Readonly<Record<string, number>> | undefined;
  readonly tries?: number | undefined;
  readonly attempt?: number | undefined;
  readonly ms?: number | undefined;
  readonly status?: number | undefined;
  readonly method?: string | undefined;
  /** The pattern of a route, never a path. */
  readonly route?: string | undefined;
  readonly kind?: string | undefined;
  readonly outcome?: string | undefined;
  readonly reason?: string | null | undefined;
  /** Name of an error's class, a SQLSTATE, or a name of ours: see errorFields. */
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly provider?: string | undefined;
  readonly dependency?: string | undefined;
  readonly notice?: string | undefined;
  readonly site?: string | undefined;
}

export type Level = "info" | "warn" | "error";

const consoles = { info: "log", warn: "warn", error: "error" } as const;

export function log(level: Level, at: string, message: string, fields: LogFields = {}): void {
  console[consoles[level]](JSON.stringify({ level, at, message, ...fields }));
}

const CAUSE_MAX = 300;

/**
 * An error as a log may show it. Databases and parsers quote what they were given, so of theirs only the name is said; of
 * others the message, without what looks like an address or a token.
 */
export function errorFields(error: unknown): Pick<LogFields, "error" | "cause"> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = codeOf(error);
  const name = code === null ? error.name : `${error.name} ${code}`;
  if (QUOTING.test(error.name) || error.message.startsWith("Failed query")) return { error: name };
  return { error: name, cause: masked(error.message).slice(0, CAUSE_MAX) };
}

const QUOTING = /^(SyntaxError|ZodError|DrizzleQueryError|NeonDbError|DrizzleError)$/;

/** The SQLSTATE, wherever the driver's wrappers have put it. */
function codeOf(error: Error): string | null {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if ("code" in current && typeof current.code === "string" && /^[0-9A-Z]{5}$/.test(current.code))
      return current.code;
    current = current.cause;
  }
  return null;
}

function masked(text: string): string {
  return text
    .replaceAll(/[^\s@<>"']+@[^\s@<>"']+/g, "(address)")
    .replaceAll(/[A-Za-z0-9_-]{20,}(\.[A-Za-z0-9_-]{10,})+|[A-Za-z0-9_-]{65,}/g, "(token)");
}
