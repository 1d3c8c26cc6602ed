/** Korean texts of the catalogue. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "공연",
  lead: "예매 오픈 시각은 서버 시계를 기준으로 합니다.",
  empty: "지금 볼 수 있는 공연이 없습니다.",
  search: "공연이나 공연장 이름",
  find: "찾기",
  nothingFound: params("‘{words}’에 맞는 공연이 없습니다."),
  more: "더 보기",
  free: "무료",
  from: params("{price}부터"),
  opensIn: "오픈까지",
  gathersIn: "대기 접수까지",
  closesIn: "예매 마감까지",
  soon: "오픈 예정",
  gathering: "대기 접수 중",
  open: "예매 중",
  paused: "잠시 멈춤",
  soldout: "매진",
  closed: "예매 종료",
  opensAt: "예매 오픈",
  datesToCome: "일정 미정",
};

export type Key = keyof typeof korean;

export const catalogueText = messages("catalogue", korean, () => import("../en/catalogue.ts"));
