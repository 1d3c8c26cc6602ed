/** Korean texts of the organiser's list of performances, and what all of the console's pages say. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "공연 관리",
  lead: "공연을 만들고, 공개하고, 예매 당일을 지켜봅니다.",
  create: "새 공연 만들기",
  createTitle: "새 공연",
  createHint: "이름만 정하면 됩니다. 나머지는 다음 화면에서 채우고, 쓰는 대로 저장됩니다.",
  name: "공연 이름",
  nameError: "1자에서 120자까지 쓸 수 있습니다.",
  begin: "시작하기",
  cancel: "취소",
  empty: "아직 만든 공연이 없습니다.",
  more: "더 보기",
  draft: "작성 중",
  scheduled: "공개됨",
  gathering: "대기 접수 중",
  sealed: "접수 마감",
  open: "예매 중",
  paused: "멈춤",
  soldout: "매진",
  closed: "종료",
  unpublished: "작성 중",
  edited: params("{time}에 고침"),
  opensAt: params("예매 오픈 {time}"),
  edit: "편집",
  live: "예매 현황",
  page: "공연 페이지",
  notOrganiser: "공연을 관리할 수 있는 계정이 아닙니다.",
  missing: "어떤 공연인지 알 수 없는 주소입니다.",
  back: "공연 관리",
};

export type Key = keyof typeof korean;

export const organizerText = messages("organizer", korean, () => import("../en/organizer.ts"));
