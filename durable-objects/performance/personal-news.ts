/** Who has to be told what, by the lobbies where they are: the one they wait in, and the one they book in. */
import { type Guard, NotAsked } from "../guard.ts";
import { lobbyName, type LobbyContract } from "../lobby/contract.ts";
import { errorFields, log } from "../log.ts";
import { lobbyOf } from "./admission/entry.ts";
import type { PerformanceSettings, PersonalNews } from "./contract.ts";
import type { PerformanceState } from "./state.ts";

function byLobby(
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

const NEWS_MS = 10_000;

/**
 * A lost push is repaired by the lobby's next tick, which sees that the front has passed somebody it thinks waits. So a lobby
 * that has failed too often is left in peace for a moment.
 */
export async function tellLobbies(
  guard: Guard,
  lobbies: { getByName(name: string): Pick<LobbyContract, "news"> },
  { performanceId, settings }: Pick<PerformanceState, "performanceId" | "settings">,
  news: readonly PersonalNews[],
): Promise<void> {
  if (settings === null) return;
  await Promise.all(
    Array.from(byLobby(performanceId, settings, news), ([name, list]) =>
      guard
        .ask("lobby", NEWS_MS, () => lobbies.getByName(name).news(list), { which: name })
        .catch((error: unknown) => {
          if (!(error instanceof NotAsked)) log("error", "performance news", "failed", errorFields(error));
        }),
    ),
  );
}
