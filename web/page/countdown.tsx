/** A live deadline: seen every second (more than a day away: days and hours), spoken only at a few marks. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { timeText } from "../i18n/ko/time.ts";
import { clockText, timeLeft } from "../time/countdown.ts";
import { crossedMark } from "../time/spoken-marks.ts";
import { useNow } from "./now.ts";
import { speak } from "./speak.ts";

interface Props {
  readonly to: number;
  readonly label: string;
  readonly spoken?: boolean;
  readonly onEnd?: () => void;
}

export function Countdown({ to, label, spoken = false, onEnd }: Props): JSX.Element {
  const t = useStore(timeText);
  const now = useNow();
  const left = Math.max(0, to - now);
  const before = useRef(left);
  const ended = useRef<number | null>(null);
  useEffect(() => {
    const mark = crossedMark(before.current, left);
    before.current = left;
    if (spoken && mark !== null) {
      const words = mark > 60 ? t.minutesLeft({ n: mark / 60 }) : t.secondsLeft({ n: mark });
      speak(`${label}: ${words}`);
    }
    if (left === 0 && ended.current !== to) {
      ended.current = to;
      onEnd?.();
    }
  });
  const parts = timeLeft(left);
  return (
    <span class={left < 60_000 ? "countdown urgent" : "countdown"}>
      <span class="countdown-label">{label}</span>
      <time role="timer" aria-live="off" class="countdown-clock">
        {parts.days > 0 ? t.days({ days: parts.days, hours: parts.hours }) : clockText(parts)}
      </time>
    </span>
  );
}
