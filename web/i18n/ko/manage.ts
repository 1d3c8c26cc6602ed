/** Korean texts of what an organiser does to seats and orders on the day of the sale. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  byGrade: "등급별로 보기",
  soldOf: params("{grade} {sold} / {total}석"),
  // 막은 좌석
  blocks: "막은 좌석",
  blocksLead:
    "그림에서 좌석을 누르거나 둘러싸서 고릅니다. 줄 이름으로도 고를 수 있습니다. 막은 좌석은 판매하지 않습니다.",
  noBlocks: "막은 좌석이 없습니다.",
  section: "구역",
  row: "줄",
  pickRow: "이 줄 고르기",
  picked: params("{n}석을 골랐습니다."),
  clearPicked: "고른 좌석 비우기",
  zoneCount: params("{zone} 인원"),
  reason: "사유",
  blockReasonHint: "예: 음향 콘솔, 초대석. 기록에 남습니다.",
  block: "판매에서 빼기",
  blockCount: params("{n}석 · 선점 또는 판매 {taken}석"),
  grantedToNobody: "아무도 살 수 없습니다.",
  grantedTo: params("{channel}: 코드를 가진 사람만 살 수 있습니다."),
  grant: "코드로 열기",
  grantGo: "이 코드로 열기",
  withdrawGrant: "코드 거두기",
  channel: "누구에게",
  code: "코드",
  codeHint: "8자 이상. 다시 볼 수 없으니 지금 적어 두세요.",
  releaseAll: "모두 판매하기",
  releaseSome: params("고른 {n}석 판매하기"),
  // 회차
  dateCancelled: "취소된 회차",
  changeDate: "이 회차 취소하거나 옮기기",
  cancelDate: "회차 취소",
  cancelDateTitle: "이 회차를 취소할까요?",
  cancelDateText: params("{date} 회차를 더 팔지 않고, 모든 주문을 수수료 없이 전액 돌려줍니다. 되돌릴 수 없습니다."),
  cancelReason: "취소 사유",
  moveDate: "회차 옮기기",
  newTime: "새 시각",
  freeUntil: "수수료 없이 취소할 수 있는 마지막 시각",
  moveDateHint: "주문은 같은 좌석으로 새 시각에 유지됩니다. 공연장 시각으로 적어 주세요.",
  timeWrong: "날짜와 시각을 확인해 주세요.",
  moveDateTitle: "이 회차를 옮길까요?",
  moveDateText: params("{from} → {to}. {until}까지 수수료 없이 취소할 수 있습니다. 구매한 모두에게 알립니다."),
  keep: "그대로 두기",
  dateCancelledNow: "취소했습니다. 주문은 차례로 돌려줍니다.",
  dateMovedNow: "옮겼습니다.",
  // 환불
  giveBack: "환불",
  giveBackWhich: "돌려줄 좌석",
  giveBackReason: "사유",
  giveBackFee: "수수료",
  noFee: "없음",
  giveBackAmount: "돌려줄 금액",
  giveBackUnpaid: "결제하지 않은 주문입니다. 취소하면 좌석이 바로 풀립니다.",
  giveBackGo: params("{amount} 돌려주기"),
  giveBackCancel: "주문 취소",
  giveBackTitle: "이 주문을 돌려줄까요?",
  giveBackText: params("{who}에게 수수료 없이 {amount}을 돌려줍니다. 좌석은 다시 판매됩니다. 되돌릴 수 없습니다."),
  giveBackUnpaidText: params("{who}의 결제하지 않은 주문을 취소합니다."),
  givenBack: "환불을 시작했습니다. 목록에는 잠시 뒤에 나타납니다.",
  alreadyBack: "이미 돌려줌",
};

export type Key = keyof typeof korean;

export const manageText = messages("manage", korean, () => import("../en/manage.ts"));
