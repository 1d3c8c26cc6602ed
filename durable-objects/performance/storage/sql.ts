/** The part of a SQLite database the storage code needs: a Durable Object's `storage.sql`, or SQLite in Node in tests. */
export type SqlValue = string | number | null | ArrayBuffer;

export interface Sql {
  exec(query: string, ...bindings: (SqlValue | Uint8Array)[]): Iterable<Record<string, SqlValue>>;
}

export function rows(sql: Sql, query: string, ...bindings: (SqlValue | Uint8Array)[]): Record<string, SqlValue>[] {
  return Array.from(sql.exec(query, ...bindings));
}

export function run(sql: Sql, query: string, ...bindings: (SqlValue | Uint8Array)[]): void {
  for (const _ of sql.exec(query, ...bindings)); // a cursor runs as it is read
}

// A stored row may be of an older version or damaged: it is read as unknown values, and a wrong one stops the object.

export function text(row: Record<string, SqlValue>, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`stored column ${column} is not text`);
  return value;
}

export function integer(row: Record<string, SqlValue>, column: string): number {
  const value = row[column];
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw new Error(`stored column ${column} is not an integer`);
  return value;
}

export function bytes(row: Record<string, SqlValue>, column: string): Uint8Array {
  const value: unknown = row[column];
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  throw new Error(`stored column ${column} is not a blob`);
}
