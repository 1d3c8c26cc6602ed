/** Korean texts of a performance's page. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  back: "공연 목록",
  venue: "장소",
  period: "기간",
  runTime: "관람 시간",
  minutes: params("{n}분"),
  age: "관람 등급",
  limit: "1인 최대",
  seats: params("{n}매"),
  about: "공연 소개",
  prices: "등급과 가격",
  schedules: "회차",
  allDates: "모든 회차 보기",
  noSchedules: "아직 등록된 회차가 없습니다.",
  seatCount: params("{n}석"),
  join: "대기열 입장",
  soldoutHint: "매진되었습니다. 취소된 좌석이 나오면 줄 선 순서대로 알려 드립니다.",
  free: "무료",
  dateCancelled: "취소된 회차",
  joinHint: "대기열은 한 사람에 한 자리입니다. 여러 창을 열어도 순번은 같습니다.",
  joinSoon: params("대기열은 {time}에 열립니다. 지금 들어가면 열릴 때 자동으로 접수됩니다."),
  ended: "예매가 끝난 공연입니다.",
  how: "순서는 어떻게 정해지나요?",
  codeNeeded: "선예매 코드가 있어야 줄을 설 수 있습니다.",
  verifierNeeded: "주최자의 본인 확인을 거쳐야 줄을 설 수 있습니다.",
  loginFirst: "로그인 후 입장합니다.",
  missing: "어떤 공연인지 알 수 없는 주소입니다.",
};

export type Key = keyof typeof korean;

export const performanceText = messages("performance", korean, () => import("../en/performance.ts"));
