/** Organisations: whose they are, who belongs to them, and what admins decide. */
import type { ProblemCode } from "../../problem.ts";
import type { Rule, Table } from "../rule.ts";

const organisation = "/api/organisations/{id}";
const live = (...codes: readonly ProblemCode[]): Rule => ({ who: "live-member", codes });

export const organisations: Table = {
  "GET /api/organisations": live(),
  "POST /api/organisations": live(),
  [`GET ${organisation}/members`]: live("not-found", "role-required"),
  [`PUT ${organisation}/members/{memberId}`]: live("not-found", "role-required", "last-owner"),
  [`DELETE ${organisation}/members/{memberId}`]: live("not-found", "role-required", "last-owner"),
  [`POST ${organisation}/invitations`]: live(
    "not-found",
    "role-required",
    "organisation-not-approved",
    "mail-unavailable",
  ),
  "POST /api/invitations/accept": live("link-invalid", "invitation-for-another"),

  "GET /api/admin/organisations": { who: "admin", codes: [] },
  "POST /api/admin/organisations/{id}/decision": { who: "admin", codes: ["not-found"] },
  "POST /api/admin/admins": { who: "admin", codes: [] },
};
