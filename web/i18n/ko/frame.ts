/** Korean texts around every page. */
import { messages } from "../language.ts";

const korean = {
  skip: "본문으로 바로가기",
  brand: "TicketPing 홈",
  shows: "공연",
  orders: "주문 내역",
  account: "내 계정",
  organizer: "공연 관리",
  login: "로그인",
  logout: "로그아웃",
  menu: "주 메뉴",
  promise: "한 자리는 한 번만 팔립니다. 순서는 누구나 확인할 수 있습니다.",
  serverTime: "서버 시각",
  loading: "불러오는 중입니다…",
  again: "다시 시도",
  close: "닫기",
  lostTitle: "찾는 페이지가 없습니다",
  lostText: "주소가 바뀌었거나 지워진 페이지입니다.",
  home: "공연 목록으로",
};

export type Key = keyof typeof korean;

export const frameText = messages("frame", korean, () => import("../en/frame.ts"));
