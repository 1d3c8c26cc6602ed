/** Korean texts of paying. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "결제",
  summary: "주문 내용",
  when: "일시",
  where: "장소",
  seats: "좌석",
  total: "결제 금액",
  paid: "결제 금액",
  free: "무료",
  payWithin: "결제 남은 시간",
  pay: params("{amount} 결제하기"),
  payFree: "무료로 받기",
  paying: "결제창을 여는 중…",
  checking: "결제를 확인하는 중입니다",
  checkingText: "결제사 확인이 끝나면 자동으로 바뀝니다. 창을 닫아도 결과는 주문 내역에 남습니다.",
  unfinished: "앞선 결제가 끝나지 않았습니다. 다시 결제할 수 있습니다.",
  cancelled: "결제창을 닫았습니다. 결제되지 않았습니다.",
  sdkFailed: "결제창을 불러오지 못했습니다. 잠시 후 다시 시도해 주세요.",
  declinedBefore: "앞선 결제가 거절되었습니다. 다른 카드로 다시 시도해 주세요.",
  expired: "결제 시간이 지났습니다",
  expiredText: "좌석은 풀렸고 결제되지 않았습니다.",
  notPayable: "결제할 수 없는 주문입니다",
  toOrder: "주문 보기",
  toOrders: "주문 내역",
  toShow: "공연으로",
  secure: "카드 정보는 결제사에만 전달됩니다.",
  missing: "어떤 주문인지 알 수 없는 주소입니다.",
  doneTitle: "예매가 완료되었습니다",
  doneText: "즐거운 관람 되세요.",
  orderNumber: "주문 번호",
  tickets: "티켓 보기",
  unclear: "결제 결과를 아직 확인하지 못했습니다.",
  unclearText: "다시 확인해도 두 번 결제되지 않습니다.",
  checkAgain: "다시 확인",
  failTitle: "결제되지 않았습니다",
  failCancelled: "결제를 취소하셨습니다.",
  failRejected: "카드사에서 결제를 거절했습니다. 한도와 카드 정보를 확인하거나 다른 카드를 이용해 주세요.",
  failAborted: "결제가 중간에 끊겼습니다.",
  failOther: "결제를 마치지 못했습니다.",
  failCode: params("코드 {code}"),
  seatsKept: "좌석은 아래 시간까지 그대로 있습니다.",
  payAgain: "다시 결제하기",
  soldBack: "결제한 금액이 있다면 자동으로 환불됩니다.",
  seatLine: params("{row}열 {seat}번"),
  gradeLine: params("{grade}석"),
};

export type Key = keyof typeof korean;

export const checkoutText = messages("checkout", korean, () => import("../en/checkout.ts"));
