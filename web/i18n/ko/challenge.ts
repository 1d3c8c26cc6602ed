/** Korean texts of the challenge that tells people from programs. */
import { messages } from "../language.ts";

const korean = {
  title: "잠시 확인해 주세요",
  why: "자동 프로그램이 아닌 사람인지 확인합니다.",
  failed: "확인하지 못했습니다.",
  again: "다시 시도",
};

export type Key = keyof typeof korean;

export const challengeText = messages("challenge", korean, () => import("../en/challenge.ts"));
