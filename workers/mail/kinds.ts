/** Every kind of mail there is: what it needs to know, and what it says in either language. */
import type { Language, Letter } from "./letter.ts";
import { seatsCancelled, seatsGivenBack, showCancelled, showMoved } from "./show-changes.ts";
import { depositLost, depositUndone, whereTo } from "./taken-back.ts";

/** The values of each kind. Links are whole web addresses. */
export interface MailKinds {
  readonly "verify-email": { readonly nickname: string; readonly link: string; readonly hours: number };
  readonly "reset-password": { readonly nickname: string; readonly link: string; readonly minutes: number };
  readonly "password-changed": { readonly nickname: string; readonly link: string };
  readonly withdrawn: { readonly nickname: string };
  readonly "order-confirmed": OrderValues;
  readonly "order-cancelled": OrderValues;
  readonly "deposit-due": OrderValues;
  readonly "deposit-undone": OrderValues;
  readonly "deposit-lost": OrderValues;
  readonly "show-moved": OrderValues & { readonly before: string; readonly freeUntil: string };
  readonly "show-cancelled": OrderValues;
  readonly "seats-cancelled": SeatsValues;
  readonly "seats-given-back": SeatsValues;
  readonly "refund-account": OrderValues;
  readonly invitation: {
    readonly organisation: string;
    readonly role: "owner" | "editor" | "door";
    readonly link: string;
    readonly days: number;
  };
  readonly "organisation-decided": {
    readonly organisation: string;
    readonly status: "approved" | "rejected" | "suspended";
    readonly link: string;
  };
}

/** An order in words: see order.ts. */
interface OrderValues {
  /** Said at the end of every mail about an order. */
  readonly orderNumber: string;
  readonly nickname: string;
  readonly title: string;
  readonly when: string;
  readonly hall: string;
  readonly seats: string;
  readonly amount: string;
  readonly refunded: string;
  /** What was kept of the price of all that was cancelled; empty where nothing was. */
  readonly fee: string;
  readonly until: string;
  /** Where a transfer goes; empty where there is none. */
  readonly account: string;
  readonly link: string;
}

/** `gone` and `kept`: seats in words; `kept` is empty where none is left any more. Refund and fee are of those gone, and always said. */
type SeatsValues = OrderValues & { readonly gone: string; readonly kept: string };

export type MailKind = keyof MailKinds;

/** What a kind says, in either language. */
export type Template<Kind extends MailKind> = Readonly<Record<Language, (values: MailKinds[Kind]) => Letter>>;

type Templates = { readonly [Kind in MailKind]: Template<Kind> };

const templates: Templates = {
  "verify-email": {
    ko: ({ nickname, link, hours }) => ({
      subject: "이메일 주소를 확인해 주세요",
      paragraphs: [`${nickname}님, 안녕하세요.`, "TicketPing에 가입하신 이메일 주소가 맞는지 확인해 주세요."],
      action: { label: "이메일 확인하기", url: link },
      remarks: [
        `이 링크는 ${hours}시간 동안 한 번만 쓸 수 있습니다.`,
        "가입하신 적이 없다면 이 메일을 무시하셔도 됩니다.",
      ],
    }),
    en: ({ nickname, link, hours }) => ({
      subject: "Please confirm your e-mail address",
      paragraphs: [`Hello ${nickname},`, "Please confirm that you signed up to TicketPing with this address."],
      action: { label: "Confirm the address", url: link },
      remarks: [
        `The link works once, within ${hours} hours.`,
        "If you did not sign up, you can ignore this mail: nothing happens without the link.",
      ],
    }),
  },
  "reset-password": {
    ko: ({ nickname, link, minutes }) => ({
      subject: "비밀번호 재설정",
      paragraphs: [`${nickname}님, 안녕하세요.`, "비밀번호를 다시 정하려면 아래 링크를 열어 주세요."],
      action: { label: "새 비밀번호 정하기", url: link },
      remarks: [
        `이 링크는 ${minutes}분 동안 한 번만 쓸 수 있습니다. 새 비밀번호를 정하면 모든 기기에서 로그아웃됩니다.`,
        "요청하신 적이 없다면 이 메일을 무시하세요. 비밀번호는 그대로입니다.",
      ],
    }),
    en: ({ nickname, link, minutes }) => ({
      subject: "Choose a new password",
      paragraphs: [`Hello ${nickname},`, "Open this link to choose a new password."],
      action: { label: "Choose a new password", url: link },
      remarks: [
        `The link works once, within ${minutes} minutes. A new password signs you out on all devices.`,
        "If you did not ask for this, ignore this mail: your password stays as it is.",
      ],
    }),
  },
  "password-changed": {
    ko: ({ nickname, link }) => ({
      subject: "비밀번호가 바뀌었습니다",
      paragraphs: [`${nickname}님, 안녕하세요.`, "TicketPing 비밀번호가 바뀌었고, 다른 기기에서는 로그아웃되었습니다."],
      action: { label: "내가 바꾸지 않았어요", url: link },
      remarks: ["직접 바꾸셨다면 하실 일이 없습니다. 아니라면 위 링크에서 바로 새 비밀번호를 정해 주세요."],
    }),
    en: ({ nickname, link }) => ({
      subject: "Your password was changed",
      paragraphs: [
        `Hello ${nickname},`,
        "Your TicketPing password was changed, and your other devices were signed out.",
      ],
      action: { label: "It was not me", url: link },
      remarks: ["If it was you, there is nothing to do. If not, choose a new password with the link above at once."],
    }),
  },
  withdrawn: {
    ko: ({ nickname }) => ({
      subject: "탈퇴가 완료되었습니다",
      paragraphs: [`${nickname}님, 그동안 감사했습니다.`, "계정과 개인정보를 지웠습니다."],
      remarks: ["법에 따라 보관하는 거래 기록에는 이름도 이메일도 남지 않습니다."],
    }),
    en: ({ nickname }) => ({
      subject: "Your account is gone",
      paragraphs: [`Goodbye ${nickname}, and thank you.`, "Your account and your personal data have been erased."],
      remarks: ["The records that the law requires us to keep contain neither your name nor your e-mail address."],
    }),
  },
  "order-confirmed": {
    ko: ({ nickname, title, when, hall, seats, amount, link }) => ({
      subject: `예매가 완료되었습니다: ${title}`,
      paragraphs: [
        `${nickname}님, 예매해 주셔서 감사합니다.`,
        title,
        `${when}\n${hall}\n${seats}`,
        `결제 금액: ${amount}`,
      ],
      action: { label: "티켓 보기", url: link },
      remarks: ["공연 당일 입구에서 티켓의 QR 코드를 보여 주세요."],
    }),
    en: ({ nickname, title, when, hall, seats, amount, link }) => ({
      subject: `Your booking: ${title}`,
      paragraphs: [`Hello ${nickname}, thank you for booking.`, title, `${when}\n${hall}\n${seats}`, `Paid: ${amount}`],
      action: { label: "Show the tickets", url: link },
      remarks: ["Show the QR code of your ticket at the door."],
    }),
  },
  "order-cancelled": {
    ko: ({ nickname, title, when, seats, refunded, fee, link }) => ({
      subject: `예매가 취소되었습니다: ${title}`,
      paragraphs: [
        `${nickname}님, 다음 예매가 취소되었습니다.`,
        title,
        `${when}\n${seats}`,
        `환불 금액: ${refunded}`,
        ...(fee === "" ? [] : [`취소 수수료: ${fee}`]),
      ],
      action: { label: "주문 보기", url: link },
      remarks: ["환불이 결제 수단에 표시되기까지 며칠 걸릴 수 있습니다."],
    }),
    en: ({ nickname, title, when, seats, refunded, fee, link }) => ({
      subject: `Cancelled: ${title}`,
      paragraphs: [
        `Hello ${nickname}, this booking has been cancelled.`,
        title,
        `${when}\n${seats}`,
        `Refund: ${refunded}`,
        ...(fee === "" ? [] : [`Fee: ${fee}`]),
      ],
      action: { label: "Show the order", url: link },
      remarks: ["It can take a few days until your bank shows the refund."],
    }),
  },
  "deposit-due": {
    ko: ({ nickname, title, when, seats, amount, account, until, link }) => ({
      subject: `입금을 기다리고 있습니다: ${title}`,
      paragraphs: [
        `${nickname}님, 입금이 확인되면 예매가 완료됩니다.`,
        title,
        `${when}\n${seats}`,
        ...whereTo.ko({ account, amount, until }),
      ],
      action: { label: "계좌 확인하기", url: link },
      remarks: ["기한까지 입금되지 않으면 예매는 자동으로 취소됩니다."],
    }),
    en: ({ nickname, title, when, seats, amount, account, until, link }) => ({
      subject: `Waiting for your bank transfer: ${title}`,
      paragraphs: [
        `Hello ${nickname}, your booking is complete once your transfer has arrived.`,
        title,
        `${when}\n${seats}`,
        ...whereTo.en({ account, amount, until }),
      ],
      action: { label: "Show the account", url: link },
      remarks: ["If it has not arrived by then, the booking is cancelled automatically."],
    }),
  },
  "deposit-undone": depositUndone,
  "deposit-lost": depositLost,
  "show-moved": showMoved,
  "show-cancelled": showCancelled,
  "seats-cancelled": seatsCancelled,
  "seats-given-back": seatsGivenBack,
  "refund-account": {
    ko: ({ nickname, title, when, refunded, link }) => ({
      subject: `환불받을 계좌를 알려 주세요: ${title}`,
      paragraphs: [
        `${nickname}님, 입금하신 금액을 돌려드리려고 합니다.`,
        title,
        when,
        `환불 금액: ${refunded}`,
        "무통장 입금은 어느 계좌로 돌려드릴지 저희가 알 수 없습니다. 주문 화면에서 환불 계좌를 입력해 주세요.",
      ],
      action: { label: "환불 계좌 입력하기", url: link },
      remarks: ["계좌 정보는 환불에만 쓰이고, 메일로는 묻지 않습니다."],
    }),
    en: ({ nickname, title, when, refunded, link }) => ({
      subject: `Where should your money go back to? ${title}`,
      paragraphs: [
        `Hello ${nickname}, what you transferred for this booking is to go back to you.`,
        title,
        when,
        `Refund: ${refunded}`,
        "We cannot know which account a bank transfer came from. Please enter one on the page of your order.",
      ],
      action: { label: "Enter a bank account", url: link },
      remarks: ["The account is used for this refund only; we never ask for it by mail."],
    }),
  },
  invitation: {
    ko: ({ organisation, role, link, days }) => ({
      subject: `${organisation}에서 초대했습니다`,
      paragraphs: [`${organisation}에서 ${parts.ko[role]}로 함께해 달라고 초대했습니다.`],
      action: { label: "초대 열기", url: link },
      remarks: [`이 주소로 가입한 뒤 ${days}일 안에 열어 주세요. 모르는 초대라면 무시하셔도 됩니다.`],
    }),
    en: ({ organisation, role, link, days }) => ({
      subject: `An invitation from ${organisation}`,
      paragraphs: [`${organisation} invites you to join them on TicketPing as ${parts.en[role]}.`],
      action: { label: "Open the invitation", url: link },
      remarks: [
        `Sign up or sign in with this address within ${days} days. If you were not expecting this, you can ignore it.`,
      ],
    }),
  },
  "organisation-decided": {
    ko: ({ organisation, status, link }) => ({
      subject: `${organisation}: ${decisions.ko[status]}`,
      paragraphs: [`신청하신 단체(${organisation})의 ${decisions.ko[status]}.`],
      action: { label: "단체 보기", url: link },
      remarks: [],
    }),
    en: ({ organisation, status, link }) => ({
      subject: `${organisation} ${decisions.en[status]}`,
      paragraphs: [`Your organisation ${organisation} ${decisions.en[status]}.`],
      action: { label: "See the organisation", url: link },
      remarks: [],
    }),
  },
};

const parts = {
  ko: { owner: "소유자", editor: "편집자", door: "입장 담당자" },
  en: { owner: "an owner", editor: "an editor", door: "door staff" },
} as const;
const decisions = {
  ko: { approved: "이용이 승인되었습니다", rejected: "이용이 승인되지 않았습니다", suspended: "이용이 정지되었습니다" },
  en: { approved: "was approved", rejected: "was not approved", suspended: "was suspended" },
} as const;

export function letterOf<Kind extends MailKind>(kind: Kind, language: Language, values: MailKinds[Kind]): Letter {
  const letter = templates[kind][language](values);
  const { orderNumber } = values as Partial<OrderValues>;
  if (orderNumber === undefined) return letter;
  const words = { ko: `주문 번호: ${orderNumber}`, en: `Order number: ${orderNumber}` };
  return { ...letter, remarks: [...letter.remarks, words[language]] };
}
