/** Korean texts of the door. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "입장 확인",
  choosePerformance: "공연을 선택해 주세요.",
  chooseDate: "회차를 선택해 주세요.",
  none: "공개된 공연이 없습니다.",
  ready: "티켓을 보여 주세요",
  admitted: "입장",
  "already-used": "이미 사용한 티켓",
  cancelled: "취소된 티켓",
  reissued: "다시 발급되어 무효인 티켓",
  "other-performance": "다른 공연의 티켓",
  "other-date": "다른 회차의 티켓",
  "not-a-ticket": "티켓이 아닙니다",
  "scan-reused": "다시 확인해 주세요",
  firstUse: params("{at}에 입장했습니다"),
  byList: "연결이 없어 목록으로 확인했습니다",
  seatLine: params("{row}열 {seat}번"),
  count: params("{valid}명 중 {admitted}명 입장"),
  camera: "카메라 화면",
  cameraOn: "카메라 켜기",
  cameraOff: "카메라 끄기",
  noCamera: "카메라를 사용할 수 없습니다. 브라우저 설정에서 허용하거나 코드를 입력해 주세요.",
  code: "입장 코드",
  check: "확인",
  offlineTitle: "연결이 끊길 때",
  offlineNone: "목록을 받아 두면 인터넷 없이도 입장을 확인할 수 있습니다.",
  offlineHave: params("{n}장의 목록이 있습니다 ({at} 기준)."),
  takeList: "목록 받기",
  listBad: "목록의 서명이 올바르지 않습니다.",
  noList: "연결이 없고 받아 둔 목록도 없어 확인할 수 없습니다.",
  notKept: "이 브라우저에 기록할 수 없어 확인하지 못했습니다.",
  waiting: params("아직 보내지 않은 기록 {n}건. 연결되면 자동으로 보냅니다."),
  conflicts: params("확인이 필요한 입장 {n}건"),
  conflictsText: "연결 없이 입장시켰지만 그래서는 안 되었던 티켓입니다.",
};

export type Key = keyof typeof korean;

export const doorText = messages("door", korean, () => import("../en/door.ts"));
