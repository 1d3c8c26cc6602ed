/** A port nobody listens on at this moment. */
import { createServer } from "node:net";

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

/** Test files run side by side: each of vitest's workers looks in a range of its own. */
const RANGE = 2_500;
const workers = 10_000 / RANGE;
const range = 20_000 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % workers) * RANGE;

/**
 * The first of so many ports in a row that nobody listens on, below those the system hands out by itself, so that none of
 * them is taken between this look and their use.
 */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = range + Math.floor(Math.random() * (RANGE - count));
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
