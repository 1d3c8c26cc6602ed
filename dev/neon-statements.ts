/**
 * Runs what Neon's HTTP protocol asks for on a plain Postgres connection, and words the result as Neon does:
 * every value is the text Postgres sent, types are named by oid, and the driver converts.
 */
import type { ClientBase, CustomTypesConfig, QueryConfig } from "pg";
import pg from "pg";
import { z } from "zod";

const Statement = z.object({ query: z.string(), params: z.array(z.unknown()).default([]) });
type Statement = z.infer<typeof Statement>;

export const SqlRequest = z.union([Statement, z.object({ queries: z.array(Statement) })]);
export type SqlRequest = z.infer<typeof SqlRequest>;

/** From the headers; they concern batches only. */
export interface TransactionOptions {
  readonly isolationLevel: "ReadUncommitted" | "ReadCommitted" | "RepeatableRead" | "Serializable" | null;
  readonly readOnly: boolean | null;
  readonly deferrable: boolean | null;
}

interface StatementResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly unknown[];
  readonly rowAsArray: boolean;
  readonly fields: readonly pg.FieldDef[];
}

const isolationClause = {
  ReadUncommitted: "isolation level read uncommitted",
  ReadCommitted: "isolation level read committed",
  RepeatableRead: "isolation level repeatable read",
  Serializable: "isolation level serializable",
} as const;

const keepText: CustomTypesConfig = { getTypeParser: () => (text: unknown) => text };

/** Names as in Postgres' error fields; the driver copies them onto its NeonDbError. */
const errorFields = [
  "code",
  "severity",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

/** One statement runs by itself; a batch is one transaction: all of it or nothing. */
export async function runRequest(
  client: ClientBase,
  request: SqlRequest,
  options: TransactionOptions,
  rowAsArray: boolean,
): Promise<StatementResult | { readonly results: readonly StatementResult[] }> {
  if ("query" in request) return runStatement(client, request, rowAsArray);
  await client.query(beginStatement(options));
  try {
    const results: StatementResult[] = [];
    for (const statement of request.queries) results.push(await runStatement(client, statement, rowAsArray));
    await client.query("commit");
    return { results };
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** Null when the error is not Postgres' own answer, such as a lost connection. */
export function describeError(error: unknown): Record<string, unknown> | null {
  if (!(error instanceof pg.DatabaseError)) return null;
  const description: Record<string, unknown> = { message: error.message };
  for (const field of errorFields) description[field] = error[field] ?? null;
  return description;
}

async function runStatement(client: ClientBase, statement: Statement, rowAsArray: boolean): Promise<StatementResult> {
  const config: QueryConfig & { rowMode?: "array"; queryMode: "extended" } = {
    text: statement.query,
    values: statement.params,
    types: keepText,
    // Neon always prepares, so that several statements in one text are refused here as well.
    queryMode: "extended",
    ...(rowAsArray ? { rowMode: "array" } : {}),
  };
  const result = await client.query<Record<string, unknown>>(config);
  const { command, rowCount, rows, fields } = result;
  return { command, rowCount, rows, rowAsArray, fields };
}

function beginStatement({ isolationLevel, readOnly, deferrable }: TransactionOptions): string {
  const clauses = [
    isolationLevel === null ? null : isolationClause[isolationLevel],
    readOnly === null ? null : readOnly ? "read only" : "read write",
    deferrable === null ? null : deferrable ? "deferrable" : "not deferrable",
  ].filter((clause) => clause !== null);
  return clauses.length === 0 ? "begin" : `begin ${clauses.join(", ")}`;
}
