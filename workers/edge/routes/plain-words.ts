/** What the waiting room without scripts says (plain-room.ts), and which of it somebody is told. */
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";

export const words = {
  ko: {
    title: "대기실",
    none: "아직 줄을 서지 않았습니다.",
    before: "아직 대기열이 열리기 전입니다.",
    queueOpens: (time: string) => `대기열은 ${time}에 열립니다.`,
    gathering: "접수되었습니다. 순번은 추첨으로 정해집니다.",
    opens: (time: string) => `예매는 ${time}에 시작합니다.`,
    next: "바로 다음 순서입니다.",
    waiting: (ahead: number) => `앞에 ${ahead.toLocaleString("ko")}명이 있습니다.`,
    passed: "자리를 비운 사이 순서가 지나갔습니다. 지금 알려 주시면 바로 다음 순서로 입장합니다.",
    admitted: "입장할 차례입니다!",
    within: (seconds: number) => `${seconds.toLocaleString("ko")}초 안에 입장해 주세요.`,
    entered: "입장하셨습니다. 좌석을 선택해 주세요.",
    book: (minutes: number) =>
      minutes < 1 ? "작업 시간이 1분도 남지 않았습니다." : `작업 시간이 ${minutes}분 남았습니다.`,
    ended: "입장 시간이 끝났습니다. 다시 줄을 설 수 있습니다.",
    paused: "판매가 잠시 멈췄습니다. 순번은 그대로 유지됩니다.",
    soldout: "매진되었습니다. 좌석이 다시 나오면 이 화면에서 알려 드립니다.",
    closed: "예매가 끝났습니다.",
    revoked: "주최 측이 이 공연의 입장을 취소했습니다. 이유는 주최 측에 문의해 주세요.",
    unlikely: "앞에 계신 분보다 남은 좌석이 적습니다. 순서가 오기 전에 매진될 수 있습니다.",
    number: (number: number) => `접수 번호 ${number.toLocaleString("ko")}`,
    left: "잔여 좌석",
    grade: (grade: string) => `${grade}석`,
    seatsLeft: (seats: number) => (seats === 0 ? "매진" : `${seats.toLocaleString("ko")}석`),
    soon: "예상 대기 시간: 1분 이내",
    wait: (from: number, to: number) => `예상 대기 시간: ${from === to ? `약 ${to}` : `${from}–${to}`}분`,
    join: "줄 서기",
    here: "여기 있어요",
    code: "선예매 코드",
    show: "코드 확인",
    verify: "인증하러 가기",
    enter: "입장하기",
    leave: "대기열 나가기",
    seats: "좌석 선택으로",
    again: (seconds: number) => `이 화면은 ${seconds}초마다 저절로 새로 고칩니다.`,
  },
  en: {
    title: "Waiting room",
    none: "You are not in the queue yet.",
    before: "The queue is not open yet.",
    queueOpens: (time: string) => `It opens on ${time}.`,
    gathering: "You have joined. A draw will decide the order.",
    opens: (time: string) => `Sales open on ${time}.`,
    next: "Nobody is ahead of you: you are next.",
    waiting: (ahead: number) =>
      ahead === 1 ? "One person is ahead of you." : `${ahead.toLocaleString("en")} people are ahead of you.`,
    passed: "Your turn came while you were away. Tell us that you are here, and you will be next.",
    admitted: "It is your turn!",
    within: (seconds: number) => `Enter within ${seconds.toLocaleString("en")} seconds.`,
    entered: "You have entered. Choose your seats.",
    book: (minutes: number) =>
      minutes < 1 ? "You have less than a minute left." : `You have ${minutes} minute${minutes === 1 ? "" : "s"} left.`,
    ended: "Your time is over. You can join the queue again.",
    paused: "Sales are paused. You keep your place.",
    soldout: "It is sold out. This page will say so if seats come back.",
    closed: "Sales have ended.",
    revoked: "The organiser has withdrawn your admission to this show. Please ask them why.",
    unlikely: "Fewer seats are left than people are ahead of you. They may be gone before your turn.",
    number: (number: number) => `Your number: ${number.toLocaleString("en")}`,
    left: "Seats left",
    grade: (grade: string) => grade,
    seatsLeft: (seats: number) => (seats === 0 ? "Sold out" : seats.toLocaleString("en")),
    soon: "Your wait: less than a minute",
    wait: (from: number, to: number) =>
      `Your wait: ${from === to ? `about ${to}` : `${from}–${to}`} minute${to === 1 ? "" : "s"}`,
    join: "Join the queue",
    here: "I am here",
    code: "Pre-sale code",
    show: "Use the code",
    verify: "Go and be verified",
    enter: "Enter",
    leave: "Leave the queue",
    seats: "Choose seats",
    again: (seconds: number) => `This page refreshes itself every ${seconds} seconds.`,
  },
} as const;

export type Words = (typeof words)["ko" | "en"];

/** What holds for everybody comes first, but for those who are in: they still have their time. */
export function sentenceOf({ state, revoked, ahead, status: { phase } }: QueueState, say: Words): string {
  if (revoked) return say.revoked;
  const inside = state === "admitted" || state === "entered";
  if (!inside && (phase === "paused" || phase === "soldout" || phase === "closed")) return say[phase];
  switch (state) {
    case "none":
      return phase === "scheduled" ? say.before : say.none;
    case "passed-over":
      return say.passed;
    case "admitted":
      return say.admitted;
    case "entered":
      return say.entered;
    case "ended":
      return say.ended;
    default:
      if (ahead === null || phase === "gathering" || phase === "sealed") return say.gathering;
      return ahead === 0 ? say.next : say.waiting(ahead);
  }
}

/** How long it will take, as a range of whole minutes; what is left of one's turn; null where neither is known. */
export function timeOf({ state, wait, until, serverTime }: QueueState, say: Words): string | null {
  const left = until === null ? null : Math.max(0, Math.floor((Date.parse(until) - Date.parse(serverTime)) / 1_000));
  if (left !== null && state === "admitted") return say.within(left);
  if (left !== null && state === "entered") return say.book(Math.floor(left / 60));
  if (wait === null || state !== "waiting") return null;
  const to = Math.ceil(wait.toSeconds / 60);
  return to <= 1 ? say.soon : say.wait(Math.max(1, Math.floor(wait.fromSeconds / 60)), to);
}
