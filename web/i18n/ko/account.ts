/** Korean texts of one's account, and of the links that mails lead to. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  title: "내 계정",
  profile: "프로필",
  save: "저장",
  saved: "저장했습니다.",
  mailLanguage: "메일 언어",
  confirmed: "확인됨",
  unconfirmed: "확인 전",
  unconfirmedText: "일부 공연은 이메일 주소를 확인한 회원만 대기열에 설 수 있습니다.",
  sendVerification: "확인 메일 보내기",
  verificationSent: "메일을 보냈습니다. 메일에 있는 링크를 열어 주세요.",
  changePassword: "비밀번호 바꾸기",
  currentPassword: "현재 비밀번호",
  newPassword: "새 비밀번호",
  passwordChanged: "비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃되었습니다.",
  work: "공연 판매",
  workText: "공연을 판매하려면 단체를 등록하거나 초대를 받아 주세요.",
  toOrganisations: "내 단체",
  toAdmin: "관리자 화면",
  devices: "로그인한 기기",
  devicesText: "모든 기기에서 로그아웃하면 이 기기에서도 다시 로그인해야 합니다.",
  signOut: "로그아웃",
  signOutEverywhere: "모든 기기에서 로그아웃",
  leave: "회원 탈퇴",
  leaveOpen: "탈퇴하면 어떻게 되나요?",
  leaveText:
    "이메일, 닉네임, 비밀번호를 바로 지우며 되돌릴 수 없습니다. 대기 중인 순번은 사라집니다. 지난 주문은 누구의 것인지 알 수 없는 상태로만 장부에 남습니다.",
  leaveSubmit: "탈퇴하고 계정 지우기",
  leaveBlocked: "먼저 끝내야 할 일이 있습니다.",
  blockedTickets: params("아직 사용하지 않은 티켓 {n}장"),
  blockedOrders: params("끝나지 않은 주문 {n}건"),
  blockedRefunds: params("진행 중인 환불 {n}건"),
  blockedOrganisations: params("다른 소유자가 없는 단체 {n}곳"),
  toOrders: "주문 내역 보기",
  toAccount: "내 계정으로",
  verifyTitle: "이메일 확인",
  verified: "이메일 주소를 확인했습니다.",
  noLink: "메일에 있는 링크로 열어 주세요.",
  forgotTitle: "비밀번호 찾기",
  forgotText: "가입한 이메일 주소를 알려 주시면 새 비밀번호를 정할 수 있는 링크를 보내 드립니다.",
  forgotSend: "링크 받기",
  forgotAgain: "다시 보내기",
  forgotSent: params(
    "{email} 주소로 가입한 계정이 있다면 메일이 도착합니다. 30분 안에 링크를 열어 주세요. 오지 않으면 스팸함도 확인해 주세요.",
  ),
  resetTitle: "새 비밀번호",
  resetText: "새 비밀번호를 정하면 모든 기기에서 로그아웃됩니다.",
  resetSubmit: "비밀번호 정하기",
  resetDone: "새 비밀번호를 정했습니다. 다시 로그인해 주세요.",
  newLink: "새 링크 받기",
};

export type Key = keyof typeof korean;

export const accountText = messages("account", korean, () => import("../en/account.ts"));
