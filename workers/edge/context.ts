/** The types every route module shares: what the Worker is bound to, and what the middleware has established. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { BookingPass } from "./gate/tokens.ts";
import type { Environment } from "../environment.ts";
import type { Trail } from "./trail.ts";
import type { Role } from "../records/schema/members.ts";

export type { Role } from "../records/schema/members.ts";

/** Who is asking, as a verified token says; never taken from a header, a parameter or a body. */
export interface Member {
  readonly id: string;
  readonly role: Role;
  readonly nickname?: string;
  /** The sign-in the token descends from (its refresh family). A token without one opens nothing that needs a live sign-in. */
  readonly session?: string;
  /** The e-mail address was confirmed before the token was signed. */
  readonly verified?: boolean;
}

export interface Variables {
  /** Set for every request before anything else. */
  trail: Trail;
  /** Set by the gate: read it only in routes whose rule (gate/table) asks for somebody. */
  member: Member;
  /** Set by the gate where the rule asks for a pass: the admission the request came in with. */
  pass: BookingPass;
}

export interface AppEnv {
  Bindings: Environment;
  Variables: Variables;
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;
