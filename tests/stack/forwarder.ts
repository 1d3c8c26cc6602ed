/** A connection that can be made to hang: it is accepted, what is sent is taken, and no answer comes. */
import { connect, createServer, type Socket } from "node:net";

export interface Forwarder {
  readonly port: number;
  /** From now on nobody is answered, on new connections and on those there are. */
  hang(): void;
  /** New connections work again; those that hung are cut. */
  recover(): void;
  close(): Promise<void>;
}

export async function forwardTo(target: { readonly host: string; readonly port: number }): Promise<Forwarder> {
  let hanging = false;
  const pairs = new Set<readonly [near: Socket, far: Socket]>();
  const server = createServer((near) => {
    const far = connect(target);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk) => {
      if (!hanging) near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cut = (): void => {
    for (const [near] of pairs) near.destroy();
  };
  return {
    port: address.port,
    hang: () => void (hanging = true),
    recover: () => {
      hanging = false;
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
