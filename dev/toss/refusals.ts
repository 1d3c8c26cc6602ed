/**
 * Errors as the API words them: {code, message, data: null} with the status that belongs to the code.
 * Codes and statuses follow Toss Payments' list of errors for confirm and cancel (API version 2022-11-16).
 */
const known = {
  INVALID_REQUEST: [400, "잘못된 요청입니다."],
  INVALID_REFUND_ACCOUNT_NUMBER: [400, "잘못된 환불 계좌번호입니다."],
  INVALID_BANK: [400, "유효하지 않은 은행입니다."],
  INVALID_IDEMPOTENCY_KEY: [400, "멱등키는 300자 이하여야 합니다."],
  ALREADY_PROCESSED_PAYMENT: [400, "이미 처리된 결제 입니다."],
  ALREADY_CANCELED_PAYMENT: [400, "이미 취소된 결제 입니다."],
  DUPLICATED_ORDER_ID: [400, "이미 승인 및 취소가 진행된 중복된 주문번호 입니다. 다른 주문번호로 진행해주세요."],
  NOT_SUPPORTED_METHOD: [400, "지원하지 않는 결제 수단입니다."],
  PROVIDER_ERROR: [400, "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요."],
  UNAUTHORIZED_KEY: [401, "인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다."],
  REJECT_CARD_PAYMENT: [403, "한도초과 혹은 잔액부족으로 결제에 실패했습니다."],
  REJECT_CARD_COMPANY: [403, "결제 승인이 거절되었습니다."],
  NOT_CANCELABLE_PAYMENT: [403, "취소 할 수 없는 결제 입니다."],
  NOT_CANCELABLE_AMOUNT: [403, "취소 할 수 없는 금액 입니다."],
  FORBIDDEN_CONSECUTIVE_REQUEST: [403, "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요."],
  NOT_FOUND: [404, "존재하지 않는 정보 입니다."],
  NOT_FOUND_PAYMENT: [404, "존재하지 않는 결제 정보 입니다."],
  NOT_FOUND_PAYMENT_SESSION: [404, "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다."],
  IDEMPOTENT_REQUEST_PROCESSING: [409, "이전 멱등 요청이 처리중입니다."],
  FAILED_INTERNAL_SYSTEM_PROCESSING: [500, "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요."],
  FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING: [500, "결제가 완료되지 않았어요. 다시 시도해주세요."],
  UNKNOWN_PAYMENT_ERROR: [500, "결제에 실패했어요. 같은 문제가 반복된다면 은행이나 카드사로 문의해주세요."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof known;

/** Thrown by the books; becomes the answer of the one request that caused it. */
export class TossRefusal extends Error {
  override readonly name = "TossRefusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message?: string) {
    super(message ?? known[code][1]);
    this.code = code;
  }
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** It goes on and on after its end. */
  readonly oversized?: true;
}

export function refusalAnswer(code: string, message?: string): Answer {
  const entry = Object.hasOwn(known, code) ? known[code as RefusalCode] : null;
  const body = { code, message: message ?? entry?.[1] ?? "테스트 코드로 만든 에러입니다.", data: null };
  return { status: entry?.[0] ?? 400, body };
}
