/** Mails about a transfer that the bank took back: it has to be made again, or the booking it paid for is over. */
import type { Language } from "./letter.ts";
import type { Template } from "./kinds.ts";

interface Transfer {
  readonly account: string;
  readonly amount: string;
  readonly until: string;
}

/** Said whenever a transfer is waited for: where it goes, how much, and until when. */
export const whereTo: Readonly<Record<Language, (transfer: Transfer) => readonly string[]>> = {
  ko: ({ account, amount, until }) => [`입금 계좌: ${account}`, `입금하실 금액: ${amount}`, `입금 기한: ${until}`],
  en: ({ account, amount, until }) => [`Account: ${account}`, `Amount: ${amount}`, `Pay by: ${until}`],
};

export const depositUndone: Template<"deposit-undone"> = {
  ko: ({ nickname, title, when, seats, amount, account, until, link }) => ({
    subject: `입금이 취소되어 다시 입금이 필요합니다: ${title}`,
    paragraphs: [
      `${nickname}님, 은행에서 입금을 되돌려 예매가 다시 입금 대기 상태가 되었습니다. 좌석은 그대로 잡아 두고 있습니다.`,
      title,
      `${when}\n${seats}`,
      ...whereTo.ko({ account, amount, until }),
    ],
    action: { label: "계좌 확인하기", url: link },
    remarks: [
      "기한까지 다시 입금되지 않으면 예매는 자동으로 취소됩니다.",
      "그때까지 이전에 받으신 티켓은 사용할 수 없습니다.",
    ],
  }),
  en: ({ nickname, title, when, seats, amount, account, until, link }) => ({
    subject: `Please transfer again: ${title}`,
    paragraphs: [
      `Hello ${nickname}, the bank has taken your transfer back. Your seats are still kept for you, and the booking waits for the money again.`,
      title,
      `${when}\n${seats}`,
      ...whereTo.en({ account, amount, until }),
    ],
    action: { label: "Show the account", url: link },
    remarks: [
      "If it has not arrived by then, the booking is cancelled automatically.",
      "Until it arrives the tickets you had are not valid.",
    ],
  }),
};

export const depositLost: Template<"deposit-lost"> = {
  ko: ({ nickname, title, when, seats, link }) => ({
    subject: `입금이 취소되어 예매가 끝났습니다: ${title}`,
    paragraphs: [
      `${nickname}님, 은행에서 입금을 되돌렸습니다. 남아 있는 금액이 없어 예매가 끝났습니다.`,
      title,
      `${when}\n${seats}`,
      "되돌려진 금액은 은행이 회원님의 계좌로 이미 돌려드렸으므로 따로 환불되지 않으며, 취소 수수료도 없습니다.",
    ],
    action: { label: "주문 보기", url: link },
    remarks: ["계좌는 닫혔습니다. 다시 입금하지 말아 주세요."],
  }),
  en: ({ nickname, title, when, seats, link }) => ({
    subject: `Your transfer was taken back and the booking has ended: ${title}`,
    paragraphs: [
      `Hello ${nickname}, the bank has taken your transfer back. Nothing of it is left, so the booking has ended.`,
      title,
      `${when}\n${seats}`,
      "The money is with your bank already: there is no refund from us, and no fee.",
    ],
    action: { label: "Show the order", url: link },
    remarks: ["The account is closed: please do not transfer anything to it again."],
  }),
};
