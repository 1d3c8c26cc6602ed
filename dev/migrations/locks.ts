/**
 * What a statement of a migration does to those who use its table meanwhile. Pure. A migration runs beside a live sale:
 * whatever holds a table for as long as it has rows stops the records of every sale, and whatever takes something away
 * breaks the Worker before, which goes on for minutes and is what a rollback brings back.
 */

/** An index that is made or dropped without stopping writers, which Postgres does outside of transactions only. */
export interface ConcurrentIndex {
  readonly index: string;
  readonly makes: boolean;
}

const NAME = String.raw`(?:"?public"?\.)?"?(\w+)"?`;
const MAKES = new RegExp(
  String.raw`^create (?:unique )?index concurrently (?:if not exists )?${NAME} on ${NAME}\b`,
  "i",
);
const DROPS = new RegExp(String.raw`^drop index concurrently (?:if exists )?${NAME}`, "i");

export function concurrentIndex(statement: string): ConcurrentIndex | null {
  const text = plain(statement);
  const made = MAKES.exec(text)?.[1];
  if (made !== undefined) return { index: made, makes: true };
  const dropped = DROPS.exec(text)?.[1];
  return dropped === undefined ? null : { index: dropped, makes: false };
}

/** Whoever writes this above a statement says that no Worker that may still run, or come back, needs what it takes away. */
const CONTRACTS = /^--\s*contract:\s*\S/im;

/** What is wrong with a migration that is to run beside a live sale, as sentences. */
export function troubles(statements: readonly string[]): readonly string[] {
  const fresh = new Set(
    statements.flatMap((statement) => CREATES_TABLE.exec(plain(statement))?.[1]?.toLowerCase() ?? []),
  );
  const alone = statements.filter((statement) => concurrentIndex(statement) !== null).length;
  const mixed = alone > 0 && alone < statements.length;
  return [
    ...(mixed ? ["what runs outside of a transaction has a migration of its own"] : []),
    ...statements.flatMap((statement) => troublesOf(statement, fresh)),
  ];
}

const CREATES_TABLE = new RegExp(String.raw`^create table (?:if not exists )?${NAME}`, "i");
const CREATES_INDEX = new RegExp(
  String.raw`^create (?:unique )?index (?:if not exists )?${NAME} on (?:only )?${NAME}`,
  "i",
);
const ALTERS_TABLE = new RegExp(String.raw`^alter table (?:if exists )?(?:only )?${NAME} ([^]*)$`, "i");
const TAKES_AWAY = /^drop (?:table|index|type|function|view|schema|sequence|trigger)\b|^truncate\b/i;

function troublesOf(statement: string, fresh: ReadonlySet<string>): readonly string[] {
  const text = plain(statement);
  const contracts = CONTRACTS.test(statement);
  if (TAKES_AWAY.test(text)) {
    const found = contracts ? [] : ["takes something away that the Worker before may need"];
    if (/^drop index (?!concurrently\b)/i.test(text))
      found.push("drops an index, which waits for everybody: concurrently");
    return found;
  }
  const indexed = CREATES_INDEX.exec(text);
  if (indexed !== null && concurrentIndex(statement) === null) {
    return fresh.has(indexed[2]?.toLowerCase() ?? "")
      ? []
      : [`makes an index of ${indexed[2]} while nobody can write to it: concurrently`];
  }
  const altered = ALTERS_TABLE.exec(text);
  const table = altered?.[1] ?? "";
  if (altered === null || fresh.has(table.toLowerCase())) return [];
  return ofAltering(table, altered[2] ?? "", contracts);
}

/** Ways of altering a table that is in use, with what they do. */
const alterations: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\badd constraint\b(?![^]*\bnot valid\b)(?![^]*\busing index\b)/i,
    "checks every row while nobody can write: NOT VALID, and validate it in the next migration",
  ],
  [/\badd column\b[^]*\bgenerated always as\b[^]*\bstored\b/i, "writes every row anew while nobody can read"],
  [/\badd column\b[^]*\bdefault (?!now\()[^,]*\w\(/i, "computes a default for every row while nobody can read"],
  [
    /\badd column\b(?![^]*\bdefault\b)(?![^]*\bgenerated\b)[^]*\bnot null\b/i,
    "adds a column the Worker before does not fill",
  ],
  [/\balter column "?\w+"? set not null\b/i, "checks every row while nobody can read"],
  [/\balter column "?\w+"? (?:set data )?type\b/i, "writes every row anew while nobody can read"],
];
const TAKES_FROM_TABLE = /^(?:drop (?:column|constraint)|rename)\b/i;

function ofAltering(table: string, how: string, contracts: boolean): readonly string[] {
  const found = alterations.flatMap(([pattern, what]) => (pattern.test(how) ? [`${table}: ${what}`] : []));
  if (TAKES_FROM_TABLE.test(how) && !contracts)
    found.push(`${table}: takes something away that the Worker before may need`);
  return found;
}

/** Without comments and quoted texts, in one line. */
function plain(statement: string): string {
  return statement
    .replaceAll(/--[^\n]*/g, " ")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/\s+/g, " ")
    .trim();
}
