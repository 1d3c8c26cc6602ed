/** Korean texts about time left. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  days: params("{days}일 {hours}시간"),
  secondsLeft: params("{n}초 남았습니다."),
  minutesLeft: params("{n}분 남았습니다."),
  readersTime: params("내 시각 {time}"),
  over: "시간이 끝났습니다.",
};

export type Key = keyof typeof korean;

export const timeText = messages("time", korean, () => import("../en/time.ts"));
