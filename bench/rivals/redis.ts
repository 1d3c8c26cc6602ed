/**
 * Holds in Redis: one script a hold, which the server runs as one. `appendfsync always` is the durable equal of a commit;
 * `everysec`, which may lose a second of holds, is what people run.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createClient } from "redis";
import { environmentFor, findRedis } from "./find-redis.ts";
import { HOLD_MS, onLines, type Rival } from "./rival.ts";

export type Fsync = "always" | "everysec";

/** Connections, and attempts in flight on each: as many as our batches have in flight together. */
export const CONNECTIONS = 4;
export const IN_FLIGHT = 200;
const READY_MS = 10_000;

/** All or nothing; a key for each seat that is held, which ends by itself. */
const HOLD = `
  for _, key in ipairs(KEYS) do if redis.call("EXISTS", key) == 1 then return 0 end end
  for _, key in ipairs(KEYS) do redis.call("SET", key, ARGV[1], "PX", ARGV[2]) end
  return 1`;

export async function withRedisRival<Result>(fsync: Fsync, work: (rival: Rival) => Promise<Result>): Promise<Result> {
  const { program, libraries } = findRedis();
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-redis-"));
  const parts = new AsyncDisposableStack();
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const socket = path.join(folder, "redis.sock");
    const settings = ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "yes"];
    const server = spawn(program, [...settings, "--appendfsync", fsync, "--daemonize", "no"], {
      stdio: "ignore",
      env: environmentFor(libraries),
    });
    parts.defer(() => ended(server));
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const client = createClient({ socket: { path: socket, tls: false, reconnectStrategy: reconnect } });
        // Until the server listens, connecting fails and is tried again; a failure later shows where it is asked.
        client.on("error", () => undefined);
        await client.connect();
        parts.defer(() => client.destroy());
        return client;
      }),
    );
    const [first] = clients;
    if (first === undefined) throw new Error("no connection");
    const sha = await first.scriptLoad(HOLD);
    const lines = clients.flatMap((client) =>
      Array.from(
        { length: IN_FLIGHT },
        () =>
          async ({ member, seats }: { member: number; seats: readonly number[] }) => {
            const keys = seats.map((seat) => `seat:${seat}`);
            return (await client.evalSha(sha, { keys, arguments: [String(member), String(HOLD_MS)] })) === 1;
          },
      ),
    );
    return await work({
      reset: async () => void (await first.flushAll()),
      run: (attempts) => onLines(lines, attempts),
      held: () => first.dbSize(),
    });
  } finally {
    await parts.disposeAsync();
  }
}

function reconnect(tries: number): number | Error {
  return tries * 20 > READY_MS / 10 ? new Error("the Redis server does not answer") : 20;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await gone;
}
