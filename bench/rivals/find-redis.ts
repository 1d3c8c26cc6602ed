/**
 * Finds redis-server. Where it is not installed, root fetches Debian's packages and unpacks them into `.data/redis`, which
 * changes nothing about the system; anybody else is told what to install.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../dev/children.ts";
import { Failure } from "../../dev/failure.ts";

export interface FoundRedis {
  readonly program: string;
  /** Folders of the libraries that came along; null: the system's own. */
  readonly libraries: string | null;
}

const FOLDER = path.join(projectRoot, ".data/redis");

export function findRedis(): FoundRedis {
  const installed: FoundRedis = { program: "redis-server", libraries: null };
  if (versionOf(installed) !== null) return installed;
  const before = unpacked();
  if (before !== null) return before;
  const asRoot = process.getuid?.() === 0;
  if (!asRoot || spawnSync("apt-get", ["--version"]).status !== 0) {
    throw new Failure("redis-server is not installed (Debian: apt-get install redis-server)");
  }
  fetchPackages();
  const fetched = unpacked();
  if (fetched === null) throw new Failure("redis-server is not installed, and Debian's packages of it do not run here");
  return fetched;
}

/** "Redis server v=7.0.15 …" → "7.0.15"; null where it does not run. */
export function versionOf({ program, libraries }: FoundRedis): string | null {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8", env: environmentFor(libraries) });
  return status === 0 ? (/v=(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? null) : null;
}

export function environmentFor(libraries: string | null): NodeJS.ProcessEnv {
  return libraries === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
}

function unpacked(): FoundRedis | null {
  const program = path.join(FOLDER, "root/usr/bin/redis-server");
  if (!existsSync(program)) return null;
  const usr = path.join(FOLDER, "root/usr/lib");
  const machines = existsSync(usr) ? readdirSync(usr).filter((name) => name.includes("-linux-")) : [];
  const found = { program, libraries: [usr, ...machines.map((name) => path.join(usr, name))].join(":") };
  return versionOf(found) === null ? null : found;
}

/** The packages and what they need of others, none of it installed. */
function fetchPackages(): void {
  const archives = path.join(FOLDER, "packages");
  mkdirSync(path.join(archives, "partial"), { recursive: true });
  const download = (): boolean =>
    spawnSync(
      "apt-get",
      [
        "install",
        "--yes",
        "--download-only",
        "--no-install-recommends",
        "-o",
        `Dir::Cache::archives=${archives}`,
        "redis-server",
      ],
      { stdio: "ignore" },
    ).status === 0;
  // The lists may be missing or old.
  if (!download() && (spawnSync("apt-get", ["update"], { stdio: "ignore" }).status !== 0 || !download())) {
    throw new Failure("redis-server is not installed, and Debian's package of it could not be fetched");
  }
  for (const name of readdirSync(archives).filter((one) => one.endsWith(".deb"))) {
    const { status } = spawnSync("dpkg-deb", ["-x", path.join(archives, name), path.join(FOLDER, "root")]);
    if (status !== 0) throw new Failure(`the package ${name} could not be unpacked`);
  }
}
