/** SQLite in Node behind the interface the storage code uses: the same SQL as in the object, in memory. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Sql, SqlValue } from "../../durable-objects/performance/storage/sql.ts";

export interface SimulatedStorage {
  readonly sql: Sql;
  /** All or nothing, as `transactionSync` of an object's storage. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

export function simulatedStorage(): SimulatedStorage {
  const database = new DatabaseSync(":memory:");
  /** The storage code has a few dozen queries: preparing one costs ten times as much as running it. */
  const statements = new Map<string, StatementSync>();
  const prepared = (query: string): StatementSync => {
    let statement = statements.get(query);
    if (statement === undefined) statements.set(query, (statement = database.prepare(query)));
    return statement;
  };
  const sql: Sql = {
    exec(query, ...bindings) {
      if (bindings.length === 0 && query.includes(";")) {
        database.exec(query);
        return [];
      }
      const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
      return prepared(query).all(...values) as Record<string, SqlValue>[];
    },
  };
  return {
    sql,
    transaction(work) {
      prepared("BEGIN").run();
      try {
        const result = work();
        prepared("COMMIT").run();
        return result;
      } catch (error) {
        prepared("ROLLBACK").run();
        throw error;
      }
    },
    close: () => database.close(),
  };
}
