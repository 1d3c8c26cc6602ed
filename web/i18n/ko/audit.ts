/** Korean words for what the log holds: one for each action, named as the log names it. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  requested: params("{what} 요청"),
  "performance.created": "공연을 만듦",
  "performance.changed": "공연을 고침",
  "performance.published": "공연을 공개함",
  "performance.discarded": "초안을 지움",
  "performance.rehearsed": "리허설을 함",
  "performance.emptied": "끝난 예매를 정리함",
  "schedule.created": "회차를 더함",
  "schedule.removed": "회차를 뺌",
  "orders.exported": "주문을 내려받음",
  "order.refund-requested": "환불을 요청함",
  "reconciler.repaired": "장부의 어긋남을 바로잡음",
  pause: "예매를 멈춤",
  resume: "예매를 다시 시작함",
  close: "예매를 끝냄",
  limits: "입장 속도를 바꿈",
  notice: "안내문을 바꿈",
  revoke: "한 사람의 입장을 취소함",
  "revoke-all": "모두 내보냄",
  invite: "우선 줄에 초대함",
  block: "좌석을 막음",
  unblock: "막은 좌석을 풂",
  grant: "막은 좌석을 코드로 엶",
  "release-accessible": "휠체어석을 누구나 살 수 있게 함",
  "change-chart": "좌석도를 바꿈",
  "cancel-order": "주문을 되돌림",
  "move-date": "회차를 옮김",
  "cancel-date": "회차를 취소함",
  "make-codes": "선예매 코드를 만듦",
  "void-codes": "선예매 코드를 없앰",
  "set-verifier": "확인할 곳을 정함",
  "lanes-counted": "줄마다 들어온 사람을 셈",
};

export type Key = keyof typeof korean;

export const auditText = messages("audit", korean, () => import("../en/audit.ts"));
