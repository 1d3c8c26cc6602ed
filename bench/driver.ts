/**
 * The bench driver: a Worker that runs load against the objects from inside the runtime, one POST a measurement. Its own
 * two classes are measuring devices: an object that does nothing, and the real one with its written rows counted.
 */
import { contend, hold, populate } from "./load/holds.ts";
import { callsSoFar, join, openLine } from "./load/joins.ts";
import { checkPasses, passNothing } from "./load/passes.ts";
import { publish, resume, seatsTaken, snapshot } from "./load/stadium.ts";
import { countedEntering, countedRows } from "./load/rows.ts";
import type { DriverEnvironment } from "./load/environment.ts";

export { StandIn, StandInLobby } from "./load/stand-in.ts";
export { CountedPerformance } from "./load/rows.ts";

type Load = (env: DriverEnvironment, input: unknown) => Promise<unknown>;

const loads: Readonly<Record<string, Load>> = {
  "/joins": join,
  "/line": openLine,
  "/calls": callsSoFar,
  "/rows": countedRows,
  "/rows-of-entering": countedEntering,
  "/populate": populate,
  "/holds": hold,
  "/contention": contend,
  "/passes": checkPasses,
  "/no-passes": passNothing,
  "/publish": publish,
  "/resume": resume,
  "/snapshot": snapshot,
  "/seats": seatsTaken,
};

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    // The empty request: what everything costs before any of our code runs.
    if (pathname === "/noop") return new Response(null, { status: 204 });
    const load = loads[pathname];
    if (load === undefined || request.method !== "POST") return new Response("no such load", { status: 404 });
    try {
      return Response.json(await load(env, await request.json()));
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? error.message) : String(error), { status: 500 });
    }
  },
} satisfies ExportedHandler<DriverEnvironment>;
