/**
 * Mails about what became of something booked: the show was moved (keep the seats or give them back) or called off, or some of
 * the seats of an order that stays are gone, because the organiser took them out or the buyer gave them back.
 */
import type { MailKinds, Template } from "./kinds.ts";
import { moneyWords, orderMail, seatWords, whenWords, type OrderFacts } from "./order.ts";

type ShowKind = "show-moved" | "show-cancelled";

interface ChangedOrder extends OrderFacts {
  readonly moved: { readonly from: number; readonly freeUntil: number } | null;
}

export function showMail(
  kind: ShowKind,
  order: ChangedOrder,
  to: { readonly nickname: string; readonly language: "ko" | "en" },
  origin: string,
): { readonly kind: ShowKind; readonly values: MailKinds["show-moved"] } {
  const { values } = orderMail("order-cancelled", order, to, origin);
  const when = (at: number): string => whenWords(at, order.timeZone, to.language);
  const { from = order.startsAt, freeUntil = 0 } = order.moved ?? {};
  return { kind, values: { ...values, before: when(from), freeUntil: when(freeUntil) } };
}

interface ReducedOrder extends OrderFacts {
  readonly seats: readonly (OrderFacts["seats"][number] & { readonly id: string })[];
  readonly refunds: readonly (OrderFacts["refunds"][number] & { readonly number: number })[];
  readonly cancellations: readonly {
    readonly number: number;
    readonly by: "member" | "organiser";
    readonly seats: readonly string[];
    readonly fee: number;
    readonly refund: number | null;
  }[];
}

type SeatsKind = "seats-cancelled" | "seats-given-back";
interface SeatsMail {
  readonly kind: SeatsKind;
  readonly values: MailKinds[SeatsKind];
}

/** Of the seats that went with this cancellation, and the money for them alone. Null: the order has no such cancellation. */
export function seatsMail(
  number: number | null,
  order: ReducedOrder,
  to: { readonly nickname: string; readonly language: "ko" | "en" },
  origin: string,
): SeatsMail | null {
  const told = order.cancellations.find((one) => one.number === number);
  if (told === undefined) return null;
  const { values } = orderMail("order-cancelled", order, to, origin);
  const cancelled = new Set(order.cancellations.flatMap(({ seats }) => seats));
  const refund = order.refunds.find((one) => one.number === told.refund && one.status !== "void");
  const words = (which: (id: string) => boolean): string =>
    seatWords(
      order.seats.filter(({ id }) => which(id)),
      to.language,
    );
  return {
    kind: told.by === "member" ? "seats-given-back" : "seats-cancelled",
    values: {
      ...values,
      gone: words((id) => told.seats.includes(id)),
      kept: words((id) => !cancelled.has(id)),
      refunded: moneyWords(refund?.amount ?? 0, order.currency, to.language),
      fee: moneyWords(told.fee, order.currency, to.language),
    },
  };
}

export const showMoved: Template<"show-moved"> = {
  ko: ({ nickname, title, before, when, hall, seats, freeUntil, link }) => ({
    subject: `공연 일정이 바뀌었습니다: ${title}`,
    paragraphs: [
      `${nickname}님, 예매하신 공연의 일정이 바뀌었습니다.`,
      title,
      `변경 전: ${before}\n변경 후: ${when}\n${hall}\n${seats}`,
      "그대로 관람하시려면 하실 일이 없습니다. 좌석은 그대로이고, 새 일정의 티켓이 발급되었습니다.",
      `관람이 어려우시면 ${freeUntil}까지 수수료 없이 전액 환불받으실 수 있습니다.`,
    ],
    action: { label: "유지하거나 환불받기", url: link },
    remarks: ["전에 받거나 인쇄하신 티켓은 더 이상 쓸 수 없습니다. 입장할 때는 새 티켓의 QR 코드를 보여 주세요."],
  }),
  en: ({ nickname, title, before, when, hall, seats, freeUntil, link }) => ({
    subject: `Moved to another time: ${title}`,
    paragraphs: [
      `Hello ${nickname}, a show you have booked has been moved.`,
      title,
      `Before: ${before}\nNow: ${when}\n${hall}\n${seats}`,
      "To keep your seats there is nothing to do: they stay yours, and new tickets have been issued.",
      `If the new time does not suit you, you can get a full refund until ${freeUntil}.`,
    ],
    action: { label: "Keep them or get a refund", url: link },
    remarks: ["Tickets you saved or printed before are no longer valid. Show the QR code of the new one at the door."],
  }),
};

export const showCancelled: Template<"show-cancelled"> = {
  ko: ({ nickname, title, when, seats, refunded, link }) => ({
    subject: `주최 측에서 취소했습니다: ${title}`,
    paragraphs: [
      `${nickname}님, 예매하신 공연을 주최 측에서 취소했습니다. 불편을 드려 죄송합니다.`,
      title,
      `${when}\n${seats}`,
      `환불 금액: ${refunded}`,
    ],
    action: { label: "주문 보기", url: link },
    remarks: [
      "수수료 없이 전액 환불되며, 따로 신청하실 필요가 없습니다. 결제 수단에 표시되기까지 며칠 걸릴 수 있습니다.",
    ],
  }),
  en: ({ nickname, title, when, seats, refunded, link }) => ({
    subject: `Cancelled by the organiser: ${title}`,
    paragraphs: [
      `Hello ${nickname}, the organiser has cancelled what you booked. We are sorry.`,
      title,
      `${when}\n${seats}`,
      `Refund: ${refunded}`,
    ],
    action: { label: "Show the order", url: link },
    remarks: [
      "All of it goes back without a fee, and you need not ask for it. It can take a few days until your bank shows it.",
    ],
  }),
};

export const seatsCancelled: Template<"seats-cancelled"> = {
  ko: ({ nickname, title, when, hall, gone, kept, refunded, link }) => ({
    subject: `주최 측에서 좌석을 취소했습니다: ${title}`,
    paragraphs: [
      `${nickname}님, 예매하신 좌석 가운데 일부를 주최 측에서 취소했습니다. 불편을 드려 죄송합니다.`,
      title,
      `${when}\n${hall}`,
      `취소된 좌석: ${gone}\n환불 금액: ${refunded}`,
      ...(kept === "" ? [] : [`그대로인 좌석: ${kept}`]),
    ],
    action: { label: "주문 보기", url: link },
    remarks: [
      "취소된 좌석은 수수료 없이 전액 환불되며, 따로 신청하실 필요가 없습니다. 결제 수단에 표시되기까지 며칠 걸릴 수 있습니다.",
      ...(kept === "" ? [] : ["그대로인 좌석의 티켓은 계속 쓸 수 있습니다."]),
    ],
  }),
  en: ({ nickname, title, when, hall, gone, kept, refunded, link }) => ({
    subject: `Seats cancelled by the organiser: ${title}`,
    paragraphs: [
      `Hello ${nickname}, the organiser has cancelled some of the seats you booked. We are sorry.`,
      title,
      `${when}\n${hall}`,
      `Cancelled: ${gone}\nRefund: ${refunded}`,
      ...(kept === "" ? [] : [`Still yours: ${kept}`]),
    ],
    action: { label: "Show the order", url: link },
    remarks: [
      "Their whole price goes back without a fee, and you need not ask for it. It can take a few days until your bank shows it.",
      ...(kept === "" ? [] : ["The tickets of the seats that are still yours stay valid."]),
    ],
  }),
};

export const seatsGivenBack: Template<"seats-given-back"> = {
  ko: ({ nickname, title, when, hall, gone, kept, refunded, fee, link }) => ({
    subject: `좌석 일부를 취소하셨습니다: ${title}`,
    paragraphs: [
      `${nickname}님, 예매하신 좌석 가운데 일부의 취소가 접수되었습니다.`,
      title,
      `${when}\n${hall}`,
      `취소하신 좌석: ${gone}\n환불 금액: ${refunded}\n취소 수수료: ${fee}`,
      ...(kept === "" ? [] : [`그대로인 좌석: ${kept}`]),
    ],
    action: { label: "주문 보기", url: link },
    remarks: [
      "환불이 결제 수단에 표시되기까지 며칠 걸릴 수 있습니다. 취소하신 좌석의 티켓은 더 이상 쓸 수 없습니다.",
      ...(kept === "" ? [] : ["그대로인 좌석의 티켓은 계속 쓸 수 있습니다."]),
    ],
  }),
  en: ({ nickname, title, when, hall, gone, kept, refunded, fee, link }) => ({
    subject: `You gave back some seats: ${title}`,
    paragraphs: [
      `Hello ${nickname}, you have given back some of the seats you booked.`,
      title,
      `${when}\n${hall}`,
      `Given back: ${gone}\nRefund: ${refunded}\nFee: ${fee}`,
      ...(kept === "" ? [] : [`Still yours: ${kept}`]),
    ],
    action: { label: "Show the order", url: link },
    remarks: [
      "It can take a few days until your bank shows the refund. The tickets of the seats you gave back are no longer valid.",
      ...(kept === "" ? [] : ["The tickets of the seats that are still yours stay valid."]),
    ],
  }),
};
