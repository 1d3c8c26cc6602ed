import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { stamps, time } from "./columns.ts";
import { members } from "./members.ts";

export const organisationStatuses = ["pending", "approved", "rejected", "suspended"] as const;
export type OrganisationStatus = (typeof organisationStatuses)[number];

/**
 * - `owner`: everything, and who belongs to it.
 * - `editor`: halls, performances, and running a sale.
 * - `door`: reading, and letting people in.
 */
export const organisationRoles = ["owner", "editor", "door"] as const;
export type OrganisationRole = (typeof organisationRoles)[number];

/** Who puts performances on sale. Anybody may ask for one; it can do nothing until an admin has approved it. */
export const organisations = pgTable(
  "organisations",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    status: text("status", { enum: organisationStatuses }).notNull().default("pending"),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => members.id),
    decidedBy: uuid("decided_by").references(() => members.id),
    decidedAt: time("decided_at"),
    ...stamps(),
  },
  (table) => [index("organisations_status").on(table.status, table.createdAt, table.id)],
);

export const organisationMembers = pgTable(
  "organisation_members",
  {
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    memberId: uuid("member_id")
      .notNull()
      .references(() => members.id),
    role: text("role", { enum: organisationRoles }).notNull(),
    ...stamps(),
  },
  (table) => [
    primaryKey({ columns: [table.organisationId, table.memberId] }),
    index("organisation_members_member").on(table.memberId),
  ],
);

/** Invitations by mail: the hash of what the link carries, for one address, good once. */
export const invitations = pgTable(
  "invitations",
  {
    hash: text("hash").primaryKey(),
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    emailKey: text("email_key").notNull(),
    role: text("role", { enum: organisationRoles }).notNull(),
    invitedBy: uuid("invited_by")
      .notNull()
      .references(() => members.id),
    expiresAt: time("expires_at").notNull(),
    ...stamps(),
  },
  (table) => [
    index("invitations_organisation").on(table.organisationId, table.createdAt),
    index("invitations_expiry").on(table.expiresAt),
  ],
);
