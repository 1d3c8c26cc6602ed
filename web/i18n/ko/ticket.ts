/** Korean texts of the ticket page. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "티켓",
  back: "주문 상세",
  print: "인쇄하기",
  missing: "어떤 주문의 티켓인지 알 수 없는 주소입니다.",
  none: "아직 티켓이 없습니다. 잠시 후 다시 확인해 주세요.",
  when: "일시",
  where: "장소",
  grade: "등급",
  orderNumber: "주문 번호",
  seatLine: params("{row}열 {seat}번"),
  qr: "입장 QR 코드",
  code: "입장 코드",
  hint: "입구에서 이 QR 코드를 보여 주세요. 한 번만 입장할 수 있으니 다른 사람에게 보여 주지 마세요.",
  cancelled: "취소된 티켓입니다.",
  reissue: "새로 발급하기",
  reissued: "티켓을 새로 발급했습니다.",
  reissueTitle: "티켓을 새로 발급할까요?",
  reissueText: "지금까지의 QR 코드와 인쇄물로는 입장할 수 없게 됩니다.",
  keep: "그대로 두기",
};

export type Key = keyof typeof korean;

export const ticketText = messages("ticket", korean, () => import("../en/ticket.ts"));
