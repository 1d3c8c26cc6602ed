/** Korean texts of the rehearsal. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "리허설",
  lead: "이 공연의 복사본에서 가상의 관객으로 예매를 끝까지 해 봅니다. 실제 판매, 목록, 결제에는 아무것도 남지 않습니다.",
  badge: "리허설 · 실제 판매가 아닙니다",
  fans: "가상의 관객 수",
  fansHint: "1명에서 100,000명까지. 많을수록 오래 걸립니다.",
  fansError: "1에서 100,000 사이의 정수로 적어 주세요.",
  start: "리허설 시작",
  again: "다시 해 보기",
  running: params("{fans}명으로 진행하고 있습니다. {percent}%"),
  progress: "진행",
  cancel: "리허설 그만두기",
  cancelled: params("{fans}명으로 하던 리허설을 {percent}%에서 그만두었습니다. 결과는 없습니다."),
  interrupted: "리허설이 중간에 끊겼습니다. 다시 시작해 주세요.",
  notReady: "아직 빠진 항목이 있어 리허설을 할 수 없습니다. 편집의 마지막 단계에서 확인해 주세요.",
  toCheck: "빠진 항목 보기",
  result: params("{fans}명으로 해 본 결과"),
  soldOut: params("오픈 {time} 뒤에 매진되었습니다."),
  notSoldOut: params("{seats}석 가운데 {sold}석이 팔렸습니다."),
  waits: params(
    "들어온 사람의 절반은 {half} 안에, 열에 아홉은 {most} 안에 들어왔습니다. 가장 오래 기다린 사람은 {longest} 기다렸습니다.",
  ),
  admitted: params("{admitted}명이 들어와 {orders}건을 샀고, {left}명은 들어오지 못했습니다."),
  capacityKept: "동시 인원 한도를 한 번도 넘지 않았습니다.",
  capacityBroken: "동시 인원 한도를 넘었습니다.",
  rateKept: "1분 입장 한도를 한 번도 넘지 않았습니다.",
  rateBroken: "1분 입장 한도를 넘었습니다.",
  soldOnceKept: "두 번 팔린 좌석이 없습니다.",
  soldOnceBroken: "두 번 팔린 좌석이 있습니다.",
  refusals: "거절된 요청",
  noRefusals: "거절된 요청이 없습니다.",
  chartPeople: "대기하는 사람과 예매 중인 사람",
  chartSold: "판매 좌석",
  waiting: "대기",
  sessions: "예매 중",
  sold: "판매",
  seconds: params("{n}초"),
  minutes: params("{n}분"),
};

export type Key = keyof typeof korean;

export const rehearsalText = messages("rehearsal", korean, () => import("../en/rehearsal.ts"));
