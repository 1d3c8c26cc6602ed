/** Who may stand at a door: one function, asked by every route of the door. */
import type { AppContext } from "../context.ts";
import { requirePower } from "../routes/organizer/access.ts";

/**
 * Whether the member may check people in at this performance: owners, editors and door staff of its organisation, and
 * admins. For everybody else the door does not exist.
 */
export async function requireDoor(c: AppContext, performanceId: string): Promise<void> {
  await requirePower(c, performanceId, "door");
}
