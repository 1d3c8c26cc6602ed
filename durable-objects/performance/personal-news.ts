/** Who has to be told what, by the lobbies where they are: the one they wait in, and the one they book in. */
import { lobbyName } from "../lobby/contract.ts";
import { lobbyOf } from "./admission/entry.ts";
import type { PerformanceSettings, PersonalNews } from "./contract.ts";

export function byLobby(
  performanceId: string,
  settings: Pick<PerformanceSettings, "lobbies" | "bookingLobbies">,
  news: readonly PersonalNews[],
): ReadonlyMap<string, readonly PersonalNews[]> {
  const groups = new Map<string, PersonalNews[]>();
  for (const one of news) {
    for (const role of ["queue", "booking"] as const) {
      const index = lobbyOf(one.entry, role === "queue" ? settings.lobbies : settings.bookingLobbies);
      const name = lobbyName(performanceId, role, index);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [one]);
      else group.push(one);
    }
  }
  return groups;
}
