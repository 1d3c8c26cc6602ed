/**
 * All tables of the records, for queries and for drizzle-kit, which generates `migrations/` from here.
 * Ids are UUIDs except where another system chooses them or where they must be derived (orders, tickets, ledger).
 */
export * from "./schema/members.ts";
export * from "./schema/organisations.ts";
export * from "./schema/catalogue.ts";
export * from "./schema/posters.ts";
export * from "./schema/orders.ts";
export * from "./schema/door.ts";
export * from "./schema/notices.ts";
export * from "./schema/money.ts";
export * from "./schema/journal.ts";
export * from "./schema/audit.ts";
export * from "./schema/alerts.ts";
export * from "./schema/edge.ts";
export * from "./schema/reconciler.ts";
export * from "./schema/copies.ts";
