/** The Payment object of API version 2022-11-16, made from what the books keep. */

export type PaymentStatus =
  "READY" | "IN_PROGRESS" | "WAITING_FOR_DEPOSIT" | "DONE" | "CANCELED" | "PARTIAL_CANCELED" | "ABORTED" | "EXPIRED";

/** How a buyer pays in the sandbox, and what the API calls it. */
export const methodNames = {
  CARD: "카드",
  VIRTUAL_ACCOUNT: "가상계좌",
  TRANSFER: "계좌이체",
  MOBILE_PHONE: "휴대폰",
} as const;
export type Method = keyof typeof methodNames;

/** What a buyer transfers to. */
export interface AccountRecord {
  readonly number: string;
  readonly bank: string;
  readonly dueAt: number;
  /** In every notification about a deposit. */
  readonly secret: string;
}

export interface PaymentRecord {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly orderName: string;
  readonly method: Method;
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly requestedAt: number;
  readonly approvedAt: number | null;
  readonly lastTransactionKey: string | null;
  /** Of a virtual account, once it is open. */
  readonly account: AccountRecord | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly cancels: readonly CancelRecord[];
}

export interface CancelRecord {
  readonly transactionKey: string;
  readonly amount: number;
  readonly reason: string;
  readonly canceledAt: number;
  /** What could still be given back after this cancel. */
  readonly refundable: number;
}

export function balanceOf(payment: PaymentRecord): number {
  return payment.cancels.reduce((balance, cancel) => balance - cancel.amount, payment.amount);
}

export function describePayment(payment: PaymentRecord, origin: string): Record<string, unknown> {
  const balance = balanceOf(payment);
  const vat = Math.round(balance / 11);
  const approved = payment.approvedAt !== null;
  return {
    mId: "ticketping-sandbox",
    version: "2022-11-16",
    paymentKey: payment.paymentKey,
    type: "NORMAL",
    orderId: payment.orderId,
    orderName: payment.orderName,
    currency: "KRW",
    country: "KR",
    method: methodNames[payment.method],
    totalAmount: payment.amount,
    balanceAmount: balance,
    suppliedAmount: balance - vat,
    vat,
    taxFreeAmount: 0,
    taxExemptionAmount: 0,
    status: payment.status,
    requestedAt: koreanTime(payment.requestedAt),
    approvedAt: payment.approvedAt === null ? null : koreanTime(payment.approvedAt),
    lastTransactionKey: payment.lastTransactionKey,
    useEscrow: false,
    cultureExpense: false,
    isPartialCancelable: true,
    cancels: payment.cancels.length === 0 ? null : payment.cancels.map(describeCancel),
    card: payment.method === "CARD" ? describeCard(payment) : null,
    transfer: payment.method === "TRANSFER" ? { bankCode: "92", settlementStatus: "INCOMPLETED" } : null,
    mobilePhone:
      payment.method === "MOBILE_PHONE" ? { customerMobilePhone: null, settlementStatus: "INCOMPLETED" } : null,
    virtualAccount: payment.account === null ? null : describeAccount(payment, payment.account),
    giftCertificate: null,
    easyPay: null,
    discount: null,
    cashReceipt: null,
    cashReceipts: null,
    metadata: null,
    secret: payment.account?.secret ?? null,
    failure: payment.failure,
    receipt: approved ? { url: `${origin}/receipt/${payment.paymentKey}` } : null,
    checkout: { url: `${origin}/checkout` },
  };
}

function describeAccount(payment: PaymentRecord, { number, bank, dueAt }: AccountRecord): Record<string, unknown> {
  return {
    accountType: "일반",
    accountNumber: number,
    bankCode: bank,
    customerName: payment.orderName.slice(0, 20),
    dueDate: koreanTime(dueAt),
    expired: payment.status === "EXPIRED",
    settlementStatus: "INCOMPLETED",
    refundStatus: payment.cancels.length > 0 && payment.approvedAt !== null ? "COMPLETED" : "NONE",
    refundReceiveAccount: null,
    depositorName: null,
  };
}

/** The API writes times as Korean local time with its offset. */
function koreanTime(time: number): string {
  return new Date(time + 9 * 3_600_000).toISOString().replace(/\.\d{3}Z$/, "+09:00");
}

function describeCancel(cancel: CancelRecord): Record<string, unknown> {
  return {
    cancelAmount: cancel.amount,
    cancelReason: cancel.reason,
    taxFreeAmount: 0,
    taxExemptionAmount: 0,
    refundableAmount: cancel.refundable,
    transferDiscountAmount: 0,
    easyPayDiscountAmount: 0,
    canceledAt: koreanTime(cancel.canceledAt),
    transactionKey: cancel.transactionKey,
    receiptKey: null,
    cancelStatus: "DONE",
    cancelRequestId: null,
  };
}

function describeCard(payment: PaymentRecord): Record<string, unknown> {
  return {
    amount: payment.amount,
    issuerCode: "61",
    acquirerCode: "31",
    number: "43301234****123*",
    installmentPlanMonths: 0,
    approveNo: payment.approvedAt === null ? null : "00000000",
    useCardPoint: false,
    cardType: "신용",
    ownerType: "개인",
    acquireStatus: "READY",
    isInterestFree: false,
    interestPayer: null,
  };
}
