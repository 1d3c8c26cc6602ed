/** Korean texts of orders and tickets. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "주문 내역",
  empty: "아직 주문이 없습니다.",
  browse: "공연 보러 가기",
  more: "더 보기",
  pending: "결제 대기",
  paying: "결제 확인 중",
  "awaiting-deposit": "입금 대기",
  paid: "결제 완료",
  expired: "시간 초과",
  failed: "결제 실패",
  cancelling: "취소 처리 중",
  cancelled: "취소 완료",
  payNow: "결제 계속하기",
  payWithin: "결제 남은 시간",
  detail: "주문 상세",
  number: "주문 번호",
  placedAt: "주문 시각",
  when: "일시",
  where: "장소",
  seats: "좌석",
  amount: "금액",
  seatCount: params("{n}석"),
  tickets: "티켓",
  ticketsSoon: "티켓을 준비하고 있습니다. 잠시 후 다시 확인해 주세요.",
  showTicket: "티켓 보기",
  printTickets: "모든 티켓 인쇄하기",
  receipt: "영수증",
  cancel: "주문 취소",
  cancelTitle: "이 주문을 취소할까요?",
  cancelText: "좌석이 풀리고 결제한 금액은 환불됩니다. 되돌릴 수 없습니다.",
  cancelUnpaidText: "좌석이 풀립니다. 되돌릴 수 없습니다.",
  keep: "그대로 두기",
  confirmCancel: "취소하기",
  cancellingNow: "취소하는 중…",
  refunds: "환불",
  refunded: params("{amount} 환불 완료"),
  refunding: params("{amount} 환불 처리 중"),
  back: "주문 내역",
  missing: "어떤 주문인지 알 수 없는 주소입니다.",
  seatLine: params("{row}열 {seat}번"),
  gradeLine: params("{grade}석"),
};

export type Key = keyof typeof korean;

export const ordersText = messages("orders", korean, () => import("../en/orders.ts"));
