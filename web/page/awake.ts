/** A screen that must not go dark by itself: a ticket held out at the door, the phone of whoever stands there. */
import { useEffect } from "preact/hooks";

/** Keeps the screen on while the page can be seen. The browser lets go of it with every look away. */
export function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      try {
        const got = await navigator.wakeLock.request("screen");
        if (ended) await got.release();
        else lock = got;
      } catch {
        // An old browser, or a battery that is low: the screen does what it always does.
      }
    };
    const again = (): void => void hold();
    document.addEventListener("visibilitychange", again);
    again();
    return () => {
      ended = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
}
