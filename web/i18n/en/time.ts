/** English texts about time left. */
import type { Key } from "../ko/time.ts";

const english: Record<Key, string> = {
  days: "{days} d {hours} h",
  secondsLeft: "{n} seconds left.",
  minutesLeft: "{n} minutes left.",
  readersTime: "{time} your time",
  over: "Time is up.",
};

export default english;
