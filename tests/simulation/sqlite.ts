/** SQLite in Node behind the interface the storage code uses: the same SQL as in the object, in memory. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
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
  const queries = new Map<string, Query>();
  const prepared = (query: string): Query => {
    let known = queries.get(query);
    if (known === undefined) queries.set(query, (known = new Query(database.prepare(query))));
    return known;
  };
  const sql: Sql = {
    exec(query, ...bindings) {
      if (bindings.length === 0 && query.includes(";")) {
        database.exec(query);
        return [];
      }
      return prepared(query).rows(
        bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value)),
      );
    },
  };
  return {
    sql,
    transaction(work) {
      prepared("BEGIN").rows([]);
      try {
        const result = work();
        prepared("COMMIT").rows([]);
        return result;
      } catch (error) {
        prepared("ROLLBACK").rows([]);
        throw error;
      }
    },
    close: () => database.close(),
  };
}

type Row = Record<string, SqlValue>;

/** Rows come as arrays and are named here: Node's own objects take twice as long to make, and longer to read. */
class Query {
  readonly #statement: StatementSync;
  readonly #columns: readonly string[];

  constructor(statement: StatementSync) {
    this.#statement = statement;
    statement.setReturnArrays(true);
    this.#columns = statement.columns().map(({ name }) => name);
  }

  rows(bindings: readonly SQLInputValue[]): Row[] {
    const found = this.#statement.all(...bindings) as unknown as SqlValue[][];
    return found.map((values) => {
      const row: Row = {};
      for (let column = 0; column < values.length; column++) row[this.#columns[column] ?? ""] = values[column] ?? null;
      return row;
    });
  }
}
