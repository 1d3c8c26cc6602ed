/**
 * What the table of routes says about one route. The names of routes are those of the OpenAPI document: method and path
 * with `{parameters}`.
 */
import type { Occasion } from "./challenge.ts";
import type { ProblemCode } from "../problem.ts";

/**
 * - `anyone`: nobody is asked for.
 * - `member`: an access token, in `Authorization` or in the cookie of one of our own pages.
 * - `live-member`: a member whose sign-in has not been ended since, which the records are asked.
 * - `waiter`: a member, or the queue ticket of the performance in the path.
 * - `watcher`: a waiter with a socket: the token may come as a subprotocol, the origin must be listed.
 * - `organiser`, `admin`: a member of that role. Whose performance it is, the route asks.
 * - `renewal`: the refresh cookie, which the route itself uses up.
 * - `monitor`: the metrics token.
 * - `provider`: a payment provider's notification, of which nothing is believed.
 */
export type Who =
  | "anyone"
  | "member"
  | "live-member"
  | "waiter"
  | "watcher"
  | "organiser"
  | "admin"
  | "renewal"
  | "monitor"
  | "provider";

export interface Rule {
  readonly who: Who;
  /** A booking pass for the performance in the path, of the member who asks, is needed too. */
  readonly pass?: true;
  /** Where the deployment says so, a confirmed e-mail address is needed too. */
  readonly verified?: true;
  /** Turnstile stands in front, where the deployment asks for it here (TURNSTILE_MODE). */
  readonly challenge?: Occasion;
  /** What the route may answer besides what every route and its rule may: documented, and checked by tests. */
  readonly codes: readonly ProblemCode[];
}

/** "GET /api/orders/{orderId}" */
export type RouteName = `${"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} /${string}`;

export type Table = Readonly<Record<RouteName, Rule>>;
