/**
 * Every refusal leaves as an RFC 9457 problem document with a stable `code`; this file lists them all.
 * Details are vague on purpose where precision would help an attacker; the rich reason goes to the log.
 */
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { inLanguage } from "./field-messages.ts";
import { note } from "../metering.ts";
import { showingProblems } from "./showing-problems.ts";
import type { Refusal } from "../../durable-objects/performance/contract.ts";

interface ProblemKind {
  readonly status: ContentfulStatusCode;
  readonly ko: string;
  readonly en: string;
}

export const problems = {
  // what arrived
  "malformed-json": { status: 400, ko: "요청 본문이 올바른 JSON이 아닙니다.", en: "The body is not valid JSON." },
  "invalid-request": { status: 422, ko: "입력값을 확인해 주세요.", en: "Some fields are not valid." },
  "body-too-large": { status: 413, ko: "요청 본문은 64KB를 넘을 수 없습니다.", en: "The body may not exceed 64 KB." },
  "picture-unreadable": {
    status: 422,
    ko: "PNG, JPEG, WebP 그림 파일만 올릴 수 있습니다.",
    en: "This is not a PNG, JPEG or WebP picture.",
  },
  "picture-size": {
    status: 422,
    ko: "그림의 가로와 세로는 200픽셀에서 6,000픽셀 사이여야 합니다.",
    en: "A picture must be 200 to 6,000 pixels wide and high.",
  },
  "picture-too-large": {
    status: 413,
    ko: "그림 파일은 2MB를 넘을 수 없습니다.",
    en: "A picture may have at most 2 MB.",
  },
  "chart-too-large": { status: 413, ko: "도면은 8MB를 넘을 수 없습니다.", en: "A chart may not exceed 8 MB." },
  "unsupported-media-type": { status: 415, ko: "JSON만 받습니다.", en: "Only JSON is accepted." },
  "not-found": { status: 404, ko: "찾을 수 없습니다.", en: "Nothing is here." },
  "method-not-allowed": { status: 405, ko: "허용되지 않는 방식입니다.", en: "This method is not allowed here." },
  "idempotency-key-required": {
    status: 400,
    ko: "Idempotency-Key 헤더가 필요합니다.",
    en: "An Idempotency-Key header is required.",
  },
  "idempotency-key-reused": {
    status: 422,
    ko: "같은 Idempotency-Key로 다른 요청이 왔습니다.",
    en: "This Idempotency-Key was used for a different request.",
  },
  "websocket-required": { status: 426, ko: "WebSocket 연결이 필요합니다.", en: "A WebSocket upgrade is required." },
  "origin-not-allowed": { status: 403, ko: "허용되지 않은 출처입니다.", en: "This origin is not allowed." },
  "rate-limited": {
    status: 429,
    ko: "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
    en: "Too many requests; try again in a moment.",
  },
  // who is asking
  "token-missing": { status: 401, ko: "로그인이 필요합니다.", en: "Please sign in." },
  "token-expired": { status: 401, ko: "로그인이 만료되었습니다.", en: "The sign-in has expired." },
  "token-invalid": { status: 401, ko: "로그인 정보가 올바르지 않습니다.", en: "The token is not valid." },
  "signed-out": {
    status: 401,
    ko: "로그아웃되었습니다. 다시 로그인해 주세요.",
    en: "You were signed out; please sign in again.",
  },
  "sign-in-failed": {
    status: 401,
    ko: "이메일 또는 비밀번호가 맞지 않습니다.",
    en: "E-mail or password is not right.",
  },
  "refresh-invalid": { status: 401, ko: "다시 로그인해 주세요.", en: "Please sign in again." },
  "email-taken": { status: 409, ko: "이미 사용 중인 이메일입니다.", en: "This e-mail address is in use." },
  "email-not-verified": {
    status: 403,
    ko: "먼저 이메일 주소를 확인해 주세요.",
    en: "Please confirm your e-mail address first.",
  },
  "password-wrong": { status: 403, ko: "현재 비밀번호가 맞지 않습니다.", en: "The current password is not right." },
  "link-invalid": {
    status: 410,
    ko: "이미 사용되었거나 만료된 링크입니다. 새로 요청해 주세요.",
    en: "This link was used already or has expired; please ask for a new one.",
  },
  "mail-unavailable": {
    status: 503,
    ko: "지금은 메일을 보낼 수 없습니다. 잠시 후 다시 시도해 주세요.",
    en: "Mail cannot be sent right now; please try again later.",
  },
  "withdrawal-blocked": {
    status: 409,
    ko: "사용하지 않은 티켓이나 끝나지 않은 주문이 있어 탈퇴할 수 없습니다.",
    en: "There are tickets still to be used, or orders not yet finished; please cancel them or wait for them first.",
  },
  "organisation-not-approved": {
    status: 409,
    ko: "아직 승인되지 않은 단체입니다.",
    en: "This organisation has not been approved.",
  },
  "last-owner": {
    status: 409,
    ko: "단체에는 소유자가 한 명 이상 있어야 합니다.",
    en: "An organisation needs at least one owner.",
  },
  "invitation-for-another": {
    status: 403,
    ko: "다른 이메일 주소로 보낸 초대입니다. 그 주소로 로그인해 주세요.",
    en: "This invitation is for another e-mail address; please sign in with that one.",
  },
  "role-required": { status: 403, ko: "권한이 없습니다.", en: "You may not do this." },
  // may they pass
  "challenge-required": {
    status: 403,
    ko: "사람인지 먼저 확인해 주세요.",
    en: "Please show first that a person is asking.",
  },
  "challenge-failed": {
    status: 403,
    ko: "사람인지 확인하지 못했습니다. 다시 시도해 주세요.",
    en: "The check that a person is asking has failed; please try it again.",
  },
  "challenge-unavailable": {
    status: 503,
    ko: "지금은 사람인지 확인할 수 없습니다. 잠시 후 다시 시도해 주세요.",
    en: "The check that a person is asking is not available; try again in a moment.",
  },
  "pass-missing": { status: 403, ko: "입장 패스가 필요합니다.", en: "A booking pass is required." },
  "pass-expired": { status: 403, ko: "입장 시간이 끝났습니다.", en: "The booking pass has expired." },
  "pass-invalid": { status: 403, ko: "입장 패스가 올바르지 않습니다.", en: "The booking pass is not valid here." },
  // the waiting room
  "not-published": { status: 409, ko: "아직 공개되지 않은 공연입니다.", en: "This performance is not published." },
  "not-open-yet": { status: 409, ko: "아직 열리지 않았습니다.", en: "It is not open yet." },
  "performance-paused": { status: 409, ko: "판매가 잠시 멈췄습니다.", en: "Sales are paused." },
  "performance-closed": { status: 409, ko: "판매가 끝났습니다.", en: "Sales have ended." },
  "sold-out": { status: 409, ko: "매진되었습니다.", en: "It is sold out." },
  "queue-limit-reached": {
    status: 409,
    ko: "잔여 좌석에 비해 대기 인원이 너무 많습니다.",
    en: "Too many people are waiting for the seats left.",
  },
  "unknown-lane": { status: 404, ko: "그런 줄이 없습니다.", en: "There is no such lane." },
  "rejoined-too-soon": {
    status: 429,
    ko: "조금 전에 새 접수 번호를 받았습니다. 잠시 후 다시 줄을 설 수 있습니다.",
    en: "You were given a new number a moment ago. You can queue again shortly.",
  },
  ...showingProblems,
  "not-in-queue": { status: 404, ko: "대기열에 있지 않습니다.", en: "You are not in the queue." },
  "not-admitted-yet": { status: 409, ko: "아직 입장 순서가 아닙니다.", en: "It is not your turn yet." },
  "session-ended": { status: 403, ko: "입장 시간이 끝났습니다.", en: "Your booking session has ended." },
  "member-revoked": {
    status: 403,
    ko: "이 공연의 입장이 취소되었습니다.",
    en: "Your admission to this performance was revoked.",
  },
  // seats
  "unknown-schedule": { status: 404, ko: "회차를 찾을 수 없습니다.", en: "There is no such schedule." },
  "unknown-seat": { status: 404, ko: "좌석을 찾을 수 없습니다.", en: "There is no such seat." },
  "no-seats": { status: 422, ko: "좌석을 선택해 주세요.", en: "No seat was named." },
  "duplicate-seat": { status: 422, ko: "같은 좌석이 두 번 선택되었습니다.", en: "A seat was named twice." },
  "seats-taken": {
    status: 409,
    ko: "다른 분이 먼저 선택한 좌석이 있습니다.",
    en: "Somebody else was faster for some of these seats.",
  },
  "seat-limit-reached": {
    status: 409,
    ko: "1인당 구매 가능한 좌석 수를 넘었습니다.",
    en: "This is more than the number of seats one person may have.",
  },
  "seats-blocked": { status: 409, ko: "판매하지 않는 좌석이 있습니다.", en: "Some of these seats are not for sale." },
  "seats-accessible-only": {
    status: 409,
    ko: "휠체어 이용자를 위한 좌석이 있습니다.",
    en: "Some of these seats are kept for people with wheelchairs.",
  },
  "single-seat-left": {
    status: 409,
    ko: "한 자리만 남게 됩니다. 옆 자리까지 이어서 선택해 주세요.",
    en: "This would leave a single seat; please move one seat over.",
  },
  "zone-full": {
    status: 409,
    ko: "이 구역에는 남은 자리가 모자랍니다.",
    en: "There is not enough room left in this zone.",
  },
  "unknown-grade": { status: 404, ko: "없는 등급입니다.", en: "There is no such grade." },
  "not-together": {
    status: 409,
    ko: "조건에 맞는 나란한 좌석이 없습니다.",
    en: "There are not so many seats together.",
  },
  "code-not-valid": { status: 409, ko: "사용할 수 없는 코드입니다.", en: "This code opens no seats here." },
  "block-not-found": { status: 404, ko: "블록을 찾을 수 없습니다.", en: "There is no such block." },
  "chart-touches-seats": {
    status: 409,
    ko: "이미 잡혔거나 팔렸거나 막힌 좌석, 주문된 적이 있는 좌석은 도면에서 바꿀 수 없습니다.",
    en: "A seat that is taken or blocked, or that was ever part of an order, cannot change with the chart.",
  },
  "hold-not-found": { status: 404, ko: "선점을 찾을 수 없습니다.", en: "There is no such hold." },
  "hold-expired": { status: 409, ko: "좌석 선점 시간이 끝났습니다.", en: "The hold has expired." },
  // orders and money
  "order-not-found": { status: 404, ko: "주문을 찾을 수 없습니다.", en: "There is no such order." },
  "order-expired": {
    status: 409,
    ko: "결제 시간이 지났습니다. 결제되지 않았습니다.",
    en: "The time to pay has passed. You have not been charged.",
  },
  "order-not-payable": { status: 409, ko: "결제할 수 없는 주문입니다.", en: "This order cannot be paid." },
  "order-already-paid": { status: 409, ko: "이미 결제된 주문입니다.", en: "This order is paid already." },
  "order-not-cancellable": { status: 409, ko: "취소할 수 없는 주문입니다.", en: "This order cannot be cancelled." },
  "cancellation-closed": {
    status: 409,
    ko: "취소할 수 있는 기간이 지났습니다.",
    en: "It is too late to cancel this order.",
  },
  "fee-changed": {
    status: 409,
    ko: "취소 수수료가 바뀌었습니다. 다시 확인해 주세요.",
    en: "The cancellation fee has changed. Please look at it again.",
  },
  "schedule-cancelled": { status: 409, ko: "취소된 회차입니다.", en: "This date has been cancelled." },
  "payment-in-progress": { status: 409, ko: "결제를 확인하는 중입니다.", en: "A payment is being confirmed." },
  "payment-not-begun": { status: 409, ko: "시작되지 않은 결제입니다.", en: "This payment was not begun." },
  "deposit-too-late": { status: 409, ko: "입금할 시간이 모자랍니다.", en: "No time is left for a transfer." },
  "refund-account-required": { status: 422, ko: "환불 계좌가 필요합니다.", en: "A bank account is needed." },
  "refund-account-not-needed": { status: 409, ko: "환불 계좌가 필요 없습니다.", en: "No account is needed." },
  "payment-declined": { status: 402, ko: "결제가 거절되었습니다.", en: "The payment was declined." },
  "amount-mismatch": {
    status: 422,
    ko: "결제 금액이 주문 금액과 다릅니다. 결제되지 않았습니다.",
    en: "The amount is not the order's. You have not been charged.",
  },
  "attempt-superseded": { status: 409, ko: "더 새로운 결제 시도가 있습니다.", en: "A newer attempt to pay exists." },
  "provider-not-enabled": {
    status: 404,
    ko: "지원하지 않는 결제 수단입니다.",
    en: "This payment provider is not enabled.",
  },
  "provider-unavailable": {
    status: 503,
    ko: "결제 서비스가 응답하지 않습니다. 결제되지 않았습니다. 잠시 후 다시 시도해 주세요.",
    en: "The payment provider does not answer. You have not been charged; try again in a moment.",
  },
  "payments-misconfigured": {
    status: 503,
    ko: "결제 설정에 문제가 있습니다. 결제되지 않았습니다.",
    en: "Payments are not set up correctly. You have not been charged.",
  },
  "notification-unreadable": { status: 400, ko: "알 수 없는 알림입니다.", en: "This notification cannot be read." },
  "notification-not-verified": {
    status: 401,
    ko: "알림의 서명을 확인할 수 없습니다.",
    en: "The notification's signature could not be verified.",
  },
  // tickets and doors
  "ticket-not-found": { status: 404, ko: "티켓을 찾을 수 없습니다.", en: "There is no such ticket." },
  "ticket-cancelled": { status: 409, ko: "취소된 티켓입니다.", en: "This ticket has been cancelled." },
  "ticket-used": {
    status: 409,
    ko: "이미 입장에 사용한 티켓이라 다시 발급할 수 없습니다.",
    en: "This ticket has been used at the door and cannot be issued again.",
  },
  "ticket-reissued": {
    status: 409,
    ko: "더 새로 발급된 티켓이 있습니다. 새로고침해 주세요.",
    en: "A newer version of this ticket exists. Please reload.",
  },
  // organisers
  "settings-invalid": { status: 422, ko: "설정값을 확인해 주세요.", en: "Some settings are not valid." },
  "published-differently": {
    status: 409,
    ko: "이미 다르게 공개되었습니다.",
    en: "It is published already, in another form.",
  },
  "draft-changed": {
    status: 409,
    ko: "다른 사람이 그 사이에 이 공연을 고쳤습니다.",
    en: "Somebody else has changed this performance meanwhile.",
  },
  "not-ready-to-publish": {
    status: 409,
    ko: "공개하기 전에 빠진 항목이 있습니다.",
    en: "Something is missing before this can be published.",
  },
  "webhook-address-refused": {
    status: 422,
    ko: "웹훅 주소는 공개된 https 주소여야 합니다.",
    en: "A webhook must lead to a public https address.",
  },
  "too-many-webhooks": {
    status: 409,
    ko: "웹훅은 10개까지 등록할 수 있습니다.",
    en: "There can be ten webhooks at most.",
  },
  "object-alive": { status: 409, ko: "판매 객체가 살아 있습니다.", en: "The object of this sale decides." },
  "not-emptiable": { status: 409, ko: "아직 비울 수 없습니다.", en: "Something of this sale can still change." },
  "rebuild-impossible": { status: 409, ko: "다시 만들 수 없습니다.", en: "The records do not have what it takes." },
  "not-rebuilding": { status: 409, ko: "복구가 시작되지 않았습니다.", en: "No rebuild has begun." },
  "restore-unavailable": { status: 409, ko: "되돌릴 수 없습니다.", en: "The storage cannot be taken back to then." },
  // a site behind the waiting room
  "origin-unavailable": {
    status: 502,
    ko: "사이트가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.",
    en: "The site does not answer; try again in a moment.",
  },
  "upload-too-large": { status: 413, ko: "사이트가 받는 크기보다 큽니다.", en: "More than this site takes." },
  // us
  overloaded: {
    status: 503,
    ko: "지금은 요청이 많습니다. 잠시 후 다시 시도해 주세요.",
    en: "We are very busy; try again in a moment.",
  },
  "no-answer-in-time": {
    status: 504,
    ko: "제때 응답을 받지 못했습니다. 같은 요청을 다시 보내 주세요. 두 번 처리되지 않습니다.",
    en: "There was no answer in time; send the same request again, nothing will be done twice.",
  },
  "records-unavailable": {
    status: 503,
    ko: "기록 저장소에 연결할 수 없습니다. 잠시 후 다시 시도해 주세요.",
    en: "The records cannot be reached; try again in a moment.",
  },
  misconfigured: {
    status: 503,
    ko: "설정이 잘못되어 서비스를 시작할 수 없습니다.",
    en: "The service does not start: settings of a laptop are in production.",
  },
  "internal-error": {
    status: 500,
    ko: "문제가 생겼습니다. 다시 시도해 주세요.",
    en: "Something went wrong; please try again.",
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

export interface ProblemExtras {
  /** Every invalid field at once. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  /** For whoever asks about it afterwards. */
  readonly requestId?: string;
}

/** The request's language: Korean unless English is preferred. */
export function languageOf(header: string | undefined): "ko" | "en" {
  const first = (header ?? "").split(",")[0]?.trim().toLowerCase() ?? "";
  return first.startsWith("en") ? "en" : "ko";
}

export function problemDocument(code: ProblemCode, language: "ko" | "en", extras: ProblemExtras = {}): Response {
  const kind: ProblemKind = problems[code];
  note(`edge_problems|${code}`);
  const headers = new Headers({
    "content-type": "application/problem+json; charset=utf-8",
    "cache-control": "no-store",
  });
  if (extras.retryAfterSeconds !== undefined) headers.set("retry-after", String(extras.retryAfterSeconds));
  const body = {
    type: `/problems/${code}`,
    title: kind[language],
    status: kind.status,
    code,
    ...(extras.errors === undefined
      ? {}
      : { errors: extras.errors.map(({ field, message }) => ({ field, message: inLanguage(message, language) })) }),
    ...(extras.evidence === undefined ? {} : { evidence: extras.evidence }),
    ...(extras.requestId === undefined ? {} : { requestId: extras.requestId }),
  };
  return new Response(JSON.stringify(body), { status: kind.status, headers });
}

/** Ends the request with a problem; usable from any depth of a route. */
export class Problem extends HTTPException {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;
  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(problems[code].status, { message: code });
    this.code = code;
    this.extras = extras;
  }
}

/** The one switch from an object's refusal to HTTP: refusal codes are problem codes, but for two of the object's own words. */
export function problemOfRefusal(refusal: Refusal): Problem {
  const own = { "key-reused": "idempotency-key-reused", "stale-batch": "overloaded" } as const;
  const code: ProblemCode =
    refusal.code === "key-reused" || refusal.code === "stale-batch" ? own[refusal.code] : refusal.code;
  const { evidence } = refusal;
  if (evidence === undefined) return new Problem(code);
  const after = evidence["retryAfterSeconds"];
  return new Problem(code, { evidence, ...(typeof after === "number" ? { retryAfterSeconds: after } : {}) });
}
