/** Which ports a stack takes, and whether they are free: found out before anything is started. */
import { createServer } from "node:net";
import { Failure } from "./failure.ts";

export interface Ports {
  readonly worker: number;
  readonly neonEndpoint: number;
  readonly toss: number;
  readonly postgres: number;
  readonly beacon: number;
  readonly inbox: number;
  readonly stripe: number;
}

/** How many ports in a row a stack takes. */
export const PORTS = 7;

/** The highest port of the pages that leaves room for the others behind it. */
export const PORT_MAX = 65_535 - (PORTS - 1);

export function portsFrom(first: number): Ports {
  return {
    worker: first,
    neonEndpoint: first + 1,
    toss: first + 2,
    postgres: first + 3,
    beacon: first + 4,
    inbox: first + 5,
    stripe: first + 6,
  };
}

export async function requireFree(needed: readonly (readonly [name: string, port: number])[]): Promise<void> {
  for (const [name, port] of needed) {
    if (!(await isFree(port))) {
      throw new Failure(
        `Port ${port}, needed for ${name}, is in use by another program: stop that program, or choose other ports with --port.`,
      );
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
