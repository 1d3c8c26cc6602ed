/** The server's time, once a second. */
import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../time/clock.ts";
import { everySecond } from "../time/ticker.ts";

export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => everySecond(setNow), []);
  return now;
}

/** The page's title follows the content and the language. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · TicketPing`;
  }, [title]);
}
