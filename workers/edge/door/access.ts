/** Who may stand at a door: one function, asked by every route of the door. */
import type { AppContext } from "../context.ts";
import { Problem } from "../problem.ts";
import { ownPerformance } from "../routes/organizer/access.ts";

/**
 * Whether the member may check people in at this performance: whoever organises it, and admins. For everybody else the
 * door does not exist.
 */
export async function requireDoor(c: AppContext, performanceId: string): Promise<void> {
  const { role } = c.var.member;
  if (role !== "organiser" && role !== "admin") throw new Problem("not-found");
  await ownPerformance(c, performanceId);
}
