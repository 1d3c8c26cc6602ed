/**
 * Tables inside a Performance object. The list of steps is append-only: a step that has run anywhere is never edited, and an
 * object whose history differs from this list refuses to start. docs/storage.md says what each table is for.
 */
import { integer, rows, run, text, type Sql } from "./sql.ts";

interface Step {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

const steps: readonly Step[] = [
  {
    id: 1,
    name: "performance",
    sql: `
      CREATE TABLE facts (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE segments (number INTEGER PRIMARY KEY, entries BLOB NOT NULL);
      CREATE TABLE exceptions (number INTEGER PRIMARY KEY, standing TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE sessions (number INTEGER PRIMARY KEY, member TEXT, admitted_at INTEGER NOT NULL, until INTEGER NOT NULL);
      CREATE TABLE admissions (at INTEGER PRIMARY KEY, count INTEGER NOT NULL);
      CREATE TABLE revoked (entry TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE schedules (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE chart_sections (schedule_id TEXT, section INTEGER, body TEXT NOT NULL, PRIMARY KEY (schedule_id, section)) WITHOUT ROWID;
      CREATE TABLE seat_sections (schedule_id TEXT, section INTEGER, version INTEGER NOT NULL, status BLOB NOT NULL, holder BLOB NOT NULL, PRIMARY KEY (schedule_id, section)) WITHOUT ROWID;
      CREATE TABLE holds (number INTEGER PRIMARY KEY, member TEXT NOT NULL, schedule_id TEXT NOT NULL, seats TEXT NOT NULL, first_at INTEGER NOT NULL, expires_at INTEGER NOT NULL);
      CREATE TABLE orders (id TEXT PRIMARY KEY, member TEXT NOT NULL, status TEXT NOT NULL, seats INTEGER NOT NULL, open INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE replies (id TEXT PRIMARY KEY, hash TEXT NOT NULL, reply TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE outbox (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
    `,
  },
  {
    id: 2,
    name: "rejoined",
    sql: `CREATE TABLE rejoined (entry TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    id: 3,
    name: "blocks",
    sql: `CREATE TABLE blocks (number INTEGER PRIMARY KEY, schedule_id TEXT NOT NULL, body TEXT NOT NULL);`,
  },
  {
    // Null: everybody of the segment is in the general lane.
    id: 4,
    name: "lanes",
    sql: `ALTER TABLE segments ADD COLUMN lanes BLOB;`,
  },
  {
    id: 5,
    name: "returns",
    sql: `CREATE TABLE returns (id TEXT PRIMARY KEY, schedule_id TEXT NOT NULL, seats TEXT NOT NULL, published_at INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    id: 6,
    name: "invited",
    sql: `CREATE TABLE invited (entry TEXT PRIMARY KEY, lane INTEGER NOT NULL) WITHOUT ROWID;`,
  },
  {
    id: 7,
    name: "claims",
    sql: `CREATE TABLE claims (number INTEGER PRIMARY KEY, pairs BLOB NOT NULL);`,
  },
  {
    // `replies` stays, read only, until those of before have expired.
    id: 8,
    name: "journal",
    sql: `
      CREATE TABLE seat_journal (number INTEGER PRIMARY KEY, generation INTEGER NOT NULL, body TEXT NOT NULL);
      CREATE TABLE hold_packs (pack INTEGER PRIMARY KEY, body TEXT NOT NULL);
      INSERT INTO hold_packs SELECT number >> 8, json_group_array(json_array(number, member, schedule_id, json(seats), first_at, expires_at)) FROM holds GROUP BY number >> 8;
      DROP TABLE holds;
      CREATE TABLE reply_packs (number INTEGER PRIMARY KEY, expires_at INTEGER NOT NULL, keys BLOB NOT NULL, body TEXT NOT NULL);
    `,
  },
  {
    id: 9,
    name: "refund accounts",
    sql: `CREATE TABLE refund_accounts (order_id TEXT, refund INTEGER, sealed TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (order_id, refund)) WITHOUT ROWID;`,
  },
];

/** Runs the steps that have not run. @throws where the object has run others than these. */
export function migrateTables(sql: Sql): void {
  run(sql, "CREATE TABLE IF NOT EXISTS steps (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  const applied = rows(sql, "SELECT id, name FROM steps ORDER BY id");
  for (const [index, row] of applied.entries()) {
    const step = steps[index];
    if (step === undefined || step.id !== integer(row, "id") || step.name !== text(row, "name")) {
      throw new Error(`this object's tables come from another history: step ${integer(row, "id")}`);
    }
  }
  for (const step of steps.slice(applied.length)) {
    run(sql, step.sql);
    run(sql, "INSERT INTO steps (id, name) VALUES (?, ?)", step.id, step.name);
  }
}
