import { bigint, bigserial, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";

/**
 * Who did what, and when: everything organisers ask for, what the objects report to have happened, and what is about keys,
 * roles and sign-ins. `actor` is a member id or the name of a part of the system. Triggers refuse every change and every
 * removal, and seal each row into `audit_chain` when it commits (migrations/*_audit_chain.sql).
 */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    performanceId: uuid("performance_id"),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    detail: jsonb("detail").$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    at: time("at").notNull().defaultNow(),
    ...stamps(),
  },
  (table) => [
    index("audit_log_performance").on(table.performanceId, table.at, table.id),
    index("audit_log_actor").on(table.actor, table.at),
  ],
);

/**
 * The log's seals, one for each row, in the order in which they committed: `hash` is the SHA-256 of the seal before and of
 * the row's canonical line (`audit_line`), so that a row that was changed, removed or put in between no longer fits.
 */
export const auditChain = pgTable(
  "audit_chain",
  {
    position: bigint("position", { mode: "number" }).primaryKey(),
    auditId: bigint("audit_id", { mode: "number" }).notNull(),
    hash: text("hash").notNull(),
    ...stamps(),
  },
  (table) => [uniqueIndex("audit_chain_entry").on(table.auditId)],
);
