/** Time left, for eyes ("1:02:03") and as parts for words. */
export interface TimeLeft {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Rounded up to whole seconds, so that zero is shown only when the time is over. */
export function timeLeft(ms: number): TimeLeft {
  const total = Math.max(0, Math.ceil(ms / 1000));
  return {
    days: Math.floor(total / 86_400),
    hours: Math.floor(total / 3600) % 24,
    minutes: Math.floor(total / 60) % 60,
    seconds: total % 60,
  };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "2:03", "1:02:03"; days are said in words by the caller. */
export function clockText({ hours, minutes, seconds, days }: TimeLeft): string {
  if (days > 0 || hours > 0) return `${days > 0 ? two(hours) : hours}:${two(minutes)}:${two(seconds)}`;
  return `${minutes}:${two(seconds)}`;
}
