/** SQLite in Node behind the interface the storage code uses: the same SQL as in the object, in memory. */
import { DatabaseSync } from "node:sqlite";
import type { Sql, SqlValue } from "../../durable-objects/performance/storage/sql.ts";

export interface SimulatedStorage {
  readonly sql: Sql;
  /** All or nothing, as `transactionSync` of an object's storage. */
  transaction<Result>(work: () => Result): Result;
}

export function simulatedStorage(): SimulatedStorage {
  const database = new DatabaseSync(":memory:");
  const sql: Sql = {
    exec(query, ...bindings) {
      if (bindings.length === 0 && query.includes(";")) {
        database.exec(query);
        return [];
      }
      const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
      return database
        .prepare(query)
        .all(...values)
        .map((row) => ({ ...row }) as Record<string, SqlValue>);
    },
  };
  return {
    sql,
    transaction(work) {
      database.exec("BEGIN");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}
