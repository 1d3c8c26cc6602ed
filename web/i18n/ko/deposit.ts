/** Korean texts of paying by bank transfer, and of being paid back. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "입금을 기다리고 있습니다",
  text: "아래 계좌로 입금하시면 예매가 완료됩니다. 다른 사람 이름으로 보내도 됩니다.",
  bank: "은행",
  number: "계좌번호",
  holder: "예금주",
  amount: "입금하실 금액",
  until: "입금 기한",
  left: "입금까지 남은 시간",
  over: "입금 기한이 지났습니다. 입금되었는지 확인하는 중입니다.",
  after: "기한까지 정확한 금액이 입금되지 않으면 예매는 자동으로 취소됩니다.",
  copy: "계좌번호 복사",
  copied: "복사했습니다",
  accountTitle: "환불받을 계좌를 알려 주세요",
  accountText: params("입금하신 {amount}을 돌려드리려면 계좌가 필요합니다."),
  accountRefused: "은행에서 이 계좌로 보낼 수 없다고 합니다. 다시 확인해 주세요.",
  accountHint: "환불에만 쓰이고, 환불이 끝나면 바로 지워집니다.",
  refundBank: "환불 은행",
  chooseBank: "은행을 고르세요",
  refundNumber: "환불 계좌번호",
  numberHint: "하이픈(-)은 넣어도, 빼도 됩니다.",
  refundHolder: "예금주 이름",
  send: "이 계좌로 환불받기",
  sending: "보내는 중…",
  thanks: "환불 계좌를 받았습니다.",
  bankMissing: "은행을 골라 주세요.",
  numberWrong: "숫자 6자리에서 20자리로 입력해 주세요.",
  holderMissing: "예금주 이름을 입력해 주세요.",
};

export type Key = keyof typeof korean;

export const depositText = messages("deposit", korean, () => import("../en/deposit.ts"));
