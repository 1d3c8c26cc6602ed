/** Korean texts of organisations, invitations and what admins decide. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "내 단체",
  none: "아직 속한 단체가 없습니다.",
  ask: "단체 등록 신청",
  askText: "공연을 판매하려면 단체가 필요합니다. 관리자가 확인하면 메일로 알려 드립니다.",
  name: "단체 이름",
  nameEmpty: "단체 이름을 입력해 주세요.",
  askSubmit: "신청하기",
  pending: "승인 대기",
  approved: "승인됨",
  rejected: "반려됨",
  suspended: "정지됨",
  pendingText: "관리자의 확인을 기다리고 있습니다.",
  owner: "소유자",
  editor: "편집자",
  door: "입장 담당",
  people: "함께하는 사람",
  part: "역할",
  partOf: params("{name}님의 역할"),
  partsText: "소유자는 사람을 관리하고, 편집자는 공연을 만들고 운영하며, 입장 담당은 공연장 입장을 확인합니다.",
  remove: "내보내기",
  removeNamed: params("{name}님 내보내기"),
  invite: "초대하기",
  inviteSubmit: "초대 메일 보내기",
  invited: params("{email} 주소로 초대 메일을 보냈습니다."),
  invitationTitle: "초대",
  invitationText: "초대를 받은 이메일 주소로 로그인했다면 바로 함께할 수 있습니다.",
  invitationSignIn: "초대를 받은 이메일 주소로 로그인해 주세요. 계정이 없다면 먼저 가입해 주세요.",
  accept: "초대 받아들이기",
  joined: params("이제 {name}의 구성원입니다."),
  adminTitle: "관리자",
  cases: "단체",
  noCases: "등록된 단체가 없습니다.",
  approvedDo: "승인",
  rejectedDo: "반려",
  suspendedDo: "정지",
  more: "더 보기",
  admins: "관리자 지정",
  adminsText: "관리자는 모든 공연과 단체를 볼 수 있습니다. 본인의 권한은 다른 관리자만 바꿀 수 있습니다.",
  addAdmin: "관리자로 지정",
  removeAdmin: "관리자에서 해제",
  adminAdded: "관리자로 지정했습니다.",
  adminRemoved: "관리자에서 해제했습니다.",
};

export type Key = keyof typeof korean;

export const organisationsText = messages("organisations", korean, () => import("../en/organisations.ts"));
