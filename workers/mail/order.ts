/** Mails about an order: its facts in words, in the venue's time and the reader's language. */
import type { MailKinds } from "./kinds.ts";

export interface OrderFacts {
  readonly id: string;
  readonly orderNumber: string;
  readonly title: string;
  readonly startsAt: number;
  readonly hallName: string;
  readonly timeZone: string;
  readonly seats: readonly { readonly section: string; readonly row: string; readonly label: string }[];
  readonly amount: number;
  readonly currency: string;
  readonly payBy: number;
  readonly refunds: readonly { readonly amount: number; readonly status: string }[];
  readonly cancellations: readonly { readonly fee: number }[];
  readonly attempts: readonly { readonly deposit: DepositFacts | null }[];
}

interface DepositFacts {
  readonly dueAt: number;
  readonly account: {
    readonly bank: { readonly ko: string; readonly en: string };
    readonly number: string;
    readonly holder: string | null;
  } | null;
}

type OrderKind =
  "order-confirmed" | "order-cancelled" | "deposit-due" | "deposit-undone" | "deposit-lost" | "refund-account";

export function orderMail(
  kind: OrderKind,
  order: OrderFacts,
  { nickname, language }: { readonly nickname: string; readonly language: "ko" | "en" },
  origin: string,
): { readonly kind: OrderKind; readonly values: MailKinds[OrderKind] } {
  const when = (at: number): string => whenWords(at, order.timeZone, language);
  const money = (amount: number): string => moneyWords(amount, order.currency, language);
  const deposit = order.attempts.at(-1)?.deposit ?? null;
  const refunded = order.refunds.reduce((sum, { status, amount }) => (status === "void" ? sum : sum + amount), 0);
  const fee = order.cancellations.reduce((sum, one) => sum + one.fee, 0);
  const values = {
    orderNumber: order.orderNumber,
    nickname,
    title: order.title,
    when: when(order.startsAt),
    hall: order.hallName,
    seats: seatWords(order.seats, language),
    amount: money(order.amount),
    refunded: money(refunded),
    fee: fee === 0 ? "" : money(fee),
    until: when(deposit?.dueAt ?? order.payBy),
    account: accountWords(deposit, language),
    link: new URL(`/order?id=${encodeURIComponent(order.id)}`, origin).href,
  };
  return { kind, values };
}

/** The zone that people who read Korean expect where none is named. */
const KOREAN_TIME = "Asia/Seoul";

/** "2027년 1월 29일 금요일 오후 7:00", "Friday, January 29, 2027 at 7:00 PM GMT+9": who reads it may be anywhere. */
export function whenWords(at: number, timeZone: string, language: "ko" | "en"): string {
  const plain = language === "ko" && timeZone === KOREAN_TIME;
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    ...(plain ? {} : { timeZoneName: "short" }),
  }).format(at);
}

/** Places in words, as somebody looks for them in the hall. */
export function seatWords(seats: OrderFacts["seats"], language: "ko" | "en"): string {
  const words = seats.map(({ section, row, label }) =>
    language === "ko" ? `${section} ${row}열 ${label}번` : `${section} row ${row} seat ${label}`,
  );
  return words.join(", ");
}

/** Bank, number and whose account it is; nothing where there is none. */
function accountWords(deposit: DepositFacts | null, language: "ko" | "en"): string {
  if (deposit === null || deposit.account === null) return "";
  const { bank, number, holder } = deposit.account;
  return `${bank[language]} ${number}${holder === null ? "" : ` (${holder})`}`;
}

/** Amounts are in minor units: a currency without decimals (KRW) has none to move. */
export function moneyWords(amount: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}
