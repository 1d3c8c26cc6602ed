/** One timer for everything that counts seconds, aligned to whole seconds of the server's clock. */
import { serverNow } from "./clock.ts";

type Listener = (now: number) => void;

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setTimeout> | undefined;

function schedule(): void {
  timer = setTimeout(tick, 1000 - (serverNow() % 1000) + 5);
}

function tick(): void {
  const now = serverNow();
  for (const listener of listeners) listener(now);
  schedule();
}

/** Calls `listener` once a second until the returned function is called. */
export function everySecond(listener: Listener): () => void {
  listeners.add(listener);
  if (timer === undefined) schedule();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
  };
}
